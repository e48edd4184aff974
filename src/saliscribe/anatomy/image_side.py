"""Left and right: of the patient where the orientation is known, else of the picture."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Plane, Side

ImageSide = Literal["image-left", "image-right", "image-midline", "not_assessed"]

#: A lesion is in the midline if its middle is at most this far (mm) from it and each side holds a quarter of it.
MIDLINE_MM, MIDLINE_SHARE = 10.0, 0.25


def side_of(points_mm: NDArray[np.float64]) -> Side:
    """Side of the patient on which (N, 3) RAS+ points lie: the side of their middle, or midline."""
    if len(points_mm) == 0:
        return "not_assessed"
    x = points_mm[:, 0]
    smaller = min(float((x < 0).mean()), float((x > 0).mean()))
    if abs(float(x.mean())) <= MIDLINE_MM and smaller >= MIDLINE_SHARE:
        return "midline"
    return "left" if float(x.mean()) < 0 else "right"


def image_side_of(
    points_mm: NDArray[np.float64], affine: NDArray[np.float64], plane: Plane | None
) -> ImageSide:
    """Side of the picture, seen from the placed midline; none in sagittal slices and where the head lies sideways."""
    side = side_of(points_mm)
    lying = abs(affine[0, 1]) < abs(affine[0, 0])  # left to right of the patient runs down the picture
    if side == "not_assessed" or plane in (None, "sagittal") or lying:
        return "not_assessed"
    if side == "midline":
        return "image-midline"
    columns_run_right = affine[0, 1] > 0
    return "image-right" if (side == "right") == columns_run_right else "image-left"
