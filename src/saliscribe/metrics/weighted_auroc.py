"""AUROC of many weightings of the same slices at once, as a bootstrap needs it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray


def weighted_auroc(
    scores: NDArray[np.floating], positive: NDArray[np.bool_]
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """A function from (r, n) weights to (r,) AUROC values; ties count half; NaN where a side has no weight."""
    values, codes = np.unique(scores, return_inverse=True)
    order = np.argsort(codes.reshape(-1), kind="stable")
    starts = np.searchsorted(codes.reshape(-1)[order], np.arange(len(values)))
    is_positive = np.asarray(positive, dtype=bool)[order]

    def of_weights(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        sorted_weights = weights[:, order]
        above = np.add.reduceat(sorted_weights * is_positive, starts, axis=1)
        below = np.add.reduceat(sorted_weights * ~is_positive, starts, axis=1)
        lower = np.cumsum(below, axis=1) - 0.5 * below
        pairs = above.sum(axis=1) * below.sum(axis=1)
        return np.where(pairs > 0, (above * lower).sum(axis=1) / np.where(pairs > 0, pairs, 1.0), np.nan)

    return of_weights


def weighted_macro_auroc(
    probabilities: NDArray[np.floating], truth: NDArray[np.integer]
) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Mean of the one-against-rest AUROC of every class."""
    parts = [
        weighted_auroc(probabilities[:, index], truth == index) for index in range(probabilities.shape[1])
    ]
    return lambda weights: np.mean([part(weights) for part in parts], axis=0)
