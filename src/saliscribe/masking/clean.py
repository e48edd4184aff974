"""From thresholded pixels to a mask of solid regions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


def clean(pixels: NDArray[np.bool_], *, min_area: float, component_share: float) -> NDArray[np.bool_]:
    """Holes filled, small components dropped; 8-connected.

    A component stays with at least ``min_area`` of the picture's pixels and ``component_share`` of the largest one's.
    """
    filled = fill_holes(pixels)
    for box in ndimage.find_objects(pixels.astype(np.uint8)):
        labels, count = ndimage.label(filled[box], structure=np.ones((3, 3), dtype=bool))
        areas = np.bincount(labels.ravel(), minlength=count + 1)
        areas[0] = 0
        keep = areas >= max(1.0, min_area * pixels.size, component_share * float(areas.max()))
        filled[box] = keep[labels]
    return filled


def fill_holes(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``pixels`` with every background region that does not reach the picture's border (4-connected)."""
    filled = pixels.copy()
    for box in ndimage.find_objects(pixels.astype(np.uint8)):
        ground = np.pad(~pixels[box], 1, constant_values=True)
        labels, _ = ndimage.label(ground)
        filled[box] = (labels != labels[0, 0])[1:-1, 1:-1]
    return filled


def smooth(heat: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """``heat`` blurred by a Gaussian whose sigma is ``share`` of the longer side; unchanged for 0."""
    if share <= 0.0:
        return heat
    return np.asarray(ndimage.gaussian_filter(heat, share * max(heat.shape), truncate=3.0), dtype=np.float32)
