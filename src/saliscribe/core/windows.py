"""Between the input's pixels and the square window that a network sees; exact inverses of each other's geometry."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.core.records.prepared import Crop


def cut_window(picture: NDArray, crop: Crop, size: int, order: int = 1) -> NDArray[np.float32]:
    """The window ``crop`` of a (rows, columns) picture, resampled to (size, size).

    Pixel centres map by ``input = crop.top + (output + 0.5) * crop.size / size - 0.5``; beyond the
    picture's border there is 0. ``order`` 1 is linear (with averaging when shrinking), 0 nearest.
    """
    scale = crop.size / size
    source = np.asarray(picture, dtype=np.float32)
    if order > 0 and scale > 1.0:
        source = ndimage.gaussian_filter(source, 0.5 * (scale - 1.0))
    offset = 0.5 * scale - 0.5
    return _resample(source, scale, (crop.top + offset, crop.left + offset), (size, size), order)


def paste_window(
    window: NDArray,
    crop: Crop,
    shape: tuple[int, int],
    order: int = 1,
    shift: tuple[float, float] = (0.0, 0.0),
) -> NDArray[np.float32]:
    """A (s, s) map of the window, of any resolution s, brought back to the (rows, columns) input grid; 0 outside.

    Values stand for the middles of their cells, or for a place ``shift`` (rows, columns; as a share of the window)
    further on.
    """
    scale = window.shape[0] / crop.size
    start = [
        0.5 * scale - 0.5 - first * scale - moved * window.shape[0]
        for first, moved in zip((crop.top, crop.left), shift, strict=True)
    ]
    inside = np.asarray(window, dtype=np.float32)
    pasted = _resample(inside, scale, (start[0], start[1]), shape, order, "nearest")
    rows, columns = np.arange(shape[0]) - crop.top, np.arange(shape[1]) - crop.left
    pasted[(rows < 0) | (rows >= crop.size)] = 0.0
    pasted[:, (columns < 0) | (columns >= crop.size)] = 0.0
    return pasted


def _resample(
    source: NDArray[np.float32],
    scale: float,
    start: tuple[float, float],
    shape: tuple[int, int],
    order: int,
    beyond: str = "constant",
) -> NDArray[np.float32]:
    out = ndimage.affine_transform(
        source,
        np.array([scale, scale]),
        offset=start,
        output_shape=shape,
        order=order,
        mode=beyond,
        cval=0.0,
    )
    return np.asarray(out, dtype=np.float32)
