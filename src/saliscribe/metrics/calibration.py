"""Whether printed probabilities mean what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 15


def equal_mass_bins(confidence: NDArray[np.floating], bins: int = BINS) -> NDArray[np.intp]:
    """Bin number of each value so that bins hold (nearly) the same count; ties are split in the order of the values."""
    order = np.argsort(confidence, kind="stable")
    numbers = np.empty(len(order), dtype=np.intp)
    numbers[order] = np.arange(len(order)) * bins // max(len(order), 1)
    return numbers


def ece(probabilities: NDArray[np.floating], truth: NDArray[np.integer], bins: int = BINS) -> float:
    """Expected calibration error of the top class over equal-mass bins: sum_b n_b / n |accuracy_b - confidence_b|.

    Positive by chance alone even for a calibrated model: about sqrt(bins p (1 - p) 2 / (pi n)).
    """
    confidence, right = top_confidence(probabilities, truth)
    if confidence.size == 0:
        raise ValueError("ece: expected at least one slice, got none")
    numbers = equal_mass_bins(confidence, bins)
    gaps = np.bincount(numbers, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / confidence.size)


def brier(probabilities: NDArray[np.floating], truth: NDArray[np.integer]) -> NDArray[np.float64]:
    """Squared distance of each slice's probabilities to the truth (Brier 1950, multi-class form, 0 to 2);
    take the mean.
    """
    return ((probabilities - np.eye(probabilities.shape[1])[truth]) ** 2).sum(axis=1)


def top_confidence(
    probabilities: NDArray[np.floating], truth: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The told class's probability of each slice, and whether it was right (0 or 1)."""
    told = probabilities.argmax(axis=1)
    confidence = probabilities[np.arange(len(told)), told].astype(np.float64)
    return confidence, (told == truth).astype(np.float64)


def reliability_table(
    probabilities: NDArray[np.floating], truth: NDArray[np.integer], bins: int = BINS
) -> list[dict[str, float]]:
    """Per bin: count, mean confidence, accuracy; for a reliability diagram."""
    confidence, right = top_confidence(probabilities, truth)
    numbers = equal_mass_bins(confidence, bins)
    return [
        {
            "n": int(here.sum()),
            "confidence": float(confidence[here].mean()),
            "accuracy": float(right[here].mean()),
        }
        for here in (numbers == number for number in range(bins))
        if here.any()
    ]
