"""The slices of a volume that matter, side by side on one picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Plane
from saliscribe.core.slices import read_slice, take_slice
from saliscribe.core.volume import Volume
from saliscribe.preprocess.grey import scale_grey
from saliscribe.reporting.pictures import overlay

#: So many slices at most, in rows of so many.
MOST, PER_ROW = 12, 4


def slice_sheet(
    volume: Volume, plane: Plane, mask: NDArray[np.bool_], slices: list[int]
) -> NDArray[np.uint8] | None:
    """(rows, columns, 3): ``slices`` (twelve of them at most) with the outline of the mask; ``None`` without any."""
    if not slices:
        return None
    chosen = [slices[int(at)] for at in np.linspace(0, len(slices) - 1, min(MOST, len(slices))).round()]
    tiles = []
    for index in chosen:
        grey = scale_grey(take_slice(volume, plane, index).picture)
        tiles.append(overlay(grey, None, read_slice(mask, volume.affine, plane, index).astype(bool)))
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % min(PER_ROW, len(tiles)))
    width = min(PER_ROW, len(tiles))
    rows = [np.concatenate(tiles[start : start + width], axis=1) for start in range(0, len(tiles), width)]
    return np.ascontiguousarray(np.concatenate(rows))
