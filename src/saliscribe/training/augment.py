"""Augmentation in two phases: draw plain numbers, then apply them to a batch. Same draws, same pictures."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from saliscribe.training.settings import AugmentRanges

#: Control points along each side of the elastic grid and of the bias field.
ELASTIC_POINTS, BIAS_POINTS = 5, 3


class Draw(NamedTuple):
    """The numbers for one sample. ``affine`` (2, 3) takes output to input in [-1, 1] coordinates."""

    affine: NDArray[np.float32]
    elastic: NDArray[np.float32]
    gamma: float
    contrast: float
    brightness: float
    bias: NDArray[np.float32]
    noise: float
    blur: bool
    noise_seed: int


def draw(rng: np.random.Generator, ranges: AugmentRanges) -> Draw:
    """Phase one: the parameters for one sample."""

    def span(limit: float) -> float:
        return float(rng.uniform(-limit, limit))

    angle = math.radians(span(ranges.rotation_deg))
    zoom, stretch = math.exp(span(ranges.zoom)), math.exp(span(ranges.stretch))
    mirror = -1.0 if rng.random() < ranges.mirror else 1.0
    rotate = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    shear = np.array([[1.0, span(ranges.shear)], [span(ranges.shear), 1.0]])
    linear = rotate @ shear @ np.diag([mirror * zoom * stretch, zoom / stretch])
    shift = 2 * np.array([[span(ranges.shift)], [span(ranges.shift)]])
    return Draw(
        affine=np.hstack([linear, shift]).astype(np.float32),
        elastic=(rng.standard_normal((2, ELASTIC_POINTS, ELASTIC_POINTS)) * 2 * ranges.elastic).astype(
            np.float32
        ),
        gamma=math.exp(span(ranges.gamma)),
        contrast=math.exp(span(ranges.contrast)),
        brightness=span(ranges.brightness),
        bias=(rng.standard_normal((BIAS_POINTS, BIAS_POINTS)) * ranges.bias / 2).astype(np.float32),
        noise=abs(span(ranges.noise)),
        blur=bool(rng.random() < ranges.blur),
        noise_seed=int(rng.integers(2**31)),
    )


def apply(images: Tensor, masks: Tensor, draws: list[Draw], size: int) -> tuple[Tensor, Tensor]:
    """Phase two: (N, 1, W, W) images and masks in [0, 1] become (N, 1, size, size) ones."""
    grid = _grid(draws, size).to(images.device)
    both = F.grid_sample(
        torch.cat([images, masks], dim=1), grid, mode="bilinear", padding_mode="zeros", align_corners=False
    )
    return _shade(both[:, :1], draws), both[:, 1:]


def _grid(draws: list[Draw], size: int) -> Tensor:
    affine = torch.from_numpy(np.stack([one.affine for one in draws]))
    grid = F.affine_grid(affine, [len(draws), 1, size, size], align_corners=False)
    elastic = torch.from_numpy(np.stack([one.elastic for one in draws]))
    bend = F.interpolate(elastic, size=(size, size), mode="bicubic", align_corners=True)
    return grid + bend.permute(0, 2, 3, 1)


def _shade(images: Tensor, draws: list[Draw]) -> Tensor:
    """Contrast changes that a different scanner or windowing would make; air stays dark."""

    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float32, device=images.device).view(-1, 1, 1, 1)

    bias = torch.from_numpy(np.stack([one.bias for one in draws])).to(images.device)[:, None]
    field = F.interpolate(bias, size=images.shape[2:], mode="bicubic", align_corners=True).exp()
    images = images.clamp(0, 1) ** column([one.gamma for one in draws]) * field
    images = (
        images * column([one.contrast for one in draws]) + column([one.brightness for one in draws])
    ).clamp(0, 1)
    blurred = torch.tensor([one.blur for one in draws], device=images.device).view(-1, 1, 1, 1)
    images = torch.where(blurred, F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, 1), images)
    noise = torch.stack(
        [
            torch.randn(images.shape[1:], generator=torch.Generator().manual_seed(one.noise_seed))
            for one in draws
        ]
    ).to(images.device)
    return (images + noise * column([one.noise for one in draws])).clamp(0, 1)
