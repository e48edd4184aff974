"""How well one mask covers another. Conventions for empty masks stand in each docstring and are tested."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def dice(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """2 |A and B| / (|A| + |B|) (Dice 1945); two empty masks agree: 1. One empty mask: 0."""
    both, first, second = _counts(predicted, truth)
    return 2.0 * both / (first + second) if first + second else 1.0


def iou(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """|A and B| / |A or B| (Jaccard 1912); two empty masks agree: 1. One empty mask: 0."""
    both, first, second = _counts(predicted, truth)
    return both / (first + second - both) if first + second else 1.0


def sensitivity(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float | None:
    """Share of the true pixels that are found; ``None`` where the truth is empty."""
    both, _, second = _counts(predicted, truth)
    return both / second if second else None


def precision(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float | None:
    """Share of the predicted pixels that are true; ``None`` where nothing was predicted."""
    both, first, _ = _counts(predicted, truth)
    return both / first if first else None


def _counts(predicted: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[int, int, int]:
    first, second = np.asarray(predicted, dtype=bool), np.asarray(truth, dtype=bool)
    if first.shape != second.shape:
        raise ValueError(f"overlap: expected masks of one shape, got {first.shape} and {second.shape}")
    return int((first & second).sum()), int(first.sum()), int(second.sum())
