"""ScoreCAM in bounded memory: exact, or stopped when the map has settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from saliscribe.errors import UsageError
from saliscribe.saliency.anytime import Settled, settle_scores
from saliscribe.saliency.fast_forward import Precision, fast_scores
from saliscribe.saliency.masks_of_channels import channel_masks, channel_patterns, distinct_patterns
from saliscribe.saliency.targets import Target


@dataclass(frozen=True)
class ScoreCamSettings:
    """``batch_size`` masked inputs are in memory at a time. ``correlation`` 1 runs every channel (exact);
    below 1,
    channels are run until the map's expected correlation with the exact one reaches it. ``precision`` is
    that of
    the masked forward passes. ``seed`` fixes which channels an anytime run takes.
    """

    batch_size: int = 8
    precision: Precision = "float32"
    correlation: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.batch_size < 1:
            raise UsageError(
                "ScoreCAM batch size is too small", expected="1 or more", got=str(self.batch_size)
            )
        if not 0.0 < self.correlation <= 1.0:
            raise UsageError(
                "ScoreCAM correlation is out of range",
                expected="above 0, at most 1",
                got=str(self.correlation),
            )
        if self.precision not in ("float32", "bfloat16"):
            raise UsageError("unknown precision", expected="float32 or bfloat16", got=repr(self.precision))


@dataclass(frozen=True)
class ScoreCam:
    """``heat`` (h, w) at the layer's resolution; ``scores`` and ``weights`` (C,); ``run`` of ``distinct``
    masks were
    passed through the network for ``channels`` channels; ``correlation`` as in ``Settled``; ``engine`` that
    scored.
    """

    heat: Tensor
    scores: Tensor
    weights: Tensor
    channels: int
    distinct: int
    run: int
    correlation: float
    engine: str


def scorecam(
    model: nn.Module,
    target: Target,
    one_input: Tensor,
    activation: Tensor,
    settings: ScoreCamSettings | None = None,
    *,
    method: str = "forward",
) -> ScoreCam:
    """ScoreCAM (Wang 2020): ``ReLU(sum_k softmax(s)_k A_k)`` with ``s_k = target(model(input * M_k))``.

    ``one_input`` (1, ...) and ``activation`` (C, h, w) of the explained layer for it; ``M_k`` from
    ``channel_masks``. The
    paper's baseline ``f(X_b)`` is the same for all channels and cancels in the softmax. Channels with the
    same
    mask (dead ones share the empty mask) are run once. ``model`` comes back untouched. Raises
    UsageError if the target does not give one scalar per sample.
    """
    settings = settings or ScoreCamSettings()
    patterns = channel_patterns(activation)
    first, group = distinct_patterns(patterns)
    chosen = activation.detach()[first.to(activation.device)]
    evaluate, engine = _evaluator(model, target, one_input.detach(), chosen, settings, method)
    counts = torch.bincount(group, minlength=len(first))
    if settings.correlation >= 1.0:
        settled = Settled(
            evaluate(torch.arange(len(first))).double().cpu(), torch.ones(len(first), dtype=torch.bool), 1.0
        )
    else:
        summed = torch.zeros(len(first), *activation.shape[1:], dtype=torch.float64)
        summed.index_add_(0, group, activation.detach().double().cpu())
        settled = settle_scores(
            evaluate, patterns[first], summed, counts,
            correlation=settings.correlation, batch_size=settings.batch_size, seed=settings.seed,
        )  # fmt: skip
    scores = settled.scores[group]
    weights = torch.softmax(scores, dim=0)
    heat = torch.tensordot(weights, activation.detach().double().cpu(), dims=1).relu().float()
    run = int(settled.run.sum())
    return ScoreCam(
        heat, scores.float(), weights.float(), len(activation), len(first), run, settled.correlation, engine
    )


def _evaluator(
    model: nn.Module,
    target: Target,
    one_input: Tensor,
    channels: Tensor,
    settings: ScoreCamSettings,
    method: str,
) -> tuple[Callable[[Tensor], Tensor], str]:
    """Scores of the channels at given indices, at most ``batch_size`` masked inputs in memory."""
    size = (int(one_input.shape[-2]), int(one_input.shape[-1]))
    batch_size = settings.batch_size

    def masked(indices: Tensor) -> Tensor:
        return one_input * channel_masks(channels[indices.to(channels.device)], size)[:, None]

    def full(indices: Tensor) -> Tensor:
        """Padded to a whole batch: a traced network wants one shape."""
        return torch.cat([indices, indices[-1:].expand(batch_size - len(indices))])

    everything = torch.arange(len(channels))
    example = masked(full(everything[:batch_size]))
    scores, engine = fast_scores(model, target, example, method=method, precision=settings.precision)

    def evaluate(indices: Tensor) -> Tensor:
        parts = [scores(masked(full(part)))[: len(part)] for part in indices.split(batch_size)]
        return torch.cat(parts)

    return evaluate, engine
