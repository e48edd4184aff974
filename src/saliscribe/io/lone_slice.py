"""A volume file that holds one slice becomes a picture, turned the way it is shown."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from saliscribe.core.axes import plane_of
from saliscribe.core.slices import index_axes, take_slice
from saliscribe.core.volume import Volume


def as_picture(volume: Volume) -> Volume:
    """``volume`` itself, or, where one side is 1, its slice as (1, rows, columns, 1) in display order.

    Without an affine the array is kept as it lies, the single axis last.
    """
    shape = volume.data.shape[1:]
    if 1 not in shape:
        return volume
    single = 2 - shape[::-1].index(1)
    rest = [axis for axis in range(3) if axis != single]
    if volume.affine is None:
        return replace(volume, data=np.ascontiguousarray(np.moveaxis(volume.data, single + 1, 3)))
    plane = plane_of(volume.affine[:, [*rest, single, 3]])
    if index_axes(volume.affine, plane)[2] != single:
        order = [*rest, single]
        data = np.moveaxis(volume.data, [axis + 1 for axis in order], (1, 2, 3))
        oblique = "the slice is too oblique for a plane; it is shown as it is stored"
        return replace(
            volume,
            data=np.ascontiguousarray(data),
            affine=volume.affine[:, [*order, 3]],
            warnings=(*volume.warnings, oblique),
        )
    return replace(take_slice(volume, plane, 0), warnings=volume.warnings)
