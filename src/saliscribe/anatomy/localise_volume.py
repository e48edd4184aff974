"""From a placed volume to names: its regions one by one, and the slice that is shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.atlas import Atlas, load_atlas
from saliscribe.anatomy.image_side import image_side_of, side_of
from saliscribe.anatomy.localise import LEAST_SHARE, least_share, terms_of
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.probable_structures import probable_structures
from saliscribe.anatomy.region import region_of
from saliscribe.anatomy.registration_template import registration_template, sample
from saliscribe.anatomy.surroundings import COMPARTMENTS, Surroundings, surroundings
from saliscribe.core.names import Plane, Side, Stability
from saliscribe.core.records.lesion import Lesion, LesionPlace
from saliscribe.core.records.localisation import Localisation, Placement, Structure
from saliscribe.core.records.volume_placement import VolumePlacement

#: Lobes are listed from this share on.
LEAST_LOBE = 0.05
#: A structure is stable when it keeps its share with the whole region moved by this much (mm) along any axis.
MOVED_MM = 4.0
#: Every place is computed from at most so many voxels of a region.
MOST_POINTS = 20_000


def brain_of(placement: VolumePlacement, shape: tuple[int, int, int]) -> NDArray[np.bool_]:
    """The template's brain in the volume (I, J, K): one region for all slices.

    It is looked up on every second voxel of the longer axes; the border is smooth at that scale.
    """
    template = registration_template()
    steps = tuple(2 if side >= 128 else 1 for side in shape)
    axes = [np.arange(0, side, step) for side, step in zip(shape, steps, strict=True)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    inside = sample(template.brain.astype(np.float32), template.affine, placement.to_mni(grid.reshape(-1, 3)))
    small = inside.reshape(grid.shape[:3])
    for axis, step in enumerate(steps):
        small = np.repeat(small, step, axis=axis)
    return np.asarray(small[: shape[0], : shape[1], : shape[2]] > 0.5)


def find_lesions(mask: NDArray[np.bool_], placement: VolumePlacement, atlas: str) -> tuple[Lesion, ...]:
    """The 26-connected regions of (I, J, K) ``mask``, largest first, each with its place in the template.

    Raises:
        UsageError: no such atlas. MissingError: the atlas is not on this machine.
    """
    labels, count = ndimage.label(mask, structure=np.ones((3, 3, 3), dtype=bool))
    found = [np.argwhere(labels == number) for number in range(1, count + 1)]
    found.sort(key=len, reverse=True)
    return tuple(Lesion(voxels, _place(voxels, placement, atlas)) for voxels in found)


def _place(voxels: NDArray[np.intp], placement: VolumePlacement, atlas: str) -> LesionPlace | None:
    if placement.affine is None:
        return None
    around = surroundings(load_atlas())
    points = placement.to_mni(_thinned(voxels))
    middle = points.mean(axis=0)
    region = region_of(points, around)
    shares = _shares(points, load_atlas(atlas))
    nearest = (
        0.0 if (points[:, 0] > 0).any() and (points[:, 0] < 0).any() else float(np.abs(points[:, 0]).min())
    )
    return LesionPlace(
        centre_mm=(float(middle[0]), float(middle[1]), float(middle[2])),
        side=side_of(points),
        midline_mm=nearest,
        region=region,
        lobes=_lobes(points, around),
        structures=tuple(one for one in shares if one[2] >= least_share(one[0], region, load_atlas(atlas))),
    )


def _thinned(voxels: NDArray[np.intp]) -> NDArray[np.intp]:
    return voxels[:: max(1, len(voxels) // MOST_POINTS)]


def _lobes(points: NDArray[np.float64], around: Surroundings) -> tuple[tuple[str, float], ...]:
    shares = np.bincount(around.look_up(points), minlength=len(COMPARTMENTS)) / len(points)
    ranked = sorted(range(1, len(COMPARTMENTS)), key=lambda code: -shares[code])
    return tuple((COMPARTMENTS[code], float(shares[code])) for code in ranked if shares[code] >= LEAST_LOBE)


def _shares(points: NDArray[np.float64], atlas: Atlas) -> tuple[tuple[str, Side, float], ...]:
    """Expected shares from the probability maps where the atlas has them, else counts of its labels."""
    maps = probable_structures(atlas)
    if maps is not None:
        return maps.expected_shares(points)
    counts = atlas.tally(points) / len(points)
    rows = [(label.name, label.side, float(counts[label.value])) for label in atlas.table]
    return tuple(sorted((row for row in rows if row[2] > 0), key=lambda row: -row[2]))


@dataclass(frozen=True)
class SliceFrame:
    """One slice of a volume: ``to_voxels`` (4x4) takes its (row, column, 0) to voxel indices of the volume."""

    plane: Plane
    shape: tuple[int, int]
    to_voxels: NDArray[np.float64]


def localise_in_volume(
    mask: NDArray[np.bool_], frame: SliceFrame, placement: VolumePlacement, atlas: str
) -> Localisation:
    """The place of the whole delineated region (I, J, K), with the placement of the slice ``frame`` that is shown.

    Structures are shares of the region's volume; a side comes from the affine of the volume, never from the picture.

    Raises:
        ValueError: the volume was not placed. UsageError, MissingError: as ``find_lesions``.
    """
    labels = load_atlas(atlas)
    around = surroundings(load_atlas())
    affine = slice_affine(frame, placement)
    points = placement.to_mni(_thinned(np.argwhere(mask)))
    region = region_of(points, around)
    side: Side = side_of(points) if len(points) else "not_assessed"
    outside = float((labels.look_up(points) == 0).mean()) if len(points) else None
    return Localisation(
        placement=Placement(
            plane=frame.plane,
            grade=placement.grade,
            level_mm=level_of(affine, frame.plane),
            interval_mm=None,
            residual=None if placement.similarity is None else 1.0 - max(0.0, placement.similarity),
            affine=affine,
            space=placement.space,
            how=placement.how,
        ),
        structures=_structures(points, labels, region),
        region=region,
        share_outside_atlas=outside,
        side=side,
        side_basis="header" if len(points) else "not_known",
        image_side=image_side_of(points, affine, frame.plane) if len(points) else "not_assessed",
        atlas=labels.name,
        atlas_sha256=labels.sha256,
        notes=(*terms_of(labels, around), *labels.remarks, *placement.notes),
    )


def _structures(points: NDArray[np.float64], atlas: Atlas, region: str | None) -> tuple[Structure, ...]:
    moves = [sign * MOVED_MM * np.eye(3)[axis] for axis in range(3) for sign in (-1.0, 1.0)]
    views = (
        [{row[:2]: row[2] for row in _shares(points + move, atlas)} for move in moves] if len(points) else []
    )
    found = []
    for name, side, share in _shares(points, atlas) if len(points) else ():
        if share < least_share(name, region, atlas):
            continue
        stays = all(view.get((name, side), 0.0) >= LEAST_SHARE for view in views)
        stability: Stability = "stable" if stays else "fragile"
        found.append(
            Structure(
                name, side, min(share, 1.0), None, stability, atlas.name, index=atlas.index_of(name, side)
            )
        )
    return tuple(found)


def slice_affine(frame: SliceFrame, placement: VolumePlacement) -> NDArray[np.float64]:
    """The affine nearest to the placement over the slice's brain: (row, column, k) to template mm."""
    rows, columns = (np.arange(0, side, max(1, side // 48)) for side in frame.shape)
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2)
    pixels = np.concatenate([grid, np.zeros((len(grid), 1)), np.ones((len(grid), 1))], axis=1)
    placed = placement.to_mni((pixels @ frame.to_voxels.T)[:, :3])
    template = registration_template()
    weight = 0.02 + sample(template.brain.astype(np.float32), template.affine, placed)
    design = pixels[:, [0, 1, 3]]
    solved = np.linalg.lstsq(design * weight[:, None], placed * weight[:, None], rcond=None)[0]
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 3] = solved
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    through = placement.affine @ frame.to_voxels if placement.affine is not None else np.eye(4)
    affine[:3, 2] = normal / np.linalg.norm(normal) * (1.0 if normal @ through[:3, 2] >= 0 else -1.0)
    return affine
