"""A faster copy of a model for many forward passes of one shape; built once per model, checked before it is
trusted.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from weakref import WeakKeyDictionary

import torch
from torch import Tensor, nn

from saliscribe.saliency.fold_batchnorm import fold_batchnorm
from saliscribe.saliency.hooks import untouched
from saliscribe.saliency.targets import ClassTarget, Target, checked_scores

Precision = Literal["float32", "bfloat16"]
_TOLERANCE: dict[str, float] = {"float32": 1e-4, "bfloat16": 5e-2}
_KEPT_PER_MODEL = 4
_CACHE: WeakKeyDictionary[nn.Module, dict[Any, FastForward | None]] = WeakKeyDictionary()


@dataclass(frozen=True)
class FastForward:
    """``run`` takes a full batch to what ``head`` selects; ``engine`` says how it was made."""

    run: Callable[[Tensor], Tensor]
    engine: str
    dtype: torch.dtype


class _Method(nn.Module):
    """A model seen through one of its methods, such as ``classify``."""

    def __init__(self, model: nn.Module, method: str) -> None:
        super().__init__()
        self.model = model
        self.method = method

    def forward(self, x: Tensor) -> Any:
        return getattr(self.model, self.method)(x)


class _Headed(nn.Module):
    """A model followed by the selection of one output: what the selection does not need, tracing drops."""

    def __init__(self, model: nn.Module, head: Target) -> None:
        super().__init__()
        self.model = model
        self.head = head

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.model(x))


def fast_scores(
    model: nn.Module,
    target: Target,
    example: Tensor,
    *,
    method: str = "forward",
    precision: Precision = "float32",
) -> tuple[Callable[[Tensor], Tensor], str]:
    """A function from batches shaped like ``example`` (B, ...) to scores (B,), and the name of its engine.

    The engine is a folded, traced and frozen copy in ``precision``; if it cannot be made, or its scores for
    ``example``
    differ from the model's own by more than 1e-4 (float32) or 5e-2 (bfloat16) of the scale of the scores, it
    is
    ``eager-float32``: the model itself. ``model`` is not touched. Copies are kept per model and made anew
    when a weight changes.
    """
    head: Target = target.logits if isinstance(target, ClassTarget) else target
    made = _cached(model, head, target, example, method, precision)
    if made is None:
        return _eager(model, target, method), "eager-float32"
    pick: Callable[[Tensor], Tensor] = target if isinstance(target, ClassTarget) else _same

    def scores(batch: Tensor) -> Tensor:
        with torch.inference_mode():
            return pick(made.run(batch.to(made.dtype))).float()

    return scores, made.engine


def _cached(
    model: nn.Module, head: Target, target: Target, example: Tensor, method: str, precision: Precision
) -> FastForward | None:
    shelf = _CACHE.setdefault(model, {})
    which = target.output if isinstance(target, ClassTarget) else target
    key = (
        method,
        which,
        precision,
        tuple(example.shape),
        str(example.device),
        torch.get_num_threads(),
        _fingerprint(model),
    )
    if key not in shelf:
        while len(shelf) >= _KEPT_PER_MODEL:
            shelf.pop(next(iter(shelf)))
        shelf[key] = _build(model, head, example, method, precision)
    return shelf[key]


def _fingerprint(model: nn.Module) -> int:
    """Changes whenever a parameter or buffer is written or replaced."""
    tensors = [*model.parameters(), *model.buffers()]
    return hash(
        tuple((tensor.data_ptr(), 0 if tensor.is_inference() else tensor._version) for tensor in tensors)
    )


def _build(
    model: nn.Module, head: Target, example: Tensor, method: str, precision: Precision
) -> FastForward | None:
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    with torch.inference_mode(False), torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        example = example.clone()
        with untouched(model):
            wanted = head(_Method(model, method)(example[:2]))
            copied, engine = _fold_or_copy(_Method(model, method))
        for make in (_frozen, _plain_copy):
            try:
                made = make(_Headed(copied, head), example, dtype, engine)
                got = made.run(example.to(dtype))[:2].float()
            except (RuntimeError, TypeError, ValueError, AttributeError, NotImplementedError):
                continue
            if got.shape == wanted.shape and _close(got, wanted, _TOLERANCE[precision]):
                return made
    return None


def _fold_or_copy(model: nn.Module) -> tuple[nn.Module, str]:
    """A folded copy, or a plain copy of what ``torch.fx`` cannot trace (any error of the model's own
    code).
    """
    try:
        return fold_batchnorm(model), "folded"
    except Exception:
        return copy.deepcopy(model).eval(), "copied"


def _frozen(headed: nn.Module, example: Tensor, dtype: torch.dtype, engine: str) -> FastForward:
    """Traced and frozen; in float32 on a CPU with oneDNN's fused kernels as well."""
    fused = dtype == torch.float32 and example.device.type == "cpu"
    shaped = example.to(dtype)
    lean = _lean(headed, dtype, channels_last=not fused)
    frozen = torch.jit.freeze(torch.jit.trace(lean, shaped, check_trace=False))
    run = torch.jit.optimize_for_inference(frozen) if fused else _channels_last(frozen)
    for _ in range(2):  # the profiling executor settles on the shapes of its first two runs
        run(shaped)
    return FastForward(run, f"{engine}-frozen-{_short(dtype)}", dtype)


def _plain_copy(headed: nn.Module, example: Tensor, dtype: torch.dtype, engine: str) -> FastForward:
    lean = _lean(headed, dtype, channels_last=True)
    return FastForward(_channels_last(lean), f"{engine}-eager-{_short(dtype)}", dtype)


def _lean(headed: nn.Module, dtype: torch.dtype, channels_last: bool) -> nn.Module:
    lean = headed.eval().to(dtype=dtype).requires_grad_(False)
    for parameter in lean.parameters() if channels_last else ():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return lean


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _channels_last(run: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    def apply(batch: Tensor) -> Tensor:
        return run(batch.contiguous(memory_format=torch.channels_last) if batch.ndim == 4 else batch)

    return apply


def _close(got: Tensor, wanted: Tensor, tolerance: float) -> bool:
    scale = max(1.0, float(wanted.abs().max()))
    return bool(torch.isfinite(got).all()) and float((got - wanted.float()).abs().max()) <= tolerance * scale


def _eager(model: nn.Module, target: Target, method: str) -> Callable[[Tensor], Tensor]:
    def scores(batch: Tensor) -> Tensor:
        with untouched(model), torch.inference_mode():
            return checked_scores(target, getattr(model, method)(batch), len(batch)).float()

    return scores


def _same(scores: Tensor) -> Tensor:
    return scores
