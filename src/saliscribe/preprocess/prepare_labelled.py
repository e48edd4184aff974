"""A slice of a labelled table, ready for a network, with its true mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.volume import Source, Volume
from saliscribe.io.labelled_pixels import read_pixels
from saliscribe.preprocess.prepare import prepare


def prepare_labelled(item: LabelledSlice, size: int) -> tuple[Prepared, NDArray[np.bool_] | None]:
    """The slice at the network's ``size``, and its true mask (rows, columns); ``None`` where the table has none."""
    picture, truth = read_pixels(item)
    voxels = np.ascontiguousarray(picture[None, :, :, None], dtype=np.float32)
    return prepare(Volume(voxels, Source(str(item.path), "labelled")), size), truth
