"""The pixels of a labelled slice: the picture and, where there is one, its tumour mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError
from saliscribe.io.figshare_mat import read_cjdata
from saliscribe.io.read import read_volume


def read_pixels(item: LabelledSlice) -> tuple[NDArray[np.float32], NDArray[np.bool_] | None]:
    """(rows, columns) float32 picture and bool mask on the same grid, or ``None`` where no mask is known.

    A mask is "more than half of its own maximum": published masks use 1, 255, or 3 and 255 in one file.
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
    return picture, mask > 0.5 * max(float(mask.max()), 1.0)
