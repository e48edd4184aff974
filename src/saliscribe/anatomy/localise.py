"""From a mask to names: the slice is placed in the atlas, then structures, region and side are read off."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.atlas import DEFAULT_ATLAS, Atlas, load_atlas
from saliscribe.anatomy.image_side import ImageSide, image_side_of, side_of
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.plausible_placements import region_probability, structure_probabilities
from saliscribe.anatomy.region import NOT_CORTICAL, region_of
from saliscribe.anatomy.structure_shares import lesion_shares, structure_shares, to_mm
from saliscribe.anatomy.surroundings import Surroundings, surroundings
from saliscribe.core.names import Orientation, Plane, Side, Stability
from saliscribe.core.records.localisation import Localisation, Placement, Structure
from saliscribe.core.records.mask import Mask
from saliscribe.core.volume import Volume

#: A structure is named from this share of the lesion on; cortex and nuclei next to a region that is not cortical only
#: from ``SHARE_BESIDE`` on.
LEAST_SHARE, SHARE_BESIDE = 0.05, 0.5
#: A structure or a region is named if it comes up in this part of the plausible placements; a structure is stable from
#: ``STABLE_PROBABILITY`` on. What is less probable is given up for its parent: a gyrus for the lobe of the region, the
#: region for nothing.
LEAST_PROBABILITY, STABLE_PROBABILITY = 0.5, 0.9


SideBasis = Literal["header", "user", "midline_of_slice", "not_known"]


def localise(
    image: Volume,
    grey: NDArray[np.float32] | None,
    mask: Mask,
    *,
    plane: Plane | None = None,
    orientation: Orientation = "unknown",
    level_mm: float | None = None,
    atlas: str = DEFAULT_ATLAS,
) -> Localisation:
    """Everything that can honestly be said about where the mask lies.

    Args:
        image: one slice; its affine (if any) is scanner geometry.
        grey: (rows, columns) prepared grey values, or ``None`` to use the picture itself.
        mask: the tumour mask; empty is valid and names nothing.
        plane, level_mm: stated by the user.
        orientation: what the user says of the display of a picture without geometry.
        atlas: who names the structures, see ``load_atlas``; lobes and regions are those of ``DEFAULT_ATLAS``.

    Raises:
        UsageError: no such atlas. MissingError: the atlas is not on this machine.
    """
    labels = load_atlas(atlas)
    around = surroundings(load_atlas())
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
    region, chance = region_of(points, around), 1.0
    if region is not None:
        chance = region_probability(region, mask.pixels, placement, around)
    side: Side = side_of(points) if sided and len(points) else "not_assessed"
    structures = _structures(mask, placement, affine, atlas, sided, region)
    outside = float((around.look_up(points) == 0).mean()) if len(points) else None
    notes = _notes(placement, region, outside, sided, atlas, around, chance, structures)
    if chance < LEAST_PROBABILITY:
        region = None
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
        notes=notes,
    )


def _structures(
    mask: Mask, placement: Placement, affine: NDArray, atlas: Atlas, sided: bool, region: str | None
) -> tuple[Structure, ...]:
    """What holds enough of the lesion here and in enough of the plausible placements; the rest by its parents."""
    if mask.area_px == 0:
        return ()
    named = _named(mask, placement, affine, atlas, sided, region)
    parents = _parents(atlas, {one.name for one in named})
    return named if parents is None else (*named, *_named(mask, placement, affine, parents, sided, region))


def _parents(atlas: Atlas, named: set[str]) -> Atlas | None:
    """The structures that are not ``named``, each under the parent that its table gives; ``None`` if it gives none."""
    table = tuple(
        replace(label, name=label.parent, index=None)
        for label in atlas.table
        if label.parent and label.name not in named
    )
    return replace(atlas, table=table) if table else None


def _named(
    mask: Mask, placement: Placement, affine: NDArray, atlas: Atlas, sided: bool, region: str | None
) -> tuple[Structure, ...]:
    shares = structure_shares(mask.pixels, affine, atlas, sided)
    chances = structure_probabilities(mask.pixels, placement, atlas, sided, LEAST_SHARE)
    views = (np.argwhere(step.mask) for step in mask.sweep)
    sweep = [lesion_shares(places, affine, atlas, sided) for places in views if len(places)]
    found = []
    for key, share in sorted(shares.of_lesion.items(), key=lambda item: -item[1]):
        name, side = key
        chance = chances.get(key, 0.0)
        if share < least_share(name, region, atlas) or chance < LEAST_PROBABILITY:
            continue
        steady = chance >= STABLE_PROBABILITY and all(view.get(key, 0.0) >= LEAST_SHARE for view in sweep)
        stability: Stability = "stable" if steady else "fragile"
        found.append(
            Structure(
                name,
                side,
                share,
                shares.of_structure[key],
                stability,
                atlas.name,
                chance,
                atlas.index_of(name, side),
            )
        )
    return tuple(found)


def least_share(name: str, region: str | None, atlas: Atlas) -> float:
    """Gyri and nuclei beside a region that is not cortical are named only where they hold half of the lesion."""
    kind = next(label.kind for label in atlas.table if label.name == name)
    return SHARE_BESIDE if region in NOT_CORTICAL and kind in ("cortex", "nucleus") else LEAST_SHARE


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
    chance: float,
    structures: tuple[Structure, ...],
) -> tuple[str, ...]:
    notes = [*placement.notes, *terms_of(atlas, around), *atlas.remarks]
    if region is not None:
        said = (
            "the region holds" if chance >= LEAST_PROBABILITY else "no region is named: the likeliest holds"
        )
        notes.append(f"{said} in {100 * chance:.0f} % of the plausible placements")
    notes += [
        f"{one.name} in {100 * one.probability:.0f} % of the plausible placements"
        for one in structures
        if one.probability is not None
    ]
    if region in NOT_CORTICAL:
        notes.append(f"{region}: outside the cortical atlas; neighbouring gyri and nuclei are not named")
    if placement.plane == "sagittal":
        notes.append("a sagittal slice shows no side: the level is the distance from the midline")
    elif not sided:
        notes.append("left and right of the patient are not known from a picture without header")
    if outside is not None and outside >= 0.25:
        notes.append(f"{100 * outside:.0f} % of the mask lies outside the brain of the atlas")
    return tuple(notes)


def terms_of(atlas: Atlas, around: Surroundings) -> list[str]:
    """The terms of everything that names came from."""
    return [one for one in dict.fromkeys((atlas.terms, load_atlas().terms, around.terms)) if one]


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
