"""A volume to the template: affine, then deformable where it can be had, with a figure of merit and a refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.itk_image import unsheared
from saliscribe.anatomy.match_affine import AffineMatch, coarse, match_affine
from saliscribe.anatomy.match_deformable import can_deform, match_deformable, too_thin
from saliscribe.anatomy.registration_template import (
    SPACE,
    RegistrationTemplate,
    registration_template,
    sample,
)
from saliscribe.core.records.volume_placement import VolumePlacement, WarpField
from saliscribe.core.volume import DOUBTFUL_SPACING, Volume

#: Below this correlation after the affine match nothing is placed (docs/volumes.md says how it was set).
LEAST_SIMILARITY = 0.25
#: Slice distances (mm) that are tried, and the pixel size, where the header's cannot be true.
TRIED_MM: tuple[float, ...] = (5.0, 6.5)
USUAL_PIXEL_MM = 0.92
#: The template's size over life.
TEMPLATE_OVER_LIFE = 1.07
#: Room left around the tumour (mm): what it pushes aside does not count either.
MARGIN_MM = 3.0
#: Grid (mm) and window (mm) on which the similarity is computed.
COMPARED_MM, WINDOW_MM = 4.0, 16.0
#: Voxels are averaged to about this size (mm) before anything else.
SMALL_MM = 2.0
TOO_THIN = "the volume is too thin a slab for a deformable match"
NO_EXTRA = "deformable matching needs greedy, which is not installed: pip install 'saliscribe[register]'"


def register_volume(volume: Volume, tumour: NDArray[np.bool_], *, deformable: bool = True) -> VolumePlacement:
    """Where the volume lies in the template.

    Grade A: trusted geometry and a deformable match. B: an affine match only, or a header whose voxel size cannot be
    true. C: both. D, without an affine: no geometry at all, or nothing fits.

    Args:
        volume: one channel, any orientation.
        tumour: (I, J, K) voxels that are left out of the match.
        deformable: False keeps to the affine match.
    """
    if volume.affine is None:
        return _nowhere("the file states no geometry", None)
    template = registration_template()
    heads = [_head(volume, tumour, affine) for affine in _believed(volume)]
    matches = [(match_affine(head.grey, head.affine, head.left_out, template), head) for head in heads]
    found = [(match, head) for match, head in matches if match is not None]
    if not found:
        return _nowhere("no part of the volume falls on the template", None)
    match, head = max(found, key=lambda pair: pair[0].information)
    return _placed(match, head, template, is_doubtful(volume), deformable)


@dataclass(frozen=True, eq=False)
class _Head:
    """A volume made small: ``grey`` and ``left_out`` (I, J, K) with an ``affine`` at right angles.

    ``to_small`` (4x4) takes voxel indices of the volume itself to indices of ``grey``.
    """

    grey: NDArray[np.float32]
    left_out: NDArray[np.bool_]
    affine: NDArray[np.float64]
    to_small: NDArray[np.float64]


def _head(volume: Volume, tumour: NDArray[np.bool_], believed: NDArray[np.float64]) -> _Head:
    """Blocks of voxels averaged up to ``SMALL_MM``; the match works on coarser grids anyway."""
    spacing = np.linalg.norm(believed[:3, :3], axis=0)
    blocks = [max(1, int(SMALL_MM / size + 0.05)) for size in spacing]
    from_small = np.diag([*blocks, 1.0])
    from_small[:3, 3] = [(block - 1) / 2 for block in blocks]
    affine = unsheared(believed @ from_small)
    grey = _blocked(_scaled(volume.data[0]), blocks)
    left_out = _with_margin(_blocked(tumour.astype(np.float32), blocks) > 0.25, affine) | _blank(grey)
    return _Head(grey, left_out, affine, np.linalg.inv(from_small))


def _blocked(data: NDArray[np.float32], blocks: list[int]) -> NDArray[np.float32]:
    """Means of blocks of voxels; what is left over at the far ends is dropped."""
    for axis, block in enumerate(blocks):
        if block > 1:
            whole = np.moveaxis(data, axis, 0)
            even = whole[: len(whole) // block * block]
            data = np.moveaxis(even.reshape(-1, block, *even.shape[1:]).mean(axis=1), 0, axis)
    return np.ascontiguousarray(data, dtype=np.float32)


def _placed(
    match: AffineMatch, head: _Head, template: RegistrationTemplate, doubted: bool, deformable: bool
) -> VolumePlacement:
    # A sheared stack (tilted gantry) was matched as if it were straight: the match has taken up the shear.
    straight = head.affine @ head.to_small
    sizes = np.linalg.norm((match.affine @ straight)[:3, :3], axis=0) / TEMPLATE_OVER_LIFE
    placement = VolumePlacement(
        grade="C" if doubted else "B",
        method="affine",
        affine=match.affine @ straight,
        field=None,
        similarity=None,
        space=SPACE,
        how=_how("affine", doubted),
        assumed_mm=_triple(np.linalg.norm(straight[:3, :3], axis=0)) if doubted else None,
        estimated_mm=_triple(sizes) if doubted else None,
    )
    similarity = _similarity(head, placement, template)
    if similarity < LEAST_SIMILARITY:
        return _nowhere(f"the match is too weak (correlation {similarity:.2f})", similarity)
    if not deformable:
        return replace(placement, similarity=similarity)
    if not can_deform():
        return replace(placement, similarity=similarity, notes=(NO_EXTRA,))
    if too_thin(head.grey.shape, head.affine):
        return replace(placement, similarity=similarity, notes=(TOO_THIN,))
    field = match_deformable(head.grey, head.affine, match.affine, head.left_out, template)
    bent = replace(
        placement,
        grade="B" if doubted else "A",
        method="deformable",
        field=WarpField(field.shift, field.to_grid @ head.to_small),
        how=_how("affine and deformable", doubted),
    )
    return replace(bent, similarity=_similarity(head, bent, template))


def is_doubtful(volume: Volume) -> bool:
    """True when a warning doubts the voxel size of the header, in plane or between slices."""
    return any(line.startswith(DOUBTFUL_SPACING) for line in volume.warnings)


def _believed(volume: Volume) -> list[NDArray[np.float64]]:
    """The header's affine, or several with voxel sizes that a head could have where the header's cannot be true."""
    assert volume.affine is not None
    if not is_doubtful(volume):
        return [volume.affine]
    spacing = np.linalg.norm(volume.affine[:3, :3], axis=0)
    thick = int(np.argmin(volume.data.shape[1:]))
    tried = []
    for distance in TRIED_MM:
        sizes = spacing.copy() if volume.trusted_pixel_mm is not None else np.full(3, USUAL_PIXEL_MM)
        sizes[thick] = distance
        affine = volume.affine.copy()
        affine[:3, :3] *= sizes / spacing
        tried.append(affine)
    return tried


def _similarity(head: _Head, placement: VolumePlacement, template: RegistrationTemplate) -> float:
    """Correlation of volume and template, each less its local mean, in and around the brain; tumour left out."""
    grey, place = coarse(head.grey, head.affine, COMPARED_MM)
    kept = coarse((~head.left_out).astype(np.float32), head.affine, COMPARED_MM)[0] > 0.5
    to_voxels = np.linalg.inv(head.to_small) @ np.linalg.inv(head.affine) @ place
    grid = np.indices(grey.shape).reshape(3, -1).T
    points = placement.to_mni(grid @ to_voxels[:3, :3].T + to_voxels[:3, 3])
    wide = ndimage.binary_dilation(template.brain, iterations=5).astype(np.float32)
    other = sample(template.head, template.affine, points).reshape(grey.shape)
    where = kept & (sample(wide, template.affine, points).reshape(grey.shape) > 0.5)
    if where.sum() < 500:
        return -1.0
    sigma = 0.5 * WINDOW_MM / COMPARED_MM
    first, second = _detail(grey, sigma)[where], _detail(other, sigma)[where]
    return float(np.corrcoef(first, second)[0, 1])


def _detail(values: NDArray, sigma: float) -> NDArray:
    """Local mean taken off, divided by the local spread."""
    mean = ndimage.gaussian_filter(values, sigma)
    spread = np.sqrt(np.maximum(ndimage.gaussian_filter(values * values, sigma) - mean * mean, 0.0))
    return np.asarray((values - mean) / (spread + 0.05))


def _scaled(data: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = np.percentile(data[::2, ::2], (1.0, 99.7))
    return np.clip((data - low) / max(float(high - low), 1e-9), 0.0, 1.0).astype(np.float32)


def _with_margin(tumour: NDArray[np.bool_], affine: NDArray[np.float64]) -> NDArray[np.bool_]:
    if not tumour.any():
        return tumour
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    return np.asarray(ndimage.distance_transform_edt(~tumour, sampling=spacing) <= MARGIN_MM)


def _blank(grey: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Slices, along any axis, that hold nothing: padding is not air around a head."""
    out = np.zeros(grey.shape, dtype=bool)
    for axis in range(3):
        across = tuple(other for other in range(3) if other != axis)
        np.moveaxis(out, axis, 0)[np.ptp(grey, axis=across) == 0.0] = True
    return out


def _how(match: str, doubted: bool) -> str:
    start = "voxel size estimated, as the header's cannot be true; " if doubted else ""
    return f"{start}{match} match of the whole head, tumour left out"


def _nowhere(why: str, similarity: float | None) -> VolumePlacement:
    return VolumePlacement("D", "none", None, None, similarity, SPACE, why)


def _triple(values: NDArray[np.float64]) -> tuple[float, float, float]:
    first, second, third = (round(float(value), 3) for value in values)
    return first, second, third
