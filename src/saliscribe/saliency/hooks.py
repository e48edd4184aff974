"""Watch one layer of a model, and give the model back exactly as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from saliscribe.errors import UsageError


@dataclass
class LayerRecord:
    """What passed through the layer: ``activation`` (N, C, h, w), a leaf that requires grad where asked."""

    layer: str
    captured: Tensor | None = None

    @property
    def activation(self) -> Tensor:
        """The feature map of the last forward pass. Raises UsageError if the layer did not run."""
        if self.captured is None:
            raise UsageError(
                f"layer '{self.layer}' did not run in the forward pass",
                do="choose a layer that the input passes",
            )
        return self.captured

    def gradient(self, scores: Tensor) -> Tensor:
        """d(sum of scores)/d(activation), (N, C, h, w); samples do not mix in evaluation mode."""
        if not scores.requires_grad:
            return torch.zeros_like(self.activation)
        (gradient,) = torch.autograd.grad(scores.sum(), self.activation, allow_unused=True)
        return torch.zeros_like(self.activation) if gradient is None else gradient


def find_layer(model: nn.Module, layer: nn.Module | str) -> tuple[str, nn.Module]:
    """Dotted name and module of ``layer`` (either of them). Raises UsageError if ``model`` has no such
    layer.
    """
    for name, module in model.named_modules():
        if name == layer or module is layer:
            return name, module
    names = [name for name, _ in model.named_modules() if name]
    raise UsageError(
        "the model has no such layer",
        expected=f"a module or a dotted name such as '{names[-1] if names else ''}'",
        got=repr(layer) if isinstance(layer, str) else type(layer).__name__,
    )


@contextmanager
def untouched(model: nn.Module) -> Iterator[None]:
    """Put ``model`` in evaluation mode with frozen parameters; on leaving, by any way, restore every flag.

    Each module's own training flag and each parameter's ``requires_grad`` come back; ``.grad`` is never
    written,
    because gradients are taken with ``torch.autograd.grad``.
    """
    training = [(module, module.training) for module in model.modules()]
    requiring = [parameter for parameter in model.parameters() if parameter.requires_grad]
    try:
        model.eval()
        for parameter in requiring:
            parameter.requires_grad_(False)
        yield
    finally:
        for module, flag in training:
            module.training = flag
        for parameter in requiring:
            parameter.requires_grad_(True)


@contextmanager
def record_layer(model: nn.Module, layer: nn.Module | str) -> Iterator[LayerRecord]:
    """Record the activation of ``layer``, ready for ``LayerRecord.gradient``; the model comes back untouched.

    The graph starts at the layer: everything before it runs without one, so that a backward pass costs only
    what lies between the layer and the target. An in-place operation after the layer cannot spoil the record.
    """
    name, module = find_layer(model, layer)
    record = LayerRecord(name)

    def keep(_module: nn.Module, _inputs: tuple[Any, ...], output: Any) -> Tensor:
        if record.captured is not None:
            raise UsageError(
                f"layer '{name}' runs more than once in a forward pass", do="choose another layer"
            )
        if not isinstance(output, Tensor) or output.ndim != 4:
            got = tuple(output.shape) if isinstance(output, Tensor) else type(output).__name__
            raise UsageError(
                f"layer '{name}' has no feature map",
                expected="an (N, channels, rows, columns) tensor",
                got=str(got),
            )
        record.captured = output.detach().clone().requires_grad_(True)
        return record.captured.clone()

    handle = module.register_forward_hook(keep)
    try:
        with untouched(model), torch.inference_mode(False), torch.enable_grad():
            yield record
    finally:
        handle.remove()
