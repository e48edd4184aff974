"""Distances between the outlines of two masks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


def hausdorff95(
    predicted: NDArray[np.bool_],
    truth: NDArray[np.bool_],
    *,
    spacing_mm: float | tuple[float, float] | None = None,
) -> float | None:
    """The larger of the two directed 95th percentiles of outline distances (Huttenlocher 1993, robust form).

    In millimetres with ``spacing_mm``, else in pixels. ``None`` where one mask is empty: there is no
    distance; 0 where both are.
    """
    return _directed_percentile(predicted, truth, spacing_mm, 95.0)


def hausdorff(
    predicted: NDArray[np.bool_],
    truth: NDArray[np.bool_],
    *,
    spacing_mm: float | tuple[float, float] | None = None,
) -> float | None:
    """The largest outline distance; units and empty masks as for ``hausdorff95``."""
    return _directed_percentile(predicted, truth, spacing_mm, 100.0)


def _directed_percentile(
    predicted: NDArray[np.bool_],
    truth: NDArray[np.bool_],
    spacing: float | tuple[float, float] | None,
    percentile: float,
) -> float | None:
    first, second = np.asarray(predicted, dtype=bool), np.asarray(truth, dtype=bool)
    if first.shape != second.shape:
        raise ValueError(f"hausdorff: expected masks of one shape, got {first.shape} and {second.shape}")
    if not first.any() or not second.any():
        return 0.0 if first.any() == second.any() else None
    sides = (1.0, 1.0) if spacing is None else np.broadcast_to(np.asarray(spacing, dtype=float), (2,))
    one, other = outline(first), outline(second)
    there = ndimage.distance_transform_edt(~other, sampling=sides)[one]
    back = ndimage.distance_transform_edt(~one, sampling=sides)[other]
    return float(max(np.percentile(there, percentile), np.percentile(back, percentile)))


def outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mask pixels that touch (by a side) a pixel outside it; the picture's border counts as outside."""
    return np.asarray(mask & ~ndimage.binary_erosion(mask))
