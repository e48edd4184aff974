"""Tumour probabilities of single slices, joined to one mask in three dimensions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.masking.settings import DEFAULT_MASK_SETTINGS

#: Weights of a slice and its neighbours on either side: what one slice alone shows is halved.
NEIGHBOURS = (0.25, 0.5, 0.25)
#: Room around the brain (voxels in the plane) in which a tumour may lie: meninges, skull base.
ROOM_PX = 6


def join_slices(
    probability: NDArray[np.float32], slice_axis: int, thickness_mm: float | None
) -> NDArray[np.float32]:
    """``probability`` (I, J, K) smoothed across slices over about one thick slice (6 mm), so that neighbours agree.

    Thin slices are smoothed with as many neighbours as reach 3 mm to either side.
    """
    weights = np.array(NEIGHBOURS)
    if thickness_mm is not None and thickness_mm < 3.0:
        reach = min(8, round(3.0 / thickness_mm))
        weights = np.interp(np.arange(-reach, reach + 1) / reach, (-1.0, 0.0, 1.0), (0.25, 0.5, 0.25))
    return np.asarray(
        ndimage.convolve1d(probability, weights / weights.sum(), axis=slice_axis, mode="constant")
    )


def mask_at(
    joined: NDArray[np.float32], threshold: float, brain: NDArray[np.bool_] | None, slice_axis: int
) -> NDArray[np.bool_]:
    """The tumour mask (I, J, K): joined probability from ``threshold`` on, in and near the brain, small parts dropped.

    A 26-connected part stays with at least ``component_share`` of the largest part's sum of probability.
    """
    above = joined >= threshold
    if brain is not None and brain.any():
        flat = np.ones((3, 3, 3), dtype=bool)
        np.moveaxis(flat, slice_axis, 2)[:, :, (0, 2)] = False
        above &= ndimage.binary_dilation(brain, flat, iterations=ROOM_PX)
    box = ndimage.find_objects(above.astype(np.uint8))
    if not box:
        return above
    inside = above[box[0]]
    labels, count = ndimage.label(inside, structure=np.ones((3, 3, 3), dtype=bool))
    sums = np.bincount(labels.ravel(), weights=joined[box[0]].ravel(), minlength=count + 1)
    sums[0] = 0.0
    above[box[0]] = (sums >= DEFAULT_MASK_SETTINGS.component_share * sums.max())[labels] & inside
    return np.asarray(above)
