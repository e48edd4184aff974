"""The pixels of a labelled slice: the picture and, where there is one, its tumour mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError
from saliscribe.io.figshare_mat import read_cjdata
from saliscribe.io.read import read_volume

#: Brightest value of a mask picture that shows no tumour, and the cut of an 8-bit one.
_DARK, _HALF = 15.0, 127.0


def read_pixels(item: LabelledSlice) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None]:
    """(rows, columns) float32 picture and bool mask on the same grid, or ``None`` where no mask is known.

    See ``mask_pixels`` for how a mask picture becomes a mask.
    Raises InputError if a file cannot be read or the two grids differ.
    """
    if item.path.suffix == ".mat":
        record = read_cjdata(item.path)
        return record.image, record.mask
    picture = read_volume(item.path).picture
    if item.mask_path is None:
        return picture, None
    mask = read_volume(item.mask_path, role="mask").picture
    if mask.shape != picture.shape:
        raise InputError(
            "mask and picture differ in size",
            where=str(item.mask_path),
            expected=str(picture.shape),
            got=str(mask.shape),
        )
    return picture, mask_pixels(mask, str(item.mask_path))


def mask_pixels(values: NDArray, where: str = "") -> NDArray[np.bool_]:
    """A mask picture as booleans: 0 and 1 as they are, anything else cut at half of its bright value, never at 0.

    Published masks have a dark value that is not 0 (3 and 255 occur) and lossy ones noise around both values. A picture
    with dark values only (up to 15 of 255) is an empty mask. InputError for values that are neither 0/1
    nor dark/bright.
    """
    top = float(values.max(initial=0.0))
    if top <= 1.0:
        return np.asarray(values > 0.5)
    if top <= _DARK:
        return np.zeros(values.shape, dtype=bool)
    if top <= _HALF:
        raise InputError(
            "mask values are neither 0/1 nor dark/bright",
            expected="0 and 1, or near 0 and near 255",
            got=f"maximum {top:g}",
            where=where,
        )
    return np.asarray(values > (_HALF if top <= 255.0 else 0.5 * top))
