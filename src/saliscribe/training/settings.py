"""Everything that decides a training run, in one frozen record that is saved beside the weights."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class LossWeights(BaseModel):
    """Weights of the combined loss; see ``training.loss``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    classification: float = Field(1.0, ge=0)
    overlap: float = Field(1.0, ge=0)
    pixel: float = Field(1.0, ge=0)
    label_smoothing: float = Field(0.05, ge=0, lt=1)


class AugmentRanges(BaseModel):
    """How far augmentation may go; each value is a maximum, 0 switches that change off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rotation_deg: float = 20.0
    zoom: float = 0.25
    stretch: float = 0.10
    shear: float = 0.10
    shift: float = 0.08
    elastic: float = 0.025
    mirror: float = Field(0.5, ge=0, le=1)
    gamma: float = 0.4
    contrast: float = 0.3
    brightness: float = 0.1
    bias: float = 0.3
    noise: float = 0.04
    blur: float = Field(0.25, ge=0, le=1)


class TrainSettings(BaseModel):
    """Settings of ``saliscribe train``; sizes in pixels of the square network window.

    ``weights`` is where the backbone starts ("imagenet", "none" or a folder of weight files); ``start_from`` names
    a whole trained network to go on from (a shipped model or a folder) and takes the place of both.
    ``frozen`` names modules whose parameters stay as they are; ``freeze_norms`` keeps every
    batch norm as it is, statistics, scale and shift. Both make a step cheaper where a trained network is gone on from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str = "efficientnet_lite0"
    weights: str = "imagenet"
    start_from: str | None = None
    mask_head: bool = True
    size: int = Field(192, ge=64, le=512)
    warm_size: int | None = Field(128, ge=64, le=512)
    warm_share: float = Field(0.6, ge=0, lt=1)
    epochs: int = Field(30, ge=1)
    batch_size: int = Field(16, ge=2)
    learning_rate: float = Field(1e-3, gt=0)
    weight_decay: float = Field(0.02, ge=0)
    dropout: float = Field(0.3, ge=0, lt=1)
    frozen: tuple[str, ...] = ()
    freeze_norms: bool = False
    ema_decay: float = Field(0.998, ge=0, lt=1)
    loss: LossWeights = LossWeights()
    augment: AugmentRanges = AugmentRanges()
    precision: Literal["32-true", "bf16-mixed", "16-mixed"] = "32-true"
    seed: int = 0
    test_fold: int | None = None
    validation_share: float = Field(0.1, ge=0, lt=1)
    patience: int | None = Field(None, ge=1)

    def size_at(self, epoch: int) -> int:
        """Progressive resizing: the window's side in ``epoch``, small first because most learning is coarse."""
        if self.warm_size is not None and epoch < int(self.warm_share * self.epochs):
            return self.warm_size
        return self.size
