"""The Lightning module: one training step, one validation step, one optimiser schedule."""

from __future__ import annotations

import math

import lightning.pytorch as pl
import torch
import torch.nn.functional as F
from lightning.pytorch.utilities.types import OptimizerLRSchedulerConfig
from torch import Tensor, nn

from saliscribe.errors import UsageError
from saliscribe.models.dual_head import DualHeadNet, DualOutput
from saliscribe.training.augment import apply
from saliscribe.training.loss import combined_loss, soft_dice
from saliscribe.training.settings import TrainSettings
from saliscribe.training.windows_data import Batch

#: Share of all steps in which the learning rate rises to its peak before the cosine decay.
WARM_UP = 0.06


class DualHeadModule(pl.LightningModule):
    """Trains a ``DualHeadNet``; every figure it logs is a mean over slices."""

    def __init__(self, net: DualHeadNet, settings: TrainSettings) -> None:
        super().__init__()
        self.net = net.channels_last()
        self.settings = settings
        self.still = _still_modules(net, settings)
        # Lightning keeps the mode it is given, and a network that was loaded is in evaluation mode.
        self.train()

    def forward(self, x: Tensor) -> DualOutput:
        output: DualOutput = self.net(x)
        return output

    def train(self, mode: bool = True) -> DualHeadModule:
        """As in any module, but what is frozen stays in evaluation mode: its norms use their running statistics."""
        super().train(mode)
        for module in self.still if mode else ():
            module.eval()
        return self

    def training_step(self, batch: Batch, _index: int) -> Tensor:
        size = self.settings.size_at(self.current_epoch)
        images, masks = apply(batch.images.float() / 255, batch.masks.float() / 255, batch.draws, size)
        output = self.net(images.contiguous(memory_format=torch.channels_last))
        terms = combined_loss(
            output.class_logits, output.mask_logits, batch.labels, masks, batch.has_mask, self.settings.loss
        )
        self.log_dict(
            {
                "train_loss": terms.total,
                "train_classification": terms.classification,
                "train_overlap": terms.overlap,
                "train_pixel": terms.pixel,
            },
            on_step=False,
            on_epoch=True,
            batch_size=len(batch.labels),
        )
        return terms.total

    def validation_step(self, batch: Batch, _index: int) -> None:
        size = (self.settings.size, self.settings.size)
        images = F.interpolate(batch.images.float() / 255, size=size, mode="bilinear", antialias=True)
        masks = F.interpolate(batch.masks.float() / 255, size=size, mode="bilinear", antialias=True)
        output = self.net(images.contiguous(memory_format=torch.channels_last))
        terms = combined_loss(
            output.class_logits, output.mask_logits, batch.labels, masks, batch.has_mask, self.settings.loss
        )
        accuracy = (output.class_logits.argmax(dim=1) == batch.labels).float().mean()
        figures = {"val_loss": terms.total, "val_accuracy": accuracy}
        if output.mask_logits is not None and bool(batch.has_mask.any()):
            hard = (output.mask_logits > 0).float()[batch.has_mask]
            figures["val_dice"] = soft_dice(hard, (masks > 0.5).float()[batch.has_mask]).mean()
        self.log_dict(figures, on_epoch=True, batch_size=len(batch.labels), sync_dist=True)

    def configure_optimizers(self) -> OptimizerLRSchedulerConfig:
        """AdamW with a short linear warm-up and a cosine decay over the whole run; no decay on norms and biases."""
        learned = [p for p in self.net.parameters() if p.requires_grad]
        decayed = [p for p in learned if p.ndim > 1]
        plain = [p for p in learned if p.ndim <= 1]
        optimiser = torch.optim.AdamW(
            [
                {"params": decayed, "weight_decay": self.settings.weight_decay},
                {"params": plain, "weight_decay": 0.0},
            ],
            lr=self.settings.learning_rate,
        )
        steps = max(int(self.trainer.estimated_stepping_batches), 1)

        def share(step: int) -> float:
            done = step / steps
            return (
                done / WARM_UP
                if done < WARM_UP
                else 0.5 * (1 + math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))
            )

        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: max(share(step + 1), 1e-3))
        return {"optimizer": optimiser, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def _still_modules(net: DualHeadNet, settings: TrainSettings) -> list[nn.Module]:
    """Freeze what the settings name; returns the modules that must stay in evaluation mode."""
    still: list[nn.Module] = []
    for start in settings.frozen:
        named = [module for name, module in net.named_modules() if name == start]
        if not named:
            raise UsageError(
                "no such part of the network to freeze",
                where=net.backbone,
                expected="the name of a module, such as encoder.features.conv_stem",
                got=start,
            )
        still += named[0].modules()
    if settings.freeze_norms:
        still += [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    for module in still:
        module.requires_grad_(False)
    return still
