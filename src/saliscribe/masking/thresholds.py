"""Histogram thresholds: Otsu and Kapur."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special


def otsu_threshold(values: NDArray, bins: int = 256) -> float:
    """The threshold with the largest between-class variance (Otsu 1979), the middle of the last bin below it."""
    counts, middles = _histogram(values, bins)
    below, above = np.cumsum(counts)[:-1], np.cumsum(counts[::-1])[::-1][1:]
    mass = np.cumsum(counts * middles)
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (mass[:-1] / below - (mass[-1] - mass[:-1]) / above) ** 2
    return float(middles[int(np.argmax(np.nan_to_num(between)))])


def kapur_threshold(values: NDArray, bins: int = 256) -> float:
    """The threshold with the largest sum of the two parts' entropies (Kapur, Sahoo & Wong 1985)."""
    counts, middles = _histogram(values, bins)
    share = counts / max(counts.sum(), 1.0)
    weight = np.cumsum(share)[:-1]
    entropy = special.entr(share)
    below = np.cumsum(entropy)[:-1]
    above = entropy.sum() - below
    with np.errstate(invalid="ignore", divide="ignore"):
        total = np.log(weight) + below / weight + np.log1p(-weight) + above / (1.0 - weight)
    total[(weight <= 0.0) | (weight >= 1.0 - 1e-12)] = -np.inf
    return float(middles[int(np.argmax(total))])


def _histogram(values: NDArray, bins: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    counts, edges = np.histogram(values, bins=bins)
    return counts.astype(np.float64), 0.5 * (edges[:-1] + edges[1:])
