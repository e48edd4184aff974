"""What lies around a scan: a uniform border, or a canvas far wider than any scan of the head."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.features import head_region, robust_scale

#: Part of the range of grey values within which a border is uniform, and part of a row that must be.
TOLERANCE, ALIKE = 0.02, 0.99
#: A picture is at most so many times as wide as its head (323 real slices: at most 1.78); one that is wider
#: is cut down to what scans usually show (their median in axial slices is 1.22).
WIDEST, USUAL = 1.8, 1.3
#: The head is looked for in a picture of at most this many pixels per side.
SEARCH_PX = 256

Window = tuple[slice, slice]


def without_margin(picture: NDArray) -> Window:
    """Rows and columns of the picture without its margin; all of them where it has none.

    A border whose grey value is not that of the air (the darkest in the picture) is taken off wherever it is
    uniform. Black around a head belongs to the scan, up to ``WIDEST`` times the width of the head.

    Args:
        picture: (rows, columns) grey values, any scale.
    """
    rows, columns = _within_border(picture)
    inner = _around_head(picture[rows, columns])
    return (
        slice(rows.start + inner[0].start, rows.start + inner[0].stop),
        slice(columns.start + inner[1].start, columns.start + inner[1].stop),
    )


def shape_of(window: Window) -> tuple[int, int]:
    """Rows and columns of a window."""
    return window[0].stop - window[0].start, window[1].stop - window[1].start


def shifted(window: Window) -> NDArray[np.float64]:
    """4x4 matrix from (row, column, 0) of the picture to (row, column, 0) of its window."""
    out = np.eye(4)
    out[:2, 3] = -window[0].start, -window[1].start
    return out


def _within_border(picture: NDArray) -> Window:
    """The picture without a uniform border that is brighter than its air."""
    low, high = float(picture.min()), float(picture.max())
    tone = float(np.median(np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])))
    near = TOLERANCE * (high - low)
    everything = (slice(0, picture.shape[0]), slice(0, picture.shape[1]))
    if tone <= low + near:
        return everything
    border = np.abs(picture - tone) <= near
    inside = tuple(np.flatnonzero(border.mean(axis=axis) < ALIKE) for axis in (1, 0))
    if any(len(places) == 0 for places in inside):
        return everything
    rows, columns = (slice(int(places[0]), int(places[-1]) + 1) for places in inside)
    return rows, columns


def _around_head(picture: NDArray) -> Window:
    """The middle of a picture that is too wide for its head, as wide as a scan would be."""
    step = max(1, -(-max(picture.shape) // SEARCH_PX))
    places = step * np.argwhere(head_region(robust_scale(picture[::step, ::step])))
    everything = (slice(0, picture.shape[0]), slice(0, picture.shape[1]))
    if len(places) == 0:
        return everything
    low, high = places.min(axis=0), places.max(axis=0) + step
    extent = int((high - low).max())
    if max(picture.shape) <= WIDEST * extent:
        return everything
    reach = round(USUAL * extent / 2)
    rows, columns = (
        slice(max(0, int(middle) - reach), min(count, int(middle) + reach))
        for middle, count in zip((low + high) // 2, picture.shape, strict=True)
    )
    return rows, columns
