"""Each fact in a few words, as the evidence beside a sentence."""

from __future__ import annotations

from saliscribe.core.language import words
from saliscribe.core.language.reported import reported
from saliscribe.core.language.slots import join_words, structure_phrase
from saliscribe.core.records.findings import Findings


def fact_words(findings: Findings) -> dict[str, str]:
    """Fact id -> the fact in words."""
    f, known = findings, reported(findings)
    chances = [f"{words.CLASS[name]} {share:.1%}" for name, share in f.tumour_class.probabilities.ranked()]
    table = {
        "F1": f"{words.FORMAT[f.image.format]}, {f.image.rows_px} x {f.image.columns_px} pixels",
        "F2": f"plane {_or_not(f.plane.plane)}",
        "F3": "pixel spacing " + _lengths(f.spacing.row_mm, f.spacing.column_mm, 2, "mm"),
        "F4": _warnings(f),
        "F5": f"{known['F5', 'certainty'].replace('_', ' ')}: {', '.join(chances)}",
        "F6": _delineation(f),
        "F7": _extent(f),
        "F8": f"localisation grade {f.placement.grade}, level {_or_not(f.placement.level_mm, '{:.0f} mm')}",
        "F9": f"{_or_not(f.location.region)}, side {f.location.side.replace('_', ' ')}",
        "F10": _stability(f),
        "F12": "not assessed: " + ", ".join(str(words.TOPIC[t.topic]) for t in f.not_assessed),
        "F13": _network(f),
        "F14": "research use only; three classes, none healthy; figures are averages"
        + ("; synthetic picture" if f.synthetic else ""),
    }
    table |= {t.id: f"not assessed: {words.TOPIC[t.topic]}" for t in f.not_assessed}
    for s in f.location.structures:
        side = s.side if s.side in ("left", "right") else None
        table[s.id] = (
            f"{structure_phrase(s.name, side)}, {s.share_of_lesion:.0%} of the region, {s.stability}"
        )
    for m in f.saliency:
        table[m.id] = f"{words.METHOD[m.method]}: " + _heat(m.overlap_dice, m.energy_inside, m.peak_inside)
    return table


def _or_not(value: object, pattern: str = "{}") -> str:
    return "not assessed" if value is None else pattern.format(value)


def _lengths(first: float | None, second: float | None, digits: int, unit: str) -> str:
    return (
        "not assessed"
        if first is None or second is None
        else f"{first:.{digits}f} x {second:.{digits}f} {unit}"
    )


def _warnings(f: Findings) -> str:
    if f.warnings.state != "present":
        return "no input warning" if f.warnings.state == "absent" else "input not checked"
    return "input warnings: " + join_words([str(words.WARNING[code]) for code in f.warnings.codes])


def _delineation(f: Findings) -> str:
    parts = f"{f.delineation.parts} part{'s' if f.delineation.parts != 1 else ''}"
    return f"region from {str(words.SOURCE[f.delineation.source]).removeprefix('its ')}, {parts}"


def _extent(f: Findings) -> str:
    e = f.extent
    if e.area_px is None:
        return "size not assessed"
    if e.area_mm2 is None:
        return "size " + _lengths(e.longest_px, e.perpendicular_px, 0, "pixels") + ", millimetres not known"
    return (
        "size " + _lengths(e.longest_mm, e.perpendicular_mm, 1, "mm") + f", area {e.area_mm2 / 100:.1f} cm²"
    )


def _stability(f: Findings) -> str:
    low, high = f.stability.smallest_area_ratio, f.stability.largest_area_ratio
    if low is None or high is None:
        return "stability not assessed"
    return f"area {low:.0%} to {high:.0%} at neighbouring thresholds"


def _heat(dice: float | None, inside: float | None, peak: bool | None) -> str:
    shown = [
        None if dice is None else f"Dice {dice:.2f}",
        None if inside is None else f"{inside:.0%} of its heat inside",
    ]
    shown.append(None if peak is None else f"hottest point {'inside' if peak else 'outside'}")
    return ", ".join(part for part in shown if part) or "not computed"


def _network(f: Findings) -> str:
    accuracy = f.reliability.accuracy
    measured = "not measured" if accuracy is None else f"accuracy {accuracy.value:.1%}"
    return f"{words.ARCHITECTURE[f.reliability.architecture]} network, {measured}"
