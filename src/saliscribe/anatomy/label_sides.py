"""On which side of the midline the labels of an atlas lie, told by their coordinates."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Lies = Literal["left", "right", "both halves", "across"]

#: A label is on one side if this part of it is; one of two halves if each side holds ``LEAST_HALF`` of it and at most
#: ``MOST_BETWEEN`` of it lies within ``BETWEEN_MM`` of the midline.
ONE_SIDE, LEAST_HALF, MOST_BETWEEN, BETWEEN_MM = 0.95, 0.3, 0.15, 3.0


def x_mm(shape: tuple[int, ...], affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """World x of every voxel of an (X, Y, Z) grid."""
    i, j, k = np.ogrid[: shape[0], : shape[1], : shape[2]]
    return np.asarray(affine[0, 0] * i + affine[0, 1] * j + affine[0, 2] * k + affine[0, 3])


def side_in_space(values: NDArray[np.uint16], affine: NDArray[np.float64], count: int) -> list[Lies]:
    """For labels 1 to ``count``: on one side, as two halves on both sides, or across the midline."""
    x = x_mm(values.shape, affine)
    total, left, right, between = (
        np.bincount(values[where].ravel() if where is not None else values.ravel(), minlength=count + 1)
        for where in (None, x < 0, x > 0, np.abs(x) <= BETWEEN_MM)
    )
    lies: list[Lies] = []
    for value in range(1, count + 1):
        whole = max(int(total[value]), 1)
        if left[value] >= ONE_SIDE * whole or right[value] >= ONE_SIDE * whole:
            lies.append("left" if left[value] > right[value] else "right")
        elif min(left[value], right[value]) >= LEAST_HALF * whole and between[value] <= MOST_BETWEEN * whole:
            lies.append("both halves")
        else:
            lies.append("across")
    return lies


def split_by_side(
    values: NDArray[np.uint16], affine: NDArray[np.float64], splitting: NDArray[np.bool_]
) -> tuple[NDArray[np.uint16], dict[int, int]]:
    """Labels with ``splitting[label]`` keep their value on the left; on the right they get the one that is returned."""
    if not splitting.any():
        return values, {}
    highest = len(splitting) - 1
    right_of = {int(value): highest + n for n, value in enumerate(np.flatnonzero(splitting), start=1)}
    renamed = np.arange(highest + 1, dtype=np.uint16)
    renamed[list(right_of)] = list(right_of.values())
    return np.where(x_mm(values.shape, affine) > 0, renamed[values], values), right_of
