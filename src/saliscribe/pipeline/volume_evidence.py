"""What the joined prediction of a volume looks like from outside: one body that goes on, or scattered guesses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.core.records.lesion import Lesion, VolumeEvidence
from saliscribe.core.volume import Volume
from saliscribe.pipeline.look_at_slices import Look
from saliscribe.pipeline.missing_slices import NONE_MISSING, MissingSlices

#: The brain is taken without its outermost voxels, where meninges and vessels are bright.
RIM_PX = 4


def volume_evidence(
    volume: Volume,
    looks: tuple[Look, ...],
    mask: NDArray[np.bool_],
    lesions: tuple[Lesion, ...],
    brain: NDArray[np.bool_] | None,
    axis: int,
    key_index: int,
    slice_mm: float | None,
    missing: MissingSlices = NONE_MISSING,
) -> VolumeEvidence:
    """Measures of the joined mask (I, J, K); see ``VolumeEvidence`` for each.

    ``slice_mm`` is the distance between slices: the header's, or what the match estimates where that cannot be true.
    Voxels of ``missing`` slices have no brightness.
    """
    areas = np.moveaxis(mask, axis, 0).reshape(mask.shape[axis], -1).sum(axis=1)
    seen = [look for look in looks if look.label is not None]
    with_region = [look for look in seen if areas[look.index]]
    largest = lesions[0].voxels if lesions else None
    return VolumeEvidence(
        slices_looked_at=len(seen),
        slices_with_region=len(with_region),
        slices_agreeing=sum(look.label == looks[key_index].label for look in with_region),
        largest_share=None if largest is None else len(largest) / int(mask.sum()),
        thickness_mm=None
        if largest is None or slice_mm is None
        else float((np.ptp(largest[:, axis]) + 1) * slice_mm),
        overlap=None if largest is None else _overlap(largest, axis),
        brightness=None
        if largest is None or brain is None
        else _brightness(volume.data[0], mask, brain, largest, missing),
        warned_share=None
        if not with_region
        else float(np.mean([bool(look.warnings) for look in with_region])),
    )


def _overlap(voxels: NDArray[np.intp], axis: int) -> float | None:
    """Mean Dice of each slice of the region with the next; ``None`` for a region of one slice."""
    box = voxels - voxels.min(axis=0)
    body = np.zeros(box.max(axis=0) + 1, dtype=bool)
    body[tuple(box.T)] = True
    slices = np.moveaxis(body, axis, 0).reshape(body.shape[axis], -1)
    if len(slices) < 2:
        return None
    both = (slices[1:] & slices[:-1]).sum(axis=1)
    return float(np.mean(2.0 * both / (slices[1:].sum(axis=1) + slices[:-1].sum(axis=1))))


def _brightness(
    data: NDArray[np.float32],
    mask: NDArray[np.bool_],
    brain: NDArray[np.bool_],
    voxels: NDArray[np.intp],
    missing: MissingSlices,
) -> float | None:
    """Bright part of the region (90th percentile) over that of the brain without it and without its rim."""
    inner = ndimage.binary_erosion(brain, iterations=RIM_PX) & ~mask & ~missing.where(mask.shape)
    voxels = voxels[~np.isin(voxels[:, missing.axis], missing.indices)]
    if inner.sum() < 1000 or not len(voxels):
        return None
    usual = float(np.percentile(data[inner], 90.0))
    return float(np.percentile(data[tuple(voxels.T)], 90.0)) / usual if usual > 0 else None
