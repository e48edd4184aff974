"""Planes through MNI space: where a slice of a given plane, level, pitch and mirror lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import DISPLAY_DIRECTIONS, NORMAL_AXIS
from saliscribe.core.names import Plane

#: The MNI point that is put in the middle of the search canvas: roughly the middle of head and neck.
HEAD_CENTRE: NDArray[np.float64] = np.array([0.0, -8.0, -7.0])
#: The MNI point at which the level of a tilted slice is read: the middle of the brain.
BRAIN_CENTRE: NDArray[np.float64] = np.array([0.0, -18.0, 8.0])


@dataclass(frozen=True)
class SlicePlane:
    """Unit vectors (RAS+) of a picture's columns (to the right) and rows (down), and the point in its middle."""

    plane: Plane
    centre: NDArray[np.float64]
    right: NDArray[np.float64]
    down: NDArray[np.float64]

    @cached_property
    def normal(self) -> NDArray[np.float64]:
        """The unit vector that stands on the picture."""
        return np.cross(self.down, self.right)


def slice_plane(plane: Plane, level_mm: float, pitch_deg: float = 0.0, mirrored: bool = False) -> SlicePlane:
    """The slice of ``plane`` at ``level_mm``, nodding by ``pitch_deg`` (positive: front of the head upwards).

    Pictures follow the radiological convention; ``mirrored`` turns the columns round.
    """
    down, right = (np.asarray(vector, dtype=np.float64) for vector in DISPLAY_DIRECTIONS[plane])
    if mirrored:
        right = -right
    nod = _rotation_about_x(pitch_deg)
    axis = NORMAL_AXIS[plane]
    centre = HEAD_CENTRE.copy()
    centre[axis] = level_mm
    centre = BRAIN_CENTRE + nod @ (centre - BRAIN_CENTRE)
    return SlicePlane(plane, centre, nod @ right, nod @ down)


def level_of(affine: NDArray[np.float64], plane: Plane) -> float:
    """MNI coordinate along the plane's normal where the slice meets the line through the middle of the brain.

    ``affine`` (4x4) takes (row, column, 0) to MNI mm. For a slice without tilt this is the one coordinate that
    all its points share.
    """
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    axis = NORMAL_AXIS[plane]
    rest = BRAIN_CENTRE.copy()
    rest[axis] = 0.0
    return float(normal @ (affine[:3, 3] - rest) / normal[axis])


def _rotation_about_x(degrees: float) -> NDArray[np.float64]:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return np.array([[1.0, 0.0, 0.0], [0.0, c, -s], [0.0, s, c]])
