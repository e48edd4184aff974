"""Robust grey scaling and the square window around the head. Training and explaining share both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.records.prepared import Crop

#: Percentiles of the picture that become 0 and 1; the top one spares the contrast from a few bright vessels.
LOW_PERCENTILE, HIGH_PERCENTILE = 1.0, 99.7

#: A row or column belongs to the head when this share of the picture's width is brighter than the threshold.
FOREGROUND_LEVEL, FOREGROUND_SHARE = 0.10, 0.02

#: Room left around the head on each side, as a share of the window.
MARGIN = 0.03


def scale_grey(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """The (rows, columns) picture scaled to [0, 1] between two robust percentiles."""
    low, high = np.percentile(picture, (LOW_PERCENTILE, HIGH_PERCENTILE))
    if high <= low:
        low, high = float(picture.min()), float(picture.max())
    span = max(float(high - low), 1e-12)
    return np.clip((picture - low) / span, 0.0, 1.0).astype(np.float32)


def head_window(grey: NDArray[np.float32]) -> Crop:
    """The square window that holds the head, from the rows and columns that are brighter than air.

    A picture where no head stands out (less than a quarter of each side) keeps its full square.
    """
    bright = grey > FOREGROUND_LEVEL
    rows = np.flatnonzero(bright.mean(axis=1) > FOREGROUND_SHARE)
    columns = np.flatnonzero(bright.mean(axis=0) > FOREGROUND_SHARE)
    if min(rows.size, columns.size) == 0 or _too_small(rows, columns, grey.shape):
        rows, columns = np.arange(grey.shape[0]), np.arange(grey.shape[1])
    top, bottom, left, right = int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
    size = int(np.ceil(max(bottom - top, right - left) * (1 + 2 * MARGIN)))
    return Crop(top=round((top + bottom - size) / 2), left=round((left + right - size) / 2), size=size)


def _too_small(rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, ...]) -> bool:
    return (rows[-1] - rows[0] < shape[0] / 4) or (columns[-1] - columns[0] < shape[1] / 4)
