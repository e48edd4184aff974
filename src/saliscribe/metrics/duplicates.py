"""Near-duplicates in a set of pictures, mirrored ones too, and which of them stand across patients, folds or splits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Side of the fingerprint in pixels, and the correlation at which two fingerprints are the same picture.
SIDE, SAME = 32, 0.985
#: Rows of the correlation table that are computed at once.
BLOCK = 512


@dataclass(frozen=True)
class Duplicate:
    """Two pictures (by index, ``first < second``) that are nearly the same, perhaps after mirroring left to right."""

    first: int
    second: int
    correlation: float
    mirrored: bool


def fingerprint(picture: NDArray) -> NDArray[np.float32]:
    """A (32, 32) summary of the box around what is brighter than air, mean 0 and length 1; zeros for a flat picture."""
    grey = np.asarray(picture, dtype=np.float32)
    top = float(np.percentile(grey, 99.0))
    bright = grey > 0.15 * top
    rows, columns = (np.flatnonzero(bright.mean(axis=axis) > 0.02) for axis in (1, 0))
    if rows.size < 8 or columns.size < 8 or top <= 0:
        rows, columns = np.arange(grey.shape[0]), np.arange(grey.shape[1])
    box = np.minimum(grey[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], max(top, 1e-12))
    small = _area_mean(box, SIDE)
    small = small - small.mean()
    length = float(np.sqrt((small * small).sum()))
    return small / length if length > 1e-9 else np.zeros_like(small)


def find_duplicates(
    fingerprints: Sequence[NDArray] | NDArray, *, same: float = SAME, groups: Sequence[str] | None = None
) -> list[Duplicate]:
    """Pairs whose fingerprints correlate at least ``same``, as they are or mirrored; best first.

    With ``groups`` (patients, folds, splits) only pairs across two groups are reported. n^2 / 2 products in blocks:
    3,000 pictures take about a second.
    """
    table = np.stack([np.asarray(item, dtype=np.float32) for item in fingerprints])
    flat, mirrored = table.reshape(len(table), -1), table[:, :, ::-1].reshape(len(table), -1)
    names = None if groups is None else np.asarray(groups, dtype=str)
    found: list[Duplicate] = []
    for start in range(0, len(flat), BLOCK):
        block = flat[start : start + BLOCK]
        plain, turned = block @ flat.T, block @ mirrored.T
        best = np.maximum(plain, turned)
        rows, columns = np.nonzero(best >= same)
        for row, column in zip(rows + start, columns, strict=True):
            if row < column and (names is None or names[row] != names[column]):
                at = (row - start, column)
                found.append(Duplicate(int(row), int(column), float(best[at]), bool(turned[at] > plain[at])))
    return sorted(found, key=lambda pair: -pair.correlation)


def duplicate_groups(count: int, pairs: Sequence[Duplicate]) -> list[int]:
    """A group number for each of ``count`` pictures, the same for all that pairs connect: for splits where
    patients are unknown.
    """
    parent = list(range(count))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for pair in pairs:
        parent[root(pair.second)] = root(pair.first)
    return [root(index) for index in range(count)]


def _area_mean(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Exact mean over (side, side) equal boxes, from the picture's integral."""
    total = np.pad(picture.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    for axis in (0, 1):
        edges = np.linspace(0, total.shape[axis] - 1, side + 1)
        low = np.minimum(edges.astype(int), total.shape[axis] - 2)
        part = (edges - low).reshape((-1, 1) if axis == 0 else (1, -1))
        total = np.take(total, low, axis) * (1 - part) + np.take(total, low + 1, axis) * part
    boxes = np.diff(np.diff(total, axis=0), axis=1)
    return np.asarray(boxes * side * side / picture.size, dtype=np.float32)
