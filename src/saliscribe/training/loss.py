r"""The combined loss of the two heads.

.. math:: L = w_c \, \mathrm{CE}(y, p) + w_o \, (1 - \mathrm{SoftDice}(m, q)) + w_p \, \mathrm{BCE}(m, q)

with class target y and probabilities p (label smoothing), mask m and pixel probabilities q. Slices without a
mask contribute the classification term only. SoftDice is taken per slice and then averaged, as it is reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from saliscribe.training.settings import LossWeights


@dataclass(frozen=True)
class LossTerms:
    """The three unweighted terms and their weighted sum, all scalars."""

    total: Tensor
    classification: Tensor
    overlap: Tensor
    pixel: Tensor


def combined_loss(
    class_logits: Tensor,
    mask_logits: Tensor | None,
    labels: Tensor,
    masks: Tensor,
    has_mask: Tensor,
    weights: LossWeights,
) -> LossTerms:
    """Loss of a batch.

    Logits (N, 3) and (N, 1, S, S) or ``None``, labels (N,), masks (N, 1, S, S) in [0, 1], has_mask (N,) bool.
    """
    classification = F.cross_entropy(class_logits.float(), labels, label_smoothing=weights.label_smoothing)
    overlap = pixel = torch.zeros((), device=class_logits.device)
    if mask_logits is not None and bool(has_mask.any()):
        logits, truth = mask_logits[has_mask].float(), masks[has_mask]
        overlap = 1.0 - soft_dice(torch.sigmoid(logits), truth).mean()
        pixel = F.binary_cross_entropy_with_logits(logits, truth)
    total = weights.classification * classification + weights.overlap * overlap + weights.pixel * pixel
    return LossTerms(total, classification, overlap, pixel)


def soft_dice(probability: Tensor, truth: Tensor) -> Tensor:
    """Dice per sample of (N, 1, S, S) soft masks, with +1 pixel in both sums so that an empty pair scores 1."""
    both = (probability * truth).sum(dim=(1, 2, 3))
    each = probability.sum(dim=(1, 2, 3)) + truth.sum(dim=(1, 2, 3))
    return (2 * both + 1.0) / (each + 1.0)
