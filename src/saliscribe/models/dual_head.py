"""The dual-head network: one encoder, a classification head and a segmentation head."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from saliscribe.core.names import CLASSES
from saliscribe.models.backbones import cam_layers
from saliscribe.models.encoder import build_encoder


class DualOutput(NamedTuple):
    """Named outputs: ``class_logits`` (N, 3) in the order of ``CLASSES``; ``mask_logits`` (N, 1, S, S) or ``None``."""

    class_logits: Tensor
    mask_logits: Tensor | None


class PyramidDecoder(nn.Module):
    """Feature pyramid (Lin 2017): lateral 1x1 and top-down sums, refined on the way up to stride 2.

    The coarse levels share ``width`` channels; the stride-2 level, which costs most pixels, has half.
    """

    def __init__(self, channels: tuple[int, ...], width: int = 64) -> None:
        super().__init__()
        fine, *coarse = channels
        self.lateral = nn.ModuleList(nn.Conv2d(count, width, 1) for count in coarse)
        self.refine = nn.ModuleList(_conv_block(width, width) for _ in coarse)
        self.narrow = nn.Conv2d(width, width // 2, 1)
        self.lateral_fine = nn.Conv2d(fine, width // 2, 1)
        self.refine_fine = _conv_block(width // 2, width // 2)
        self.score = nn.Conv2d(width // 2, 1, 1)

    def forward(self, maps: list[Tensor]) -> Tensor:
        fine, *coarse = maps
        top = self.refine[-1](self.lateral[-1](coarse[-1]))
        for level in range(len(coarse) - 2, -1, -1):
            top = self.refine[level](self.lateral[level](coarse[level]) + _resize_like(top, coarse[level]))
        top = self.refine_fine(self.lateral_fine(fine) + _resize_like(self.narrow(top), fine))
        score: Tensor = self.score(top)
        return score


class DualHeadNet(nn.Module):
    """Any backbone of ``BACKBONES`` with a classification head and, unless ``mask_head`` is off, a segmentation head.

    Input (N, 1, S, S) float32 in [0, 1]. ``cam_point`` passes the last feature map through unchanged: a hook on
    it sees the activations and gradients that class activation maps need, for every backbone alike.
    ``cam_layers`` has for each method the dotted name of the layer it explains: ``cam_point`` unless the backbone's
    line in the table says otherwise. ``cam_offsets`` has, for layers where it was measured, how far their fields look
    from the middles of their cells (``field_offsets``).
    """

    def __init__(
        self,
        backbone: str = "efficientnet_lite0",
        weights: str | Path = "none",
        mask_head: bool = True,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.encoder = build_encoder(backbone, weights)
        self.cam_point = nn.Identity()
        self.cam_layers = cam_layers(backbone)
        self.cam_offsets: dict[str, tuple[float, float]] = {}
        self.dropout = nn.Dropout(dropout)
        self.classifier = nn.Linear(self.encoder.channels[-1], len(CLASSES))
        self.decoder = PyramidDecoder(self.encoder.channels) if mask_head else None

    def forward(self, x: Tensor) -> DualOutput:
        maps = self.encoder(x)
        maps[-1] = self.cam_point(maps[-1])
        mask_logits = None
        if self.decoder is not None:
            mask_logits = F.interpolate(
                self.decoder(maps), size=x.shape[2:], mode="bilinear", align_corners=False
            )
        return DualOutput(self._head(maps[-1]), mask_logits)

    def classify(self, x: Tensor) -> Tensor:
        """Class logits (N, 3) alone, without the cost of the segmentation head."""
        return self._head(self.cam_point(self.encoder(x)[-1]))

    def channels_last(self) -> DualHeadNet:
        """Lay the convolutions out channels-last, in place: about twice as fast on a CPU."""
        for parameter in self.parameters():
            if parameter.ndim == 4:
                parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
        return self

    def _head(self, deep: Tensor) -> Tensor:
        logits: Tensor = self.classifier(self.dropout(deep.mean(dim=(2, 3))))
        return logits


def _conv_block(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


def _resize_like(x: Tensor, other: Tensor) -> Tensor:
    return F.interpolate(x, size=other.shape[2:], mode="bilinear", align_corners=False)
