"""From thresholded pixels to a mask of solid regions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage


def clean(pixels: NDArray[np.bool_], *, min_area: float, component_share: float) -> NDArray[np.bool_]:
    """Holes filled, small components dropped; 8-connected.

    A component stays with at least ``min_area`` of the picture's pixels and ``component_share`` of the largest one's.
    """
    kept = pixels.copy()
    for box in ndimage.find_objects(pixels.astype(np.uint8)):
        labels, count = ndimage.label(_without_holes(pixels[box]), structure=np.ones((3, 3), dtype=bool))
        areas = np.bincount(labels.ravel(), minlength=count + 1)
        areas[0] = 0
        keep = areas >= max(1.0, min_area * pixels.size, component_share * float(areas.max()))
        kept[box] = keep[labels]
    return kept


def fill_holes(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``pixels`` with every background region that does not reach the picture's border (4-connected)."""
    filled = pixels.copy()
    for box in ndimage.find_objects(pixels.astype(np.uint8)):
        filled[box] = _without_holes(pixels[box])
    return filled


def _without_holes(pixels: NDArray[np.bool_]) -> NDArray[np.bool_]:
    ground = np.ones((pixels.shape[0] + 2, pixels.shape[1] + 2), dtype=bool)
    ground[1:-1, 1:-1] = ~pixels
    labels, _ = ndimage.label(ground)
    return np.asarray(labels != labels[0, 0])[1:-1, 1:-1]


def smooth(heat: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """``heat`` blurred by a Gaussian whose sigma is ``share`` of the longer side; unchanged for 0."""
    if share <= 0.0:
        return heat
    return np.asarray(ndimage.gaussian_filter(heat, share * max(heat.shape), truncate=3.0), dtype=np.float32)
