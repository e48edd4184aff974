"""Facts as rows of a table: a label, a value in words, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from saliscribe.core.language import words
from saliscribe.core.language.slots import SLOTS, join_words, structure_phrase
from saliscribe.core.records.fact import Fact, Figure
from saliscribe.core.records.facts import SaliencyFact, StructureFact
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.map_trust import MapTrustFact
from saliscribe.core.records.volume_facts import LesionFact, VolumeFact

UNKNOWN = "not assessed"
STAGE_WORDS = {
    "read": "reading", "prepare": "preparation", "predict": "classification", "attribute": "heat map",
    "make_mask": "delineation", "localise": "localisation", "summarise": "summary", "model_card": "model card",
}  # fmt: skip


@dataclass(frozen=True)
class FactRow:
    """One line of the fact panel. ``method`` names the heat map that is its evidence, if one is."""

    id: str
    label: str
    value: str
    state: str
    stage: str
    files: tuple[str, ...]
    method: str | None


def fact_rows(findings: Findings) -> tuple[FactRow, ...]:
    """Every fact but the single "not assessed" topics, which share one row, F12."""
    facts = findings.by_id()
    rows = [_row(facts[fact_id], label, value) for fact_id, label, value in _lines(findings)]
    topics = join_words([words.TOPIC[topic.topic] for topic in findings.not_assessed])
    rows.append(FactRow("F12", "Not assessed", topics, "not_assessed", STAGE_WORDS["summarise"], (), None))
    return tuple(sorted(rows, key=lambda row: [int(part) for part in row.id[1:].split(".")]))


def _row(fact: Fact, label: str, value: str) -> FactRow:
    files = tuple(dict.fromkeys(evidence.file for evidence in fact.evidence))
    method = next((evidence.map for evidence in fact.evidence if evidence.map), None)
    return FactRow(fact.id, label, value, fact.state, STAGE_WORDS[fact.stage], files, method)


def _lines(f: Findings) -> Iterator[tuple[str, str, str]]:
    image, extent, place = f.image, f.extent, f.placement
    yield "F1", "Input", f"{words.FORMAT[image.format]}, {image.rows_px} x {image.columns_px} pixels"
    yield "F2", "Plane", _plane(f)
    yield "F3", "Pixel spacing", _pair(f.spacing.row_mm, f.spacing.column_mm, 2, "mm")
    yield "F4", "Input warnings", _warnings(f)
    yield "F5", "Class", f"{words.CLASS[f.tumour_class.value]}, {share_words(f.tumour_class.probability)}"
    yield (
        "F6",
        "Region drawn by",
        f"{words.SOURCE[f.delineation.source].removeprefix('its ')}" + _percentile(f),
    )
    size = _pair(extent.longest_mm, extent.perpendicular_mm, 0, "mm")
    size = (
        size
        if extent.longest_mm is not None
        else _pair(extent.longest_px, extent.perpendicular_px, 0, "pixels")
    )
    yield "F7", "Size in plane", size
    yield "F8", "Placement", f"grade {place.grade}{_level(f)}"
    yield "F9", "Location", f.location.region or ("see structures" if f.location.structures else UNKNOWN)
    for structure in f.location.structures:
        yield structure.id, "Structure", _structure(structure)
    yield "F10", "Stability", _stability(f)
    for fact in f.saliency:
        yield fact.id, f"{words.METHOD[fact.method]} heat", _heat(fact)
    yield "F13", "Network", _network(f)
    for trust in f.reliability.maps:
        yield trust.id, f"Trust in {words.METHOD[trust.method]}", trust_words(trust)
    yield "F14", "Limits", "research use only; no healthy class; figures are averages"
    if f.volume is not None:
        yield "F15", "Volume", _volume(f.volume)
        for lesion in f.volume.lesions:
            yield lesion.id, "Region", _lesion(lesion)


def _volume(volume: VolumeFact) -> str:
    count = f"{volume.lesion_count} region{'' if volume.lesion_count == 1 else 's'}"
    doubts = join_words([words.DOUBT[code] for code in volume.doubts]) if volume.doubts else ""
    size = "" if volume.total_mm3 is None else f", {volume.total_mm3 / 1000:.1f} ml"
    missing = "some may be" if volume.missing_slices is None else volume.missing_slices
    gaps = f"; slices missing: {missing}" if missing else ""
    return f"{count}{size}{gaps}" + (f"; no reliable evidence of a tumour: {doubts}" if doubts else "")


def _lesion(lesion: LesionFact) -> str:
    size = f"{lesion.voxels:,} voxels" if lesion.volume_mm3 is None else f"{lesion.volume_mm3 / 1000:.1f} ml"
    return ", ".join(part for part in (size, lesion.region or "", lesion.side.replace("_", " ")) if part)


def _plane(f: Findings) -> str:
    if f.plane.plane is None:
        return UNKNOWN
    sure = f" ({share_words(f.plane.probability)})" if f.plane.probability is not None else ""
    return f"{f.plane.plane}, from {'the ' if f.plane.basis != 'estimated' else ''}{_BASIS[str(f.plane.basis)]}{sure}"


def _level(f: Findings) -> str:
    level, plane = f.placement.level_mm, f.plane.plane
    if level is None or plane is None:
        return ""
    if plane == "sagittal":
        return f", {abs(level):.0f} mm from the midline"
    return f", {SLOTS[f'level_{plane}'].write(round(level))} the anterior commissure"


_BASIS = {"header": "header", "user": "user", "estimated": "the picture"}


def share_words(share: float) -> str:
    """A probability with one decimal, never rounded up to certainty or down to impossibility."""
    return "<0.1%" if share < 0.001 else ">99.9%" if share > 0.999 else f"{share:.1%}"


def _pair(first: float | None, second: float | None, digits: int, unit: str) -> str:
    return UNKNOWN if first is None or second is None else f"{first:.{digits}f} x {second:.{digits}f} {unit}"


def _warnings(f: Findings) -> str:
    if f.warnings.state == "not_assessed":
        return UNKNOWN
    return join_words([words.WARNING[code] for code in f.warnings.codes]) if f.warnings.codes else "none"


def _percentile(f: Findings) -> str:
    if f.delineation.state == "absent":
        return "; nothing was delineated"
    percentile = f.delineation.threshold_percentile
    return "" if percentile is None else f", percentile {percentile:.0f}"


def _structure(fact: StructureFact) -> str:
    side = fact.side if fact.side in ("left", "right") else None
    phrase = structure_phrase(fact.name, side).removeprefix("the ")
    number = "" if fact.atlas_label is None else f" (label {fact.atlas_label} of the atlas)"
    chance = "" if fact.probability is None else f", in {fact.probability:.0%} of the plausible placements"
    return f"{phrase}{number}, {fact.share_of_lesion:.0%} of the region, {fact.stability}{chance}"


def _stability(f: Findings) -> str:
    low, high = f.stability.smallest_area_ratio, f.stability.largest_area_ratio
    return UNKNOWN if low is None or high is None else f"area {low:.0%} to {high:.0%} at other thresholds"


def _heat(fact: SaliencyFact) -> str:
    if fact.state != "present":
        return "not computed"
    dice = "" if fact.overlap_dice is None else f"Dice {fact.overlap_dice:.2f}"
    inside = "" if fact.energy_inside is None else f"{fact.energy_inside:.0%} inside"
    return ", ".join(part for part in (dice, inside) if part) or "no heat to compare"


def _network(f: Findings) -> str:
    accuracy = figure_words(f.reliability.accuracy, percent=True)
    return f"{words.ARCHITECTURE[f.reliability.architecture]}, accuracy {accuracy}"


def trust_words(fact: MapTrustFact) -> str:
    """The badge of a method, and what it failed."""
    if fact.badge is None:
        return UNKNOWN
    return (
        fact.badge
        if not fact.failed
        else f"failed: {'; '.join(words.TRUST_CHECK[one] for one in fact.failed)}"
    )


def figure_words(figure: Figure | None, percent: bool) -> str:
    """A measured figure with its interval, or "not measured"."""
    if figure is None:
        return "not measured"
    text = "{:.1%}" if percent else "{:.3f}"
    if figure.low is None or figure.high is None:
        return text.format(figure.value)
    return f"{text.format(figure.value)} ({text.format(figure.low)} to {text.format(figure.high)})"
