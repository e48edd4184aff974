"""The true tumour mask of a labelled slice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError


def read_labelled_mask(item: LabelledSlice) -> NDArray[np.bool_] | None:
    """The (rows, columns) mask of ``item``, ``None`` where there is none; an all-False mask is a true "nothing here"."""
    if item.mask_path is None:
        return None
    return read_mask_picture(item.mask_path)


def read_mask_picture(path: Path) -> NDArray[np.bool_]:
    """A mask picture as booleans.

    0 and 1 are taken as they are. Anything else is cut at 127 of 255, never at 0: exported masks have a dark
    value that is not 0 (3 and 255 occur) and lossy ones have noise around both.

    Raises:
        InputError: not a picture, or one whose values are neither 0/1 nor dark/bright.
    """
    try:
        with Image.open(path) as picture:
            values = np.asarray(picture if picture.mode in {"1", "L", "I;16"} else picture.convert("L"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise InputError("mask cannot be read", expected="a picture", got=str(error), where=str(path)) from error
    if values.dtype == np.bool_ or values.max(initial=0) <= 1:
        return values > 0
    top = 65535 if values.dtype == np.uint16 else 255
    if values.max() <= top // 2 and values.max() > top // 16:
        raise InputError(
            "mask values are neither 0/1 nor dark/bright", expected="0 and 1, or near 0 and near 255",
            got=f"maximum {int(values.max())}", where=str(path),
        )
    return values > top // 2
