"""Findings at the precision in which they are reported: what a sentence can say, and no more."""

from __future__ import annotations

from typing import Any

from saliscribe.core.records.fact import Figure
from saliscribe.core.records.facts import LocationFact, SaliencyFact, StructureFact
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.volume_facts import LesionFact

#: (fact id, field): what a claim is about. A claim gives it a value.
Key = tuple[str, str]
Claims = dict[Key, Any]

#: Structures below this share of the region are named without a figure; at most so many are named at all.
MAIN_SHARE, MAIN_STRUCTURES, MINOR_STRUCTURES = 0.05, 4, 3
#: Dice from which a heat map agrees "well" or "in part" with the delineated region.
GOOD_AGREEMENT, PARTIAL_AGREEMENT = 0.70, 0.40
#: How firmly a place is worded, from the localisation grade.
HEDGE = {"A": "sure", "B": "likely", "C": "likely", "D": "tentative"}
#: A plane that the picture shows with less probability than this makes every place in it tentative.
SURE_PLANE = 0.90
#: A structure that comes up in a smaller part of the plausible placements is worth a sentence.
SURE_CHANCE = 0.90
#: Heat outside the brain below this share is not worth a sentence.
HEAT_OUTSIDE_SHOWN = 0.10


def percent(share: float | None) -> int | None:
    """A share as a whole percentage, 0 to 100; ``None`` stays ``None``."""
    return None if share is None else int(100.0 * share + 0.5)


def agreement(dice: float | None) -> str | None:
    """The word for an overlap: good, partial or poor."""
    if dice is None:
        return None
    return "good" if dice >= GOOD_AGREEMENT else "partial" if dice >= PARTIAL_AGREEMENT else "poor"


def reported(findings: Findings) -> Claims:
    """Every claim that these findings entail at reporting precision; fields that are unknown are left out."""
    claims: Claims = {(fact.id, "state"): fact.state for fact in findings.facts()}
    for part in (_technique, _tumour, _place, _heat, _network, _trust, _volume):
        claims.update(part(findings))
    return {key: value for key, value in claims.items() if value is not None}


def _technique(f: Findings) -> Claims:
    image, spacing = f.image, f.spacing
    known = spacing.row_mm is not None and spacing.column_mm is not None
    return {
        ("F1", "format"): image.format,
        ("F1", "grid"): (image.rows_px, image.columns_px),
        ("F1", "slice_number"): image.slice_number,
        ("F1", "slice_count"): image.slice_count,
        ("F1", "sequence"): image.sequence or "not_stated",
        ("F2", "plane"): f.plane.plane,
        ("F2", "basis"): f.plane.basis,
        ("F2", "probability"): percent(f.plane.probability),
        ("F3", "spacing"): (_hundredths(spacing.row_mm), _hundredths(spacing.column_mm)) if known else None,
        ("F4", "codes"): f.warnings.codes or None,
        ("F4", "count"): len(f.warnings.codes) or None,
    }


def _tumour(f: Findings) -> Claims:
    first, second, third = f.tumour_class.probabilities.ranked()
    extent = f.extent
    return {
        ("F5", "value"): first[0],
        ("F5", "probability"): percent(first[1]),
        ("F5", "calibrated"): f.reliability.temperature_scaled,
        ("F5", "certainty"): f.tumour_class.certainty,
        ("F5", "runner_up"): second[0],
        ("F5", "runner_up_probability"): percent(second[1]),
        ("F5", "third"): third[0],
        ("F5", "third_probability"): percent(third[1]),
        ("F6", "source"): f.delineation.source,
        ("F6", "by"): "head" if f.delineation.source == "segmentation_head" else "heat",
        ("F6", "percentile"): _whole(f.delineation.threshold_percentile),
        ("F6", "parts"): f.delineation.parts or None,
        ("F6", "pieces"): "one" if f.delineation.parts == 1 else "several" if f.delineation.parts else None,
        ("F7", "area_px"): extent.area_px,
        ("F7", "longest_px"): _whole(extent.longest_px),
        ("F7", "perpendicular_px"): _whole(extent.perpendicular_px),
        ("F7", "area_mm2"): _area(extent.area_mm2),
        ("F7", "longest_mm"): _whole(extent.longest_mm),
        ("F7", "perpendicular_mm"): _whole(extent.perpendicular_mm),
        ("F7", "unit"): None if extent.area_px is None else "px" if extent.area_mm2 is None else "mm",
        ("F7", "share_of_brain"): percent(extent.share_of_brain),
        ("F10", "smallest"): percent(f.stability.smallest_area_ratio),
        ("F10", "largest"): percent(f.stability.largest_area_ratio),
        ("F10", "thresholds"): f.stability.thresholds,
    }


def _place(f: Findings) -> Claims:
    level, interval = f.placement.level_mm, f.placement.interval_mm
    if f.plane.plane == "sagittal" and level is not None:
        low, high = interval or (level, level)
        nearest = 0.0 if low <= 0 <= high else min(abs(low), abs(high))
        level, interval = abs(level), (nearest, max(abs(low), abs(high))) if interval else None
    return {
        ("F8", "grade"): f.placement.grade,
        ("F8", "level"): _whole(level),
        ("F8", "low"): None if interval is None else _whole(interval[0]),
        ("F8", "high"): None if interval is None else _whole(interval[1]),
        ("F9", "region"): f.location.region,
        ("F9", "hedge"): _hedge(f) if f.location.state == "present" else None,
        ("F9", "side"): f.location.side,
        ("F9", "side_basis"): f.location.side_basis,
        ("F9", "image_side"): f.location.image_side,
        # Where no structure is named at all, a share without a name would say that the rest has one.
        ("F9", "outside"): percent(f.location.share_outside_atlas) or None if f.location.structures else None,
        **_structures(f.location),
    }


def _hedge(f: Findings) -> str:
    chance = f.plane.probability
    return "tentative" if chance is not None and chance < SURE_PLANE else HEDGE[f.placement.grade]


def _structures(location: LocationFact) -> Claims:
    ranked = sorted(location.structures, key=lambda s: -s.share_of_lesion)
    main = [s for s in ranked[:MAIN_STRUCTURES] if s.share_of_lesion >= MAIN_SHARE] or ranked[:1]
    rest = ranked[len(main) :]
    minor = rest[:MINOR_STRUCTURES]
    named = [*main, *minor]
    fragile = tuple(_named(s) for s in named if s.stability == "fragile")
    chances = [(s.probability, s) for s in named if s.probability is not None]
    chance, shaky = min(chances, key=lambda pair: pair[0], default=(1.0, None))
    return {
        ("F9", "main"): tuple((*_named(s), percent(s.share_of_lesion)) for s in main) or None,
        ("F9", "minor"): tuple(_named(s) for s in minor) or None,
        ("F9", "further"): len(rest) - len(minor) or None,
        ("F9", "fragile"): fragile or None,
        ("F9", "all_stable"): not fragile if named else None,
        ("F9", "shakiest"): (_named(shaky),) if shaky and chance < SURE_CHANCE else None,
        ("F9", "shakiest_chance"): percent(chance) if shaky and chance < SURE_CHANCE else None,
        ("F9", "named"): bool(named) if location.state == "present" else None,
    }


def _named(structure: StructureFact) -> tuple[str, str | None]:
    return reported_name(structure), structure.side if structure.side in ("left", "right") else None


def reported_name(structure: StructureFact) -> str:
    """Its name of the vocabulary; "unlisted structure 2001" for one that only the user's atlas names."""
    return structure.name if structure.atlas_label is None else f"{structure.name} {structure.atlas_label}"


def _heat(f: Findings) -> Claims:
    claims: Claims = {}
    for fact in f.saliency:
        claims.update(_one_map(fact))
    poor = tuple(fact.method for fact in f.saliency if agreement(fact.overlap_dice) == "poor")
    claims["F11", "poor"] = poor or None
    claims["F11", "any_poor"] = bool(poor)
    claims["F11", "missing"] = (
        tuple(fact.method for fact in f.saliency if fact.state == "not_assessed") or None
    )
    return claims


def _one_map(fact: SaliencyFact) -> Claims:
    outside = fact.heat_outside_brain
    return {
        (fact.id, "dice"): _hundredths(fact.overlap_dice),
        (fact.id, "agreement"): agreement(fact.overlap_dice),
        (fact.id, "inside"): percent(fact.energy_inside),
        (fact.id, "peak_inside"): fact.peak_inside,
        (fact.id, "outside_brain"): None
        if outside is None or outside < HEAT_OUTSIDE_SHOWN
        else percent(outside),
    }


def _network(f: Findings) -> Claims:
    r = f.reliability
    return {
        ("F12", "topics"): tuple(fact.topic for fact in f.not_assessed),
        ("F13", "architecture"): r.architecture,
        ("F13", "population"): r.population,
        ("F13", "patients"): r.patients,
        ("F13", "slices"): r.slices,
        ("F13", "folds"): r.folds,
        ("F13", "temperature_scaled"): r.temperature_scaled,
        **_figure("accuracy", r.accuracy, 1000),
        **_figure("macro_f1", r.macro_f1, 1000),
        **_figure("dice", r.dice, 100),
        **_figure("calibration_error", r.calibration_error, 1000),
        ("F14", "healthy_class"): False,
        ("F14", "research_use_only"): True,
        ("F14", "averages_only"): True,
        ("F14", "synthetic_input"): f.synthetic,
    }


def _trust(f: Findings) -> Claims:
    """Badges of the methods whose maps were made; of a method that was not used nothing is said."""
    used = [f.reliability.maps[at] for at, fact in enumerate(f.saliency) if fact.state == "present"]
    badges = {fact.method: fact.badge or "not_assessed" for fact in used}
    claims: Claims = {}
    for fact in used:
        claims[fact.id, "badge"] = badges[fact.method]
        claims[fact.id, "failed"] = fact.failed or None
        claims[fact.id, "slices"] = fact.slices
    for claim, badge in (("failed_maps", "failed"), ("untested_maps", "not_assessed")):
        claims["F13", claim] = tuple(method for method, its in badges.items() if its == badge) or None
    worst = next((badge for badge in ("failed", "not_assessed", "trusted") if badge in badges.values()), None)
    claims["F13", "maps"] = worst
    return claims


def _volume(f: Findings) -> Claims:
    volume = f.volume
    if volume is None:
        return {}
    claims: Claims = {
        ("F15", "looked_at"): volume.slices_looked_at,
        ("F15", "with_region"): volume.slices_with_region,
        ("F15", "agreeing"): volume.slices_agreeing,
        ("F15", "any"): volume.slices_with_region > 0,
        ("F15", "gaps"): _gaps(volume.missing_slices),
        ("F15", "missing"): volume.missing_slices or None,
        ("F15", "geometry"): volume.geometry,
        ("F15", "matching"): volume.matching,
        ("F15", "matched"): volume.matching != "none",
        ("F15", "similarity"): _hundredths(volume.similarity if (volume.similarity or 0.0) > 0 else None),
        ("F15", "count"): volume.lesion_count or None,
        ("F15", "pieces"): ("none", "one", "several")[min(volume.lesion_count, 2)],
        ("F15", "voxels"): volume.total_voxels or None,
        ("F15", "total"): _millilitres(volume.total_mm3),
        ("F15", "support"): volume.support,
        ("F15", "doubts"): volume.doubts or None,
        ("F15", "unreliable"): True if volume.doubts else None,
    }
    hedge = HEDGE[f.placement.grade]
    for lesion in volume.lesions:
        claims.update(_lesion(lesion, hedge))
    return claims


def _gaps(missing: int | None) -> str:
    return "unknown" if missing is None else ("none", "one", "several")[min(missing, 2)]


def _lesion(lesion: LesionFact, hedge: str) -> Claims:
    longest, perpendicular = lesion.in_plane_mm or (None, None)
    centre, region = lesion.centre_mni_mm, lesion.region
    return {
        (lesion.id, "first"): lesion.first_slice,
        (lesion.id, "last"): lesion.last_slice,
        (lesion.id, "voxels"): lesion.voxels,
        (lesion.id, "volume"): _millilitres(lesion.volume_mm3),
        (lesion.id, "longest"): _whole(longest),
        (lesion.id, "perpendicular"): _whole(perpendicular),
        (lesion.id, "height"): _whole(lesion.height_mm),
        (lesion.id, "centre"): None if centre is None else tuple(round(value) for value in centre),
        (lesion.id, "region"): region,
        (lesion.id, "hedge"): None if region is None else hedge,
        (lesion.id, "side"): lesion.side,
        (lesion.id, "midline"): _whole(lesion.midline_mm),
        (lesion.id, "reaches"): None if lesion.midline_mm is None else lesion.midline_mm < 0.5,
        (lesion.id, "lobes"): tuple((one.name, percent(one.share)) for one in lesion.lobes) or None,
    }


def _millilitres(mm3: float | None) -> int | None:
    """Tenths of a millilitre."""
    return None if mm3 is None else int(mm3 / 100.0 + 0.5)


def _figure(name: str, figure: Figure | None, scale: int) -> Claims:
    if figure is None:
        return {}
    ends = {"": figure.value, "_low": figure.low, "_high": figure.high}
    return {("F13", name + end): None if v is None else int(scale * v + 0.5) for end, v in ends.items()}


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _hundredths(value: float | None) -> int | None:
    return None if value is None else int(100.0 * value + 0.5)


def _area(mm2: float | None) -> int | None:
    if mm2 is None:
        return None
    whole = int(mm2 + 0.5)
    return whole if whole < 100 else int(mm2 / 10.0 + 0.5) * 10
