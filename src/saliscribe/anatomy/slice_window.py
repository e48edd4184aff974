"""The picture as the level network sees it: the head's bounding square on a small grid, whatever the field of view."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.features import head_region, robust_scale

#: Pixels per side of the window.
WINDOW_PX = 96
#: The head is looked for in the picture brought to at most this many pixels per side.
SEARCH_PX = 128
#: The window is this much wider than the longer side of the head's bounding box.
MARGIN = 1.06
#: Grey value (of ``features.robust_scale``) at which the window is clipped.
BRIGHTEST = 1.5


def slice_window(picture: NDArray) -> NDArray[np.float32]:
    """(``WINDOW_PX``, ``WINDOW_PX``) values in [0, ``BRIGHTEST``], rounded to 255 steps as in training.

    Args:
        picture: (rows, columns) grey values, any scale.
    """
    scaled = robust_scale(_shrunk(np.asarray(picture, dtype=np.float32)))
    places = np.argwhere(head_region(scaled))
    if len(places) == 0:
        places = np.argwhere(np.ones_like(scaled, dtype=bool))
    low, high = places.min(axis=0), places.max(axis=0)
    window = _resampled(
        scaled, (low + high) / 2, MARGIN * float((high - low).max() + 1) / WINDOW_PX, WINDOW_PX
    )
    return np.floor(np.clip(window / BRIGHTEST, 0.0, 1.0) * 255) / np.float32(255) * np.float32(BRIGHTEST)


def _shrunk(values: NDArray[np.float32]) -> NDArray[np.float32]:
    zoom = max(values.shape) / SEARCH_PX
    if zoom <= 1:
        return values
    count = tuple(max(8, round(n / zoom)) for n in values.shape)
    offset = [(n - 1) / 2 - zoom * (m - 1) / 2 for n, m in zip(values.shape, count, strict=True)]
    smooth = ndimage.gaussian_filter(values, 0.4 * zoom)
    return np.asarray(
        ndimage.affine_transform(smooth, np.array([zoom, zoom]), offset, count, order=1, mode="nearest")
    )


def _resampled(
    values: NDArray[np.float32], middle: NDArray[np.float64], zoom: float, side: int
) -> NDArray[np.float32]:
    smooth = ndimage.gaussian_filter(values, 0.4 * zoom) if zoom > 1.1 else values
    offset = middle - zoom * (side - 1) / 2
    return np.asarray(
        ndimage.affine_transform(smooth, np.array([zoom, zoom]), offset, (side, side), order=1, cval=0.0),
        dtype=np.float32,
    )
