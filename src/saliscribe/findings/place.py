"""Facts about place: plane, level, region, side and structures."""

from __future__ import annotations

from saliscribe.core.names import Stability
from saliscribe.core.records.fact import Evidence
from saliscribe.core.records.facts import Basis, LocationFact, PlacementFact, PlaneFact, StructureFact
from saliscribe.core.records.localisation import Localisation, Structure
from saliscribe.core.vocabulary import UNLISTED_STRUCTURE, canonical_region, canonical_structure
from saliscribe.core.volume import Volume

_PLACEMENT = (Evidence(file="placement.json"),)
MOST_STRUCTURES = 40


def plane_fact(localisation: Localisation, image: Volume) -> PlaneFact:
    """Which plane, and whether a header, the user or the picture itself says so."""
    placement = localisation.placement
    if placement.plane is None:
        return PlaneFact(state="not_assessed", stage="localise", evidence=_PLACEMENT)
    estimated = placement.plane_probability is not None
    basis: Basis = "estimated" if estimated else "header" if image.affine is not None else "user"
    return PlaneFact(
        state="present",
        stage="localise",
        evidence=_PLACEMENT,
        plane=placement.plane,
        basis=basis,
        probability=_rounded(placement.plane_probability),
    )


def placement_fact(localisation: Localisation) -> PlacementFact:
    """Grade, level with interval, and residual of the placement."""
    placement = localisation.placement
    known = placement.level_mm is not None and placement.plane is not None
    interval = placement.interval_mm if known else None
    return PlacementFact(
        state="present" if known else "not_assessed",
        stage="localise",
        evidence=_PLACEMENT,
        grade=placement.grade,
        level_mm=_rounded(placement.level_mm) if known else None,
        interval_mm=None if interval is None else (round(min(interval), 3), round(max(interval), 3)),
        residual=_rounded(placement.residual) if known else None,
    )


def location_fact(localisation: Localisation, empty: bool, evidence: tuple[Evidence, ...]) -> LocationFact:
    """Region, side and structures; nothing at all for an empty mask."""
    if empty:
        return LocationFact(state="not_assessed", stage="localise", evidence=evidence)
    structures = _numbered(localisation.structures, evidence)
    region = canonical_region(localisation.region)
    named = bool(structures) or region is not None
    return LocationFact(
        state="present" if named else "not_assessed",
        stage="localise",
        evidence=evidence,
        region=region,
        side=localisation.side,
        side_basis=localisation.side_basis,
        image_side=localisation.image_side,
        share_outside_atlas=_rounded(localisation.share_outside_atlas) if named else None,
        structures=structures,
    )


def _numbered(structures: tuple[Structure, ...], evidence: tuple[Evidence, ...]) -> tuple[StructureFact, ...]:
    """Structures under the vocabulary's names, equal ones joined, largest share first, numbered.

    Those without a name there are told apart by their numbers in the table of the user's atlas, if they have them.
    """
    joined: dict[tuple[str, str, int], list[Structure]] = {}
    for structure in structures:
        name = canonical_structure(structure.name)
        number = structure.index if name == UNLISTED_STRUCTURE and structure.index is not None else -1
        joined.setdefault((name, structure.side, number), []).append(structure)
    ranked = sorted(joined.items(), key=lambda item: (-sum(s.share_of_lesion for s in item[1]), item[0]))
    return tuple(
        StructureFact(
            id=f"F9.{number}",
            stage="localise",
            evidence=evidence,
            name=name,
            side=same[0].side,
            share_of_lesion=min(1.0, round(sum(float(s.share_of_lesion) for s in same), 6)),
            share_of_structure=_rounded(same[0].share_of_structure) if len(same) == 1 else None,
            stability=_weakest(same),
            probability=_rounded(same[0].probability) if len(same) == 1 else None,
            atlas_label=None if label < 0 else label,
        )
        for number, ((name, _, label), same) in enumerate(ranked[:MOST_STRUCTURES], start=1)
    )


def _weakest(structures: list[Structure]) -> Stability:
    return "fragile" if any(s.stability == "fragile" for s in structures) else "stable"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)
