"""Cut one display-ready slice out of a volume; the only place that turns volumes into pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import DISPLAY_DIRECTIONS, NORMAL_AXIS, plane_of
from saliscribe.core.names import Plane
from saliscribe.core.volume import Volume


def index_axes(affine: NDArray[np.float64], plane: Plane) -> tuple[int, int, int, bool, bool]:
    """Which array axes are rows, columns and slices of ``plane``, and whether rows or columns are flipped.

    Returns ``(row_axis, column_axis, slice_axis, flip_rows, flip_columns)`` for a (I, J, K) array, so that
    the picture follows the radiological convention of ``core.axes.DISPLAY_DIRECTIONS``.
    """
    directions = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    slice_axis = int(np.argmax(np.abs(directions[NORMAL_AXIS[plane]])))
    rest = [axis for axis in range(3) if axis != slice_axis]
    down, right = (np.asarray(vector) for vector in DISPLAY_DIRECTIONS[plane])
    row_axis = max(rest, key=lambda axis: abs(float(down @ directions[:, axis])))
    column_axis = next(axis for axis in rest if axis != row_axis)
    flip_rows = float(down @ directions[:, row_axis]) < 0
    flip_columns = float(right @ directions[:, column_axis]) < 0
    return row_axis, column_axis, slice_axis, flip_rows, flip_columns


def best_plane(volume: Volume) -> Plane:
    """The plane of acquisition: perpendicular to the coarsest axis (axial when the spacing is the same)."""
    if volume.affine is None:
        return "axial"
    lengths = np.linalg.norm(volume.affine[:3, :3], axis=0)
    slice_axis = int(np.argmax(lengths)) if lengths.max() > 1.2 * lengths.min() else -1
    if slice_axis < 0:
        return "axial"
    order = [axis for axis in range(3) if axis != slice_axis]
    return plane_of(volume.affine[:, [*order, slice_axis, 3]])


def take_slice(volume: Volume, plane: Plane, index: int) -> Volume:
    """Slice number ``index`` (array order) of ``volume`` as a picture with its own affine.

    A volume without an affine is cut along its last axis as it lies, and keeps no geometry. The warnings of the
    volume are those of its slices.
    """
    if volume.affine is None:
        return replace(volume, data=volume.data[:, :, :, index : index + 1].copy())
    row, column, depth, flip_rows, flip_columns = index_axes(volume.affine, plane)
    data = np.moveaxis(volume.data, (row + 1, column + 1, depth + 1), (1, 2, 3))[:, :, :, index : index + 1]
    affine = volume.affine[:, [row, column, depth, 3]].copy()
    affine[:3, 3] += index * affine[:3, 2]
    if flip_rows:
        data = data[:, ::-1]
        affine[:3, 3] += (data.shape[1] - 1) * affine[:3, 0]
        affine[:3, 0] *= -1
    if flip_columns:
        data = data[:, :, ::-1]
        affine[:3, 3] += (data.shape[2] - 1) * affine[:3, 1]
        affine[:3, 1] *= -1
    return replace(volume, data=np.ascontiguousarray(data), affine=affine)


def put_slice(
    target: NDArray, affine: NDArray[np.float64] | None, plane: Plane, index: int, picture: NDArray
) -> None:
    """Write a (rows, columns) ``picture`` back into the (I, J, K) ``target``: the inverse of ``take_slice``."""
    if affine is None:
        target[:, :, index] = picture
        return
    row, column, depth, flip_rows, flip_columns = index_axes(affine, plane)
    if flip_rows:
        picture = picture[::-1]
    if flip_columns:
        picture = picture[:, ::-1]
    np.moveaxis(target, (row, column, depth), (0, 1, 2))[:, :, index] = picture


def read_slice(source: NDArray, affine: NDArray[np.float64] | None, plane: Plane, index: int) -> NDArray:
    """The (rows, columns) picture of slice ``index`` of an (I, J, K) array; what ``put_slice`` wrote."""
    if affine is None:
        return np.ascontiguousarray(source[:, :, index])
    row, column, depth, flip_rows, flip_columns = index_axes(affine, plane)
    picture = np.moveaxis(source, (row, column, depth), (0, 1, 2))[:, :, index]
    return np.ascontiguousarray(picture[:: -1 if flip_rows else 1, :: -1 if flip_columns else 1])


def slice_count(volume: Volume, plane: Plane) -> int:
    """How many slices of ``plane`` the volume has."""
    axis = 2 if volume.affine is None else index_axes(volume.affine, plane)[2]
    return volume.data.shape[axis + 1]
