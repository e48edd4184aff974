"""ScoreCAM that stops when its map has settled: run the channels that matter, predict the others, state the
error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from saliscribe.saliency.surrogate import ScoreModel, fit_scores

_DRAWS = 64
_QUANTILE = 0.05
#: Rounds of channels predicted before they are run, before the stated error is believed.
_MIN_ROUNDS = 3


@dataclass(frozen=True)
class Settled:
    """Scores of all channels, run or predicted. ``run`` (C,) marks which were run.

    ``correlation`` is the 5 % quantile, over posterior draws of the scores that were not run, of the
    correlation between the map so drawn and the map reported; 1 when every channel was run.
    """

    scores: Tensor
    run: Tensor
    correlation: float


def settle_scores(
    evaluate: Callable[[Tensor], Tensor],
    patterns: Tensor,
    channels: Tensor,
    counts: Tensor,
    *,
    correlation: float,
    batch_size: int,
    seed: int = 0,
) -> Settled:
    """Evaluate channels in batches until the ScoreCAM map is expected to lie within ``correlation`` of the
    exact one.

    ``evaluate`` gives true scores for channel indices; ``patterns`` (C, d) are their mask patterns,
    ``channels``
    (C, h, w) the feature maps summed over equal patterns, ``counts`` (C,) how many channels share each. Each
    batch holds channels
    whose uncertainty moves the map most and, for an honest measure of the surrogate, as many taken at random:
    the random ones are predicted before they are run, and their errors scale the stated uncertainty.
    """
    generator = torch.Generator().manual_seed(seed)
    maps = _Maps(channels.detach().flatten(1).double().cpu(), counts.double())
    scores = torch.zeros(len(patterns), dtype=torch.float64)
    run = torch.zeros(len(patterns), dtype=torch.bool)
    unit = _typical_distance(patterns, generator)
    chosen, blind = torch.randperm(len(patterns), generator=generator)[: 2 * batch_size], 0
    model: ScoreModel | None = None
    errors: list[Tensor] = []
    while True:
        scores[chosen] = evaluate(chosen).double().cpu()
        run[chosen] = True
        if bool(run.all()):
            return Settled(scores, run, 1.0)
        if model is not None and blind:
            errors.append(model.standardised_errors(chosen[-blind:], scores[chosen[-blind:]]))
        known = run.nonzero()[:, 0]
        model = fit_scores(patterns, known, scores[known], unit, model)
        inflation = _inflation(errors)
        filled = torch.where(run, scores, model.mean + inflation * model.variance / 2)
        if len(errors) >= _MIN_ROUNDS and len(errors) % 2:
            expected = _expected_correlation(model, maps, filled, run, inflation, generator)
            if expected >= correlation:
                return Settled(filled, run, expected)
        chosen, blind = _next_batch(model, maps, filled, run, batch_size, generator)


@dataclass(frozen=True)
class _Maps:
    """Flattened feature maps (P, h*w) and how many channels share each pattern (P,)."""

    flat: Tensor
    counts: Tensor

    def combine(self, scores: Tensor) -> Tensor:
        """ScoreCAM maps (..., h*w) of ``scores`` (..., P)."""
        share = torch.softmax(scores + self.counts.log(), dim=-1) / self.counts
        return (share @ self.flat).relu()


def _typical_distance(patterns: Tensor, generator: torch.Generator) -> float:
    some = patterns[torch.randperm(len(patterns), generator=generator)[:256]]
    return float(torch.pdist(some).median().clamp_min(1e-6)) if len(some) > 1 else 1.0


def _inflation(errors: list[Tensor]) -> float:
    """How much larger squared errors on channels taken at random were than the surrogate said, plus one
    standard error; never below 1.
    """
    recent = torch.cat(errors[-8:]) if errors else torch.zeros(0)
    if len(recent) < 2:
        return 1.0
    return max(1.0, float(recent.mean() + recent.std() / len(recent) ** 0.5))


def _expected_correlation(
    model: ScoreModel, maps: _Maps, filled: Tensor, run: Tensor, inflation: float, generator: torch.Generator
) -> float:
    draws = model.draws(_DRAWS, generator)
    wide = model.mean + inflation**0.5 * (draws - model.mean)
    drawn = maps.combine(torch.where(run, filled, wide))
    reported = maps.combine(filled)
    return float(torch.quantile(_correlations(drawn, reported), _QUANTILE))


def _correlations(many: Tensor, one: Tensor) -> Tensor:
    """Pearson correlation of each row of ``many`` (n, d) with ``one`` (d,); 0 where a map is constant."""
    left = many - many.mean(dim=1, keepdim=True)
    right = one - one.mean()
    return (left @ right) / (left.norm(dim=1) * right.norm()).clamp_min(1e-300)


def _next_batch(
    model: ScoreModel, maps: _Maps, filled: Tensor, run: Tensor, batch_size: int, generator: torch.Generator
) -> tuple[Tensor, int]:
    """The channels to run next, and how many of them, at the end, were taken at random."""
    open_channels = (~run).nonzero()[:, 0]
    if len(open_channels) <= batch_size:
        return open_channels, 0
    share = torch.softmax(filled + maps.counts.log(), dim=0) / maps.counts
    deviation = (maps.flat - maps.counts[:, None] * (share @ maps.flat)).norm(dim=1)
    moves = share * deviation * torch.expm1(model.variance.clamp_max(20.0)).sqrt()
    top = moves.masked_fill(run, -1.0).topk(batch_size - batch_size // 2).indices
    rest = open_channels[~torch.isin(open_channels, top)]
    blind = rest[torch.randperm(len(rest), generator=generator)[: batch_size // 2]]
    return torch.cat([top, blind]), len(blind)
