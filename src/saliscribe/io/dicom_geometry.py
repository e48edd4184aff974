"""DICOM position, orientation and spacing -> RAS+ affine of a (rows, columns, frames) array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import DISPLAY_DIRECTIONS, LPS_TO_RAS, plane_of

Place = dict[str, Any]

#: A header that places a slice farther away than this says nothing about where it lies.
_FARTHEST_MM = 1e6


def frame_affine(place: Place) -> NDArray[np.float64] | None:
    """Affine of one frame (4x4, RAS+ mm), or None where the header does not give all of its place.

    Row index i steps along the second direction cosines by the row spacing, column index j along the first
    by the column spacing (PS3.3 C.7.6.2.1.1); k along their cross product by the slice distance, else
    the thickness, else 1 mm, which for a lone frame is a unit and not a measurement.
    """
    if place["position"] is None or place["orientation"] is None or place["spacing"] is None:
        return None
    across, down = np.array(place["orientation"][:3]), np.array(place["orientation"][3:])
    lengths = np.linalg.norm(across), np.linalg.norm(down)
    rows_mm, columns_mm = place["spacing"]
    if min(lengths) < 0.5 or rows_mm <= 0 or columns_mm <= 0 or abs(across @ down) > 0.05:
        return None
    across, down = across / lengths[0], down / lengths[1]
    step = next((abs(mm[0]) for mm in (place["distance"], place["thickness"]) if mm and mm[0] != 0), 1.0)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1] = down * rows_mm, across * columns_mm
    affine[:3, 2] = np.cross(across, down) * step
    affine[:3, 3] = place["position"]
    if not np.abs(affine).max() < _FARTHEST_MM:
        return None
    return np.asarray(LPS_TO_RAS @ affine, dtype=np.float64)


def unusual_display(affine: NDArray[np.float64]) -> bool:
    """True when the stored picture is turned or mirrored against the radiological way of showing its plane."""
    down, right = DISPLAY_DIRECTIONS[plane_of(affine)]
    return bool(affine[:3, 0] @ np.array(down) <= 0 or affine[:3, 1] @ np.array(right) <= 0)
