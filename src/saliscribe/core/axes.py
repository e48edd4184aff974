"""Anatomical axes. World space is RAS+ millimetres everywhere; this is the only file that says LPS."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Plane

#: DICOM and ITK world axes point Left, Posterior, Superior; ours point Right, Anterior, Superior.
LPS_TO_RAS: NDArray[np.float64] = np.diag([-1.0, -1.0, 1.0, 1.0])

#: World axis (0 = R, 1 = A, 2 = S) that a slice of each plane is perpendicular to.
NORMAL_AXIS: dict[Plane, int] = {"sagittal": 0, "coronal": 1, "axial": 2}

#: How a slice is shown, radiological convention: unit RAS vector of (rows going down, columns going right).
#: Axial and coronal: the patient's left is on the right of the picture. Sagittal: anterior on the left.
DISPLAY_DIRECTIONS: dict[Plane, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "axial": ((0.0, -1.0, 0.0), (-1.0, 0.0, 0.0)),
    "coronal": ((0.0, 0.0, -1.0), (-1.0, 0.0, 0.0)),
    "sagittal": ((0.0, 0.0, -1.0), (0.0, -1.0, 0.0)),
}


def plane_of(affine: NDArray[np.float64]) -> Plane:
    """Plane of a slice whose in-plane axes are the first two index axes of ``affine`` (4x4, RAS+ mm)."""
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    axis = int(np.argmax(np.abs(normal)))
    return next(plane for plane, index in NORMAL_AXIS.items() if index == axis)
