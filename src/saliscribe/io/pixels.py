"""Decoded pixels -> the float32 array of a Volume: sizes, constants and missing values are dealt with once, here."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.errors import InputError
from saliscribe.io.file_bytes import FileBytes

MIN_SIDE = 32
MAX_PICTURE_PIXELS = 100_000_000
MAX_VOXELS = 2**28
MAX_ASPECT = 5.0
#: Above this share of NaN or infinite values an image is refused instead of filled.
MAX_MISSING = 0.5


def check_shape(shape: tuple[int, ...], where: str) -> None:
    """Refuse sizes that no brain slice has; called with the declared size, before anything is allocated.

    ``shape`` is (rows, columns) or a volume's (I, J, K), of which the two largest sides count as the picture.

    Raises:
        InputError: too small, too large, or too elongated.
    """
    text = " x ".join(str(side) for side in shape)
    if any(side < 1 for side in shape):
        raise InputError("the header declares an impossible size", got=text, where=where)
    short, long = sorted(shape)[-2:]
    total = 1
    for side in shape:
        total *= side
    if short * long > MAX_PICTURE_PIXELS or total > MAX_VOXELS:
        raise InputError(
            "the image is too large",
            expected=f"at most {MAX_PICTURE_PIXELS:,} pixels a slice and {MAX_VOXELS:,} in all",
            got=f"{text} declared",
            where=where,
        )
    if short < MIN_SIDE:
        raise InputError(
            "the image is too small",
            expected=f"at least {MIN_SIDE} x {MIN_SIDE} pixels",
            got=text,
            where=where,
        )
    if long > MAX_ASPECT * short:
        raise InputError(
            "the image is too elongated for a brain slice",
            expected=f"sides within 1 : {MAX_ASPECT:g}",
            got=text,
            where=where,
        )


def as_data(pixels: NDArray, file: FileBytes) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """A (rows, columns) or (I, J, K) array as (1, I, J, K) float32, finite, with what had to be mended.

    NaN and infinite values, the usual background of skull-stripped volumes, take the lowest finite value.

    Raises:
        InputError: bad size, more than half missing, beyond float32, or the same value everywhere (a mask may).
    """
    where = str(file.path)
    check_shape(pixels.shape, where)
    notes: tuple[str, ...] = ()
    grid = pixels if pixels.ndim == 3 else pixels[:, :, None]
    if grid.dtype.kind == "f":
        grid, notes = _fill_missing(grid, where)
    low, high = float(grid.min()), float(grid.max())
    if not max(abs(low), abs(high)) < float(np.finfo(np.float32).max):
        raise InputError("the intensities are absurd", got=f"{low:g} to {high:g}", where=where)
    data = np.ascontiguousarray(grid, dtype=np.float32)[None]
    if file.role == "scan" and data.min() == data.max():
        raise InputError("the image is empty: every pixel has the same value", got=f"{low:g}", where=where)
    return data, notes


def _fill_missing(grid: NDArray, where: str) -> tuple[NDArray, tuple[str, ...]]:
    finite = np.isfinite(grid)
    missing = 1.0 - float(finite.mean())
    if missing == 0.0:
        return grid, ()
    if missing > MAX_MISSING:
        raise InputError(f"{missing:.0%} of the pixels are NaN or infinite", where=where)
    return np.where(finite, grid, grid[finite].min()), (
        f"{missing:.2%} of the pixels are NaN or infinite and count as background",
    )
