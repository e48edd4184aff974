"""The voxels that points fall in."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def voxels_at(
    volume: NDArray[Number], affine: NDArray[np.float64], points_mm: NDArray[np.float64]
) -> NDArray[Number]:
    """(N,) values of the voxels of ``volume`` (X, Y, Z) that (N, 3) points fall in; 0 outside it.

    ``affine`` takes indices of the volume to the millimetres of the points.
    """
    inverse = np.linalg.inv(affine)
    x, y, z = np.rint(points_mm @ inverse[:3, :3].T + inverse[:3, 3]).astype(np.intp).T
    wide, deep, high = volume.shape
    inside = (x >= 0) & (x < wide) & (y >= 0) & (y < deep) & (z >= 0) & (z < high)
    values = np.zeros(len(points_mm), dtype=volume.dtype)
    values[inside] = volume[x[inside], y[inside], z[inside]]
    return values
