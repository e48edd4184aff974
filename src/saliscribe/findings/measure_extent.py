"""How large a region is in the plane of the slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull


@dataclass(frozen=True)
class Extent:
    """Area and the two diameters, in the units of ``spacing`` (pixels for a spacing of 1)."""

    area: float
    longest: float
    perpendicular: float


def measure_extent(mask: NDArray[np.bool_], spacing: tuple[float, float] = (1.0, 1.0)) -> Extent | None:
    """Area,
    longest diameter and largest perpendicular diameter of the largest part of ``mask``; area of all of it.

    ``mask`` (rows, columns), ``spacing`` (row, column) of one pixel. The longest diameter is the largest
    distance between two outer pixel corners (largest Feret diameter). The perpendicular is the largest extent
    of the part along any one line at a right angle to it, as in two-diameter tumour measurement (WHO, RANO);
    lines are one pixel apart. ``None`` for an empty mask.
    """
    if not mask.any():
        return None
    part = largest_part(mask)
    corners = _corners(part) * np.asarray(spacing)
    outline = corners[ConvexHull(corners).vertices]
    offsets = outline[:, None, :] - outline[None, :, :]
    distances = np.hypot(offsets[..., 0], offsets[..., 1])
    first, second = np.unravel_index(int(distances.argmax()), distances.shape)
    along = (outline[second] - outline[first]) / distances[first, second]
    across = np.array([-along[1], along[0]])
    perpendicular = _largest_extent_across(part, spacing, along, across)
    area = float(mask.sum()) * spacing[0] * spacing[1]
    return Extent(area, float(distances.max()), min(perpendicular, float(distances.max())))


def largest_part(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest 8-connected part of a non-empty mask."""
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    sizes = ndimage.sum_labels(mask, labels, range(1, count + 1))
    return np.asarray(labels == int(np.argmax(sizes)) + 1)


def count_parts(mask: NDArray[np.bool_]) -> int:
    """Number of 8-connected parts."""
    return int(ndimage.label(mask, structure=np.ones((3, 3)))[1])


def _corners(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    rows, columns = mask.shape
    touched = np.zeros((rows + 1, columns + 1), dtype=bool)
    for down in (0, 1):
        for right in (0, 1):
            touched[down : rows + down, right : columns + right] |= mask
    return np.asarray(np.argwhere(touched) - 0.5, np.float64)


def _largest_extent_across(
    mask: NDArray[np.bool_],
    spacing: tuple[float, float],
    along: NDArray[np.float64],
    across: NDArray[np.float64],
) -> float:
    """Largest extent of the pixels on lines at a right angle to ``along``; a pixel counts with its width."""
    centres = np.stack(np.nonzero(mask), axis=1) * np.asarray(spacing)
    step = min(spacing)
    bins = np.floor((centres @ along) / step).astype(int)
    bins -= bins.min()
    position = centres @ across
    high = np.full(bins.max() + 1, -np.inf)
    low = np.full(bins.max() + 1, np.inf)
    np.maximum.at(high, bins, position)
    np.minimum.at(low, bins, position)
    width = abs(across[0]) * spacing[0] if abs(across[0]) > abs(across[1]) else abs(across[1]) * spacing[1]
    return float((high - low)[np.isfinite(high)].max() + width)
