"""From a mask to names: the slice is placed in the atlas, then structures, region and side are read off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.atlas import Atlas, load_atlas
from saliscribe.anatomy.image_side import ImageSide, image_side_of, side_of
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.region import NOT_CORTICAL, region_of
from saliscribe.anatomy.surroundings import Surroundings, surroundings
from saliscribe.core.names import Orientation, Plane, Side, Stability
from saliscribe.core.records.localisation import Localisation, Placement, Structure
from saliscribe.core.records.mask import Mask
from saliscribe.core.volume import Volume

#: A structure is named from this share of the lesion on; cortex and nuclei next to a region that is not cortical only
#: from ``SHARE_BESIDE`` on.
LEAST_SHARE, SHARE_BESIDE = 0.05, 0.5
#: Share of the half width of the 90 % interval that is the probable (50 %) error of a level.
PROBABLE_ERROR = 0.41


SideBasis = Literal["header", "user", "midline_of_slice", "not_known"]


@dataclass(frozen=True)
class Shares:
    """Share of the lesion and of the structure's cut in the slice, by (name, side)."""

    of_lesion: dict[tuple[str, Side], float]
    of_structure: dict[tuple[str, Side], float]


def localise(
    image: Volume,
    grey: NDArray[np.float32] | None,
    mask: Mask,
    *,
    plane: Plane | None = None,
    orientation: Orientation = "unknown",
    level_mm: float | None = None,
    atlas: str = "harvard-oxford",
) -> Localisation:
    """Everything that can honestly be said about where the mask lies.

    Args:
        image: one slice; its affine (if any) is scanner geometry.
        grey: (rows, columns) prepared grey values, or ``None`` to use the picture itself.
        mask: the tumour mask; empty is valid and names nothing.
        plane, level_mm: stated by the user.
        orientation: what the user says of the display of a picture without geometry.

    Raises:
        UsageError: no such atlas. MissingError: the atlas is not on this machine.
    """
    labels = load_atlas(atlas)
    around = surroundings(labels)
    picture = image.picture if grey is None else grey
    placement = place(
        picture,
        mask.pixels,
        affine=image.affine,
        spacing_mm=None if image.trusted_pixel_mm is None else float(np.mean(image.trusted_pixel_mm)),
        plane=plane,
        level_mm=level_mm,
        orientation=orientation,
    )
    if placement.affine is None:
        return _nowhere(placement, labels)
    return _somewhere(image, mask, placement, placement.affine, labels, around, orientation)


def _somewhere(
    image: Volume,
    mask: Mask,
    placement: Placement,
    affine: NDArray[np.float64],
    atlas: Atlas,
    around: Surroundings,
    orientation: Orientation,
) -> Localisation:
    points = to_mm(affine, np.argwhere(mask.pixels))
    basis = _side_basis(image, placement, orientation)
    sided = basis in ("header", "user")
    region = region_of(points, around)
    side: Side = side_of(points) if sided and len(points) else "not_assessed"
    structures = _structures(mask, placement, affine, atlas, sided, region)
    outside = float((around.look_up(points) == 0).mean()) if len(points) else None
    picture_side: ImageSide = image_side_of(points, affine, placement.plane)
    return Localisation(
        placement=placement,
        structures=structures,
        region=region,
        share_outside_atlas=_share_unlabelled(points, atlas),
        side=side,
        side_basis=basis if sided else "midline_of_slice" if picture_side != "not_assessed" else "not_known",
        image_side=picture_side,
        atlas=atlas.name,
        atlas_sha256=atlas.sha256,
        notes=_notes(placement, region, outside, sided, atlas, around),
    )


def structure_shares(
    pixels: NDArray[np.bool_], affine: NDArray[np.float64], atlas: Atlas, sided: bool
) -> Shares:
    """Shares of every structure under the mask; left and right are counted together unless ``sided``."""
    lesion = lesion_shares(pixels, affine, atlas, sided)
    cut = _counts(np.indices(pixels.shape).reshape(2, -1).T, affine, atlas, sided)
    total = int(pixels.sum())
    return Shares(lesion, {key: share * total / cut[key] for key, share in lesion.items()})


def lesion_shares(
    pixels: NDArray[np.bool_], affine: NDArray[np.float64], atlas: Atlas, sided: bool
) -> dict[tuple[str, Side], float]:
    """Shares of the lesion alone: a few hundred look-ups instead of the whole picture's."""
    counts = _counts(np.argwhere(pixels), affine, atlas, sided)
    total = int(pixels.sum())
    return {key: count / total for key, count in counts.items() if count}


def _counts(
    places: NDArray[np.intp], affine: NDArray[np.float64], atlas: Atlas, sided: bool
) -> dict[tuple[str, Side], int]:
    """How many of (N, 2) pixels fall in each structure."""
    found = np.bincount(atlas.look_up(to_mm(affine, places)), minlength=256)
    counts: dict[tuple[str, Side], int] = {}
    for label in atlas.table:
        side: Side = label.side if sided or label.side == "midline" else "not_assessed"
        counts[(label.name, side)] = counts.get((label.name, side), 0) + int(found[label.value])
    return counts


def to_mm(affine: NDArray[np.float64], pixels: NDArray) -> NDArray[np.float64]:
    """MNI mm of (N, 2) row and column indices."""
    return np.asarray(pixels @ affine[:3, :2].T + affine[:3, 3], dtype=np.float64)


def _structures(
    mask: Mask, placement: Placement, affine: NDArray, atlas: Atlas, sided: bool, region: str | None
) -> tuple[Structure, ...]:
    if mask.area_px == 0:
        return ()
    shares = structure_shares(mask.pixels, affine, atlas, sided)
    kinds = {label.name: label.kind for label in atlas.table}
    others = list(_other_views(mask, placement, affine, atlas, sided))
    found = []
    for (name, side), share in sorted(shares.of_lesion.items(), key=lambda item: -item[1]):
        beside = region in NOT_CORTICAL and kinds[name] in ("cortex", "nucleus")
        least = SHARE_BESIDE if beside else LEAST_SHARE
        if share < least:
            continue
        everywhere = all(view.get((name, side), 0.0) >= LEAST_SHARE for view in others)
        stability: Stability = "stable" if everywhere else "fragile"
        found.append(Structure(name, side, share, shares.of_structure[(name, side)], stability, atlas.name))
    return tuple(found)


def _other_views(
    mask: Mask, placement: Placement, affine: NDArray, atlas: Atlas, sided: bool
) -> Iterable[dict[tuple[str, Side], float]]:
    """Shares at the neighbouring thresholds, and at the level moved by its probable error either way."""
    for step in mask.sweep:
        if step.mask.any():
            yield lesion_shares(step.mask, affine, atlas, sided)
    if placement.interval_mm is not None:
        half = PROBABLE_ERROR * (placement.interval_mm[1] - placement.interval_mm[0]) / 2
        for move in (-half, half):
            moved = affine.copy()
            moved[:3, 3] += move * affine[:3, 2] / np.linalg.norm(affine[:3, 2])
            yield lesion_shares(mask.pixels, moved, atlas, sided)


def _share_unlabelled(points: NDArray[np.float64], atlas: Atlas) -> float | None:
    return float((atlas.look_up(points) == 0).mean()) if len(points) else None


def _side_basis(image: Volume, placement: Placement, orientation: Orientation) -> SideBasis:
    if placement.plane == "sagittal":
        return "not_known"
    if image.affine is not None:
        return "header"
    return "user" if orientation != "unknown" else "not_known"


def _notes(
    placement: Placement,
    region: str | None,
    outside: float | None,
    sided: bool,
    atlas: Atlas,
    around: Surroundings,
) -> tuple[str, ...]:
    notes = [atlas.terms]
    if around.terms:
        notes.append(around.terms)
    if region in NOT_CORTICAL:
        notes.append(f"{region}: outside the cortical atlas; neighbouring gyri and nuclei are not named")
    if placement.plane == "sagittal":
        notes.append("a sagittal slice shows no side: the level is the distance from the midline")
    elif not sided:
        notes.append("left and right of the patient are not known from a picture without header")
    if outside is not None and outside >= 0.25:
        notes.append(f"{100 * outside:.0f} % of the mask lies outside the brain of the atlas")
    return tuple(notes)


def _nowhere(placement: Placement, atlas: Atlas) -> Localisation:
    return Localisation(
        placement,
        (),
        None,
        None,
        "not_assessed",
        "not_known",
        "not_assessed",
        atlas.name,
        atlas.sha256,
        (placement.how,),
    )
