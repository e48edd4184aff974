"""Turning a picture by quarter turns and mirrors, with the matrix that takes its indices along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import DISPLAY_DIRECTIONS, NORMAL_AXIS
from saliscribe.core.names import Plane


@dataclass(frozen=True)
class Turn:
    """First swap rows and columns (if ``swap``), then flip rows and columns of the result."""

    swap: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    def apply(self, picture: NDArray) -> NDArray:
        """The turned (rows, columns) picture."""
        out = picture.T if self.swap else picture
        out = out[::-1] if self.flip_rows else out
        return np.ascontiguousarray(out[:, ::-1] if self.flip_columns else out)

    def matrix(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        """4x4 matrix from (row, column, 0) of the picture of ``shape`` to (row, column, 0) of the turned one."""
        out = np.eye(4)
        rows, columns = shape
        if self.swap:
            out = out[[1, 0, 2, 3]]
            rows, columns = columns, rows
        if self.flip_rows:
            out[0] = -out[0]
            out[0, 3] += rows - 1
        if self.flip_columns:
            out[1] = -out[1]
            out[1, 3] += columns - 1
        return out


#: As it lies, then the three quarter turns of pictures that were saved without regard to orientation.
UPRIGHT = Turn()
QUARTER_TURNS = (Turn(True, False, True), Turn(False, True, True), Turn(True, True, False))


def turn_to_display(affine: NDArray[np.float64], plane: Plane) -> Turn:
    """The turn after which a slice with this ``affine`` is shown as ``core.axes.DISPLAY_DIRECTIONS`` says."""
    directions = affine[:3, :2] / np.linalg.norm(affine[:3, :2], axis=0)
    down, right = (np.asarray(vector) for vector in DISPLAY_DIRECTIONS[plane])
    swap = abs(float(down @ directions[:, 1])) > abs(float(down @ directions[:, 0]))
    rows, columns = (directions[:, 1], directions[:, 0]) if swap else (directions[:, 0], directions[:, 1])
    return Turn(swap, float(down @ rows) < 0, float(right @ columns) < 0)


def normal_coordinate(affine: NDArray[np.float64], plane: Plane, shape: tuple[int, int]) -> float:
    """World coordinate, along the plane's normal, of the middle of a slice of ``shape``."""
    middle = affine @ np.array([(shape[0] - 1) / 2, (shape[1] - 1) / 2, 0.0, 1.0])
    return float(middle[NORMAL_AXIS[plane]])
