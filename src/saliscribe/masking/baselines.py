"""Masks that look at no network: what a saliency mask must beat to mean anything."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from saliscribe.masking.clean import clean, smooth
from saliscribe.masking.settings import DEFAULT_MASK_SETTINGS, MaskSettings
from saliscribe.masking.thresholds import otsu_threshold

#: Half-width of the centred prior, as a share of the brain's height and width.
GAUSSIAN_SPREAD = 0.2


def centred_gaussian(brain: NDArray[np.bool_], spread: float = GAUSSIAN_SPREAD) -> NDArray[np.float32]:
    """A Gaussian at the middle of the brain's bounding box, in [0, 1]; sigma is ``spread`` of its height and width."""
    region = brain if brain.any() else np.ones_like(brain)
    rows, columns = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
    parts = []
    for index, size in ((rows, region.shape[0]), (columns, region.shape[1])):
        middle, sigma = (index[0] + index[-1]) / 2.0, max(1.0, spread * (index[-1] - index[0] + 1))
        parts.append(np.exp(-0.5 * ((np.arange(size) - middle) / sigma) ** 2))
    return np.asarray(np.outer(*parts), dtype=np.float32)


def gaussian_mask(brain: NDArray[np.bool_], percentile: float = 95.0) -> NDArray[np.bool_]:
    """The centred Gaussian above ``percentile`` of its values inside the brain."""
    prior = centred_gaussian(brain)
    region = brain if brain.any() else np.ones_like(brain)
    return np.asarray((prior > np.percentile(prior[region], percentile)) & region)


def otsu_mask(
    grey: NDArray[np.float32], brain: NDArray[np.bool_], settings: MaskSettings = DEFAULT_MASK_SETTINGS
) -> NDArray[np.bool_]:
    """Pixels of the brain brighter than Otsu's threshold of its grey values, cleaned like every other mask."""
    if not brain.any():
        return np.zeros_like(brain)
    even = smooth(grey, settings.smoothing)
    bright = (even > otsu_threshold(even[brain])) & brain
    return clean(bright, min_area=settings.min_area, component_share=settings.component_share)


def best_gaussian_percentile(
    pairs: Iterable[tuple[NDArray[np.bool_], NDArray[np.bool_]]],
    percentiles: tuple[float, ...] = (80, 85, 90, 93, 95, 97, 98),
) -> float:
    """The percentile of the prior with the best mean Dice over (brain, truth) pairs of validation patients."""
    kept = list(pairs)

    def mean_dice(percentile: float) -> float:
        scores = []
        for brain, truth in kept:
            mask = gaussian_mask(brain, percentile)
            scores.append(2.0 * (mask & truth).sum() / max(1, mask.sum() + truth.sum()))
        return float(np.mean(scores))

    return float(max(percentiles, key=mean_dice))
