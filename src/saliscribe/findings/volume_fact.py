"""From the regions of a volume to facts: sizes in the patient's millimetres, places in the template's."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Plane
from saliscribe.core.records.fact import Evidence
from saliscribe.core.records.lesion import Lesion, LesionPlace, VolumeEvidence
from saliscribe.core.records.volume_facts import (
    MOST_LESIONS,
    Geometry,
    LesionFact,
    RegionShare,
    StructureShare,
    VolumeFact,
)
from saliscribe.core.records.volume_placement import VolumePlacement
from saliscribe.core.vocabulary import canonical_region, canonical_structure
from saliscribe.core.volume import DOUBTFUL_SPACING, Volume, has_gaps
from saliscribe.findings.measure_extent import measure_extent
from saliscribe.findings.volume_doubts import volume_doubts

_MASK = (Evidence(file="mask.nii.gz"),)


def volume_fact(
    volume: Volume,
    plane: Plane,
    placement: VolumePlacement,
    lesions: tuple[Lesion, ...],
    evidence: VolumeEvidence,
    slice_axis: int,
    missing: int = 0,
) -> VolumeFact:
    """Everything said about the volume as a whole and about its largest regions.

    Volumes and diameters are measured on the voxels with the header's spacing, and are null where that is doubted or
    not stated. ``slice_axis`` is the array axis across the slices of ``plane``. ``missing``: slices that
    the file lacks.
    """
    spacing = _trusted(volume)
    doubts = volume_doubts(evidence)
    total = sum(len(one.voxels) for one in lesions)
    return VolumeFact(
        stage="summarise",
        evidence=_MASK,
        plane=None if volume.affine is None else plane,
        slices_looked_at=evidence.slices_looked_at,
        slices_with_region=evidence.slices_with_region,
        slices_agreeing=evidence.slices_agreeing,
        missing_slices=missing if missing or not has_gaps(volume) else None,
        geometry=_geometry(volume),
        matching=placement.method,
        similarity=None if placement.similarity is None else round(placement.similarity, 4),
        lesion_count=len(lesions),
        total_voxels=total,
        total_mm3=None if spacing is None or not total else round(total * float(np.prod(spacing)), 1),
        support="doubtful" if doubts else "consistent",
        doubts=doubts,
        lesions=tuple(
            _lesion(one, number, spacing, slice_axis)
            for number, one in enumerate(lesions[:MOST_LESIONS], start=1)
        ),
    )


def _trusted(volume: Volume) -> NDArray[np.float64] | None:
    """Voxel size along the array's axes, or ``None`` where any of it is doubted or unknown."""
    doubted = any(line.startswith(DOUBTFUL_SPACING) for line in volume.warnings)
    return None if volume.affine is None or doubted else np.linalg.norm(volume.affine[:3, :3], axis=0)


def _geometry(volume: Volume) -> Geometry:
    if volume.affine is None:
        return "not_stated"
    return "stated" if _trusted(volume) is not None else "doubtful"


def _lesion(lesion: Lesion, number: int, spacing: NDArray[np.float64] | None, axis: int) -> LesionFact:
    along = lesion.voxels[:, axis]
    place = lesion.place
    return LesionFact(
        id=f"F15.{number}",
        stage="summarise",
        evidence=_MASK,
        voxels=len(lesion.voxels),
        first_slice=int(along.min()) + 1,
        last_slice=int(along.max()) + 1,
        **_sizes(lesion, spacing, axis),
        **({} if place is None else _places(place)),
    )


def _sizes(lesion: Lesion, spacing: NDArray[np.float64] | None, axis: int) -> dict[str, Any]:
    """Volume, the two diameters of the largest slice, and the extent across slices, in millimetres."""
    if spacing is None:
        return {}
    along = lesion.voxels[:, axis]
    largest = int(np.argmax(np.bincount(along)))
    rest = [other for other in range(3) if other != axis]
    pixels = lesion.voxels[along == largest][:, rest]
    pixels = pixels - pixels.min(axis=0)
    picture = np.zeros(pixels.max(axis=0) + 1, dtype=bool)
    picture[tuple(pixels.T)] = True
    extent = measure_extent(picture, (float(spacing[rest[0]]), float(spacing[rest[1]])))
    assert extent is not None
    return {
        "volume_mm3": round(len(lesion.voxels) * float(np.prod(spacing)), 1),
        "in_plane_mm": (round(extent.longest, 2), round(extent.perpendicular, 2)),
        "height_mm": round((int(np.ptp(along)) + 1) * float(spacing[axis]), 2),
    }


def _places(place: LesionPlace) -> dict[str, Any]:
    lobes: dict[str, float] = {}
    for name, share in place.lobes:
        known = canonical_region(name)
        if known is not None:
            lobes[known] = lobes.get(known, 0.0) + share
    return {
        "centre_mni_mm": tuple(round(value, 1) for value in place.centre_mm),
        "side": place.side,
        "midline_mm": round(place.midline_mm, 1),
        "region": canonical_region(place.region),
        "lobes": tuple(
            RegionShare(name=name, share=min(1.0, round(share, 4))) for name, share in lobes.items()
        ),
        "structures": tuple(
            StructureShare(name=canonical_structure(name), side=side, share=min(1.0, round(share, 4)))
            for name, side, share in place.structures
        ),
    }
