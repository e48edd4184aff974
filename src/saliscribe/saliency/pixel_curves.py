"""Insertion and deletion (Petsiuk 2018, RISE): does the class follow the pixels that a map calls important?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage
from scipy.integrate import trapezoid
from torch import Tensor, nn

#: Blur of the picture that insertion starts from, as a share of its side; deletion goes to black, the air of an MRI.
BLUR = 0.05
BATCH = 16


@dataclass(frozen=True)
class PixelCurves:
    """Areas under the curves of the target's probability, 0 to 1: high ``insertion`` and low ``deletion`` are good."""

    insertion: float
    deletion: float


def pixel_curves(
    net: nn.Module,
    network_input: NDArray[np.float32],
    maps: Sequence[NDArray[np.float32]],
    target: int,
    steps: int,
) -> list[PixelCurves]:
    """Curves of every map (S, S) for one input (S, S), over ``steps`` equal shares of its pixels.

    Most important pixels first; equal values in a fixed random order, so that a flat map is as good as chance. Areas
    are trapezoidal over 0 to 1. The network's ``classify`` gives logits (N, classes).
    """
    size = network_input.shape[0]
    blurred = ndimage.gaussian_filter(network_input, BLUR * size)
    ends = _probabilities(net, np.stack([network_input, blurred, np.zeros_like(network_input)]), target)
    whole, start, black = (float(value) for value in ends)
    changed = [
        picture
        for heat in maps
        for order in [_ranks(heat)]
        for share in np.arange(1, steps) / steps
        for first in [order < share * order.size]
        for picture in (np.where(first, network_input, blurred), np.where(first, 0.0, network_input))
    ]
    chances = _probabilities(net, np.stack(changed).astype(np.float32), target)
    inner = chances.reshape(len(maps), steps - 1, 2)
    grid = np.linspace(0.0, 1.0, steps + 1)
    return [
        PixelCurves(
            float(trapezoid([start, *own[:, 0], whole], grid)),
            float(trapezoid([whole, *own[:, 1], black], grid)),
        )
        for own in inner
    ]


def _ranks(heat: NDArray[np.float32]) -> NDArray[np.intp]:
    """Place of every pixel in the order of importance, (S, S); 0 is the most important."""
    ties = np.random.default_rng(0).random(heat.size)
    ranks = np.empty(heat.size, dtype=np.intp)
    ranks[np.lexsort((ties, -heat.ravel()))] = np.arange(heat.size)
    return ranks.reshape(heat.shape)


@torch.inference_mode()
def _probabilities(net: nn.Module, pictures: NDArray[np.float32], target: int) -> NDArray[np.float64]:
    device = next(net.parameters()).device
    inputs: Tensor = torch.from_numpy(pictures)[:, None]
    parts = [net.classify(part.to(device)).softmax(dim=1)[:, target] for part in inputs.split(BATCH)]  # type: ignore[operator]
    return np.asarray(torch.cat(parts).double().cpu().numpy())
