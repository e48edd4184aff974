"""Which way the slices of an array lie when its file states no orientation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: An axis is that of the slices if its voxels are this much longer than the next longest, or, where all are alike, if
#: it has at most this part of the voxels of the next shortest.
LONGER, SHORTER = 1.2, 0.6
_NUMBER = ("first", "second", "third")


Size = tuple[float, float, float]


def slices_last(voxels: NDArray, spacing: Size) -> tuple[NDArray, Size, str]:
    """``voxels`` (I, J, K) with the axis across the slices last, their spacing in mm, and a few words on what was done.

    The words are empty where the slices lie along the last axis already, as they do where nothing tells the axis.
    """
    axis, why = _slice_axis(voxels.shape, spacing)
    if axis == 2:
        return voxels, spacing, ""
    order = [other for other in range(3) if other != axis] + [axis]
    turned = (spacing[order[0]], spacing[order[1]], spacing[order[2]])
    return np.moveaxis(voxels, axis, 2), turned, f"; slices taken along the {_NUMBER[axis]} axis, {why}"


def _slice_axis(shape: tuple[int, ...], spacing: Size) -> tuple[int, str]:
    if 1 in shape:
        return 2, ""
    second, longest = sorted(spacing)[1:]
    if longest > LONGER * second:
        return spacing.index(longest), "whose voxels are the longest"
    shortest, second_shortest = sorted(shape)[:2]
    if shortest <= SHORTER * second_shortest:
        return shape.index(shortest), "which is the shortest"
    return 2, ""
