"""Channels as input masks: the upsampled, min-max normalised feature maps of ScoreCAM."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

#: Keeps the division defined for a constant channel; the value of pytorch-grad-cam.
RANGE_EPSILON = 1e-8


def channel_masks(channels: Tensor, size: tuple[int, int]) -> Tensor:
    """Masks (n, H, W) in [0, 1] of ``channels`` (n, h, w): bilinear upsampling, then ``(u - min) / (max -
    min)``.

    Order and corner alignment follow pytorch-grad-cam; the paper (Wang 2020, equation 5) leaves alignment
    open.
    """
    raised = F.interpolate(channels[None], size=size, mode="bilinear", align_corners=True)[0]
    flat = raised.flatten(1)
    low, high = flat.amin(dim=1), flat.amax(dim=1)
    return (raised - low[:, None, None]) / (high - low + RANGE_EPSILON)[:, None, None]


def channel_patterns(channels: Tensor) -> Tensor:
    """What a channel's mask depends on, (C, h*w) float64: the channel shifted and scaled to [0, 1]; 0 if
    constant.

    Upsampling is linear with weights that sum to 1, so channels of one pattern have one and the same mask.
    """
    flat = channels.detach().flatten(1).double().cpu()
    low = flat.amin(dim=1, keepdim=True)
    span = flat.amax(dim=1, keepdim=True) - low
    return torch.where(
        span > 0, (flat - low) / span.clamp_min(torch.finfo(torch.float64).tiny), torch.zeros_like(flat)
    )


def distinct_patterns(patterns: Tensor, resolution: float = 1e-7) -> tuple[Tensor, Tensor]:
    """One channel of each pattern (indices, in order) and, for every channel, the position of its own among
    them.

    All dead (constant) channels share the empty mask, so they cost one forward pass together; channels with
    the same single active cell are likewise one. Patterns are equal when no cell differs by ``resolution``
    after rounding, which is below float32's own resolution of the mask.
    """
    rounded = (patterns / resolution).round()
    unique, inverse = torch.unique(rounded, dim=0, return_inverse=True)
    first = torch.full((len(unique),), len(patterns), dtype=torch.long)
    first.scatter_reduce_(0, inverse, torch.arange(len(patterns)), reduce="amin")
    order = torch.argsort(first)
    position = torch.empty_like(order)
    position[order] = torch.arange(len(order))
    return first[order], position[inverse]
