"""Where a volume lies in the template, voxel by voxel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.core.names import Grade

Method = Literal["deformable", "affine", "none"]


@dataclass(frozen=True, eq=False)
class WarpField:
    """What a deformation adds to an affine match: ``shift`` (X, Y, Z, 3) in template mm, 0 beyond its grid.

    ``to_grid`` (4x4) takes voxel indices of the volume to indices of the field.
    """

    shift: NDArray[np.float32]
    to_grid: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class VolumePlacement:
    """A volume placed in ``space``.

    ``affine`` (4x4) takes voxel indices to template mm (RAS+); it is ``None`` when nothing fits (``method`` "none").
    ``similarity`` is the correlation with the template after the match, -1 to 1. ``assumed_mm`` is the voxel size
    that the match started from where the header's cannot be true, ``estimated_mm`` the one that came out of it.
    """

    grade: Grade
    method: Method
    affine: NDArray[np.float64] | None
    field: WarpField | None
    similarity: float | None
    space: str
    how: str
    assumed_mm: tuple[float, float, float] | None = None
    estimated_mm: tuple[float, float, float] | None = None
    notes: tuple[str, ...] = ()

    def to_mni(self, indices: NDArray) -> NDArray[np.float64]:
        """Template mm (N, 3) of voxel indices (N, 3), which may be fractions.

        Raises ValueError when the volume could not be placed.
        """
        if self.affine is None:
            raise ValueError("VolumePlacement.to_mni: the volume was not placed")
        points = np.asarray(indices, dtype=np.float64)
        placed = points @ self.affine[:3, :3].T + self.affine[:3, 3]
        if self.field is None:
            return np.asarray(placed)
        at = (points @ self.field.to_grid[:3, :3].T + self.field.to_grid[:3, 3]).T
        shift = [
            ndimage.map_coordinates(self.field.shift[..., axis], at, order=1, mode="nearest")
            for axis in range(3)
        ]
        return np.asarray(placed + np.stack(shift, axis=1))
