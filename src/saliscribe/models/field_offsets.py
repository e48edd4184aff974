"""Where a layer's fields look: how far what they see lies from the middle of their cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from saliscribe.models.dual_head import DualHeadNet

#: Offsets by the dotted name of the layer: (rows, columns) in pixels of the network's input.
FieldOffsets = dict[str, tuple[float, float]]

#: An offset of fewer standard errors (over pictures) is taken for none.
SURE = 3.0


def field_offsets(net: DualHeadNet, pictures: NDArray[np.float32]) -> FieldOffsets:
    """The offset of every layer that ``net`` explains, measured on ``pictures`` (n, S, S) in [0, 1].

    A convolution of stride 2 with padding 1 looks half a pixel off the middle of its cell, and strides multiply: 15.5
    pixels at stride 32. Training may take part of that back, so it is measured: the median of ``|dm/dx|`` (the
    effective receptive field, Luo 2016), ``m`` a field at the middle of each class's Grad-CAM before its ReLU. Shown is
    a quarter of a picture, mirrored about the middle and wide enough for large fields: alike on all sides, so that only
    the network can be lopsided. An offset within three standard errors of none is 0; a layer without any gradient is
    left out.
    """
    shown = [_kaleidoscope(picture, at) for at, picture in enumerate(pictures)]
    found = {layer: _offset(net, layer, shown) for layer in dict.fromkeys(net.cam_layers.values())}
    return {layer: offset for layer, offset in found.items() if offset is not None}


def _kaleidoscope(picture: NDArray[np.float32], at: int) -> NDArray[np.float32]:
    """A quarter of the picture (S, S), another one for each ``at``, mirrored all about its inner corner: (2 S, 2 S)."""
    turned = np.rot90(picture, at)
    size = len(picture)
    quarter = turned[size // 2 :, size // 2 :]
    row = np.concatenate([quarter[:, ::-1], quarter], axis=1)
    return np.pad(np.concatenate([row[::-1], row]), size - len(quarter), mode="symmetric")


def _offset(net: DualHeadNet, layer: str, shown: Sequence[NDArray[np.float32]]) -> tuple[float, float] | None:
    medians = [np.mean(found, axis=0) for one in shown if (found := _medians(net, layer, one))]
    if not medians:
        return None
    mean = np.mean(medians, axis=0)
    error = np.std(medians, axis=0, ddof=1) / len(medians) ** 0.5 if len(medians) > 1 else 0.0
    rows, columns = np.where(np.abs(mean) > SURE * error, mean, 0.0)
    return round(float(rows), 2), round(float(columns), 2)


def _medians(net: DualHeadNet, layer: str, picture: NDArray[np.float32]) -> list[tuple[float, float]]:
    """Median of what it sees less middle of its cell, for each of the fields around the middle of a picture."""
    device = next(net.parameters()).device
    seen: list[Tensor] = []
    handle = net.get_submodule(layer).register_forward_hook(lambda _module, _inputs, out: seen.append(out))
    try:
        with torch.inference_mode(False), torch.enable_grad():
            inputs = torch.from_numpy(picture)[None, None].to(device).requires_grad_(True)
            logits = net.classify(inputs)
    finally:
        handle.remove()
    maps = [_class_map(seen[0], logit) for logit in logits[0]]
    side, cell = seen[0].shape[-1], len(picture) / seen[0].shape[-1]
    middle = range((side - 1) // 2, side // 2 + 1)
    found = []
    for fields, row, column in product(maps, middle, middle):
        (gradient,) = torch.autograd.grad(fields[row, column], inputs, retain_graph=True)
        weights = gradient[0, 0].abs().double().cpu().numpy()
        if weights.sum() > 0:
            down, across = (_median(weights.sum(axis=axis)) for axis in (1, 0))
            found.append((down - (row + 0.5) * cell, across - (column + 0.5) * cell))
    return found


def _median(weights: NDArray[np.float64]) -> float:
    """Where half of the weights lie before, in pixels; far-away gradients of large fields count little."""
    return float(np.interp(0.5, np.cumsum(weights) / weights.sum(), np.arange(1, len(weights) + 1)))


def _class_map(activation: Tensor, logit: Tensor) -> Tensor:
    """The class's Grad-CAM before its ReLU, (h, w), still tied to the input."""
    (gradient,) = torch.autograd.grad(logit, activation, retain_graph=True)
    return (gradient.mean(dim=(2, 3), keepdim=True) * activation)[0].sum(dim=0)
