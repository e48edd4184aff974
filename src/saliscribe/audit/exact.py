"""Numbers behind the reported ones, for texts that give one more decimal than the grammar does."""

from __future__ import annotations

from saliscribe.core.language.reported import Key
from saliscribe.core.records.findings import Findings


def exact(findings: Findings) -> dict[Key, float]:
    """Claim -> its value before rounding, in the unit of the claim (per cent, millimetres, pixels)."""
    first, second, third = findings.tumour_class.probabilities.ranked()
    extent, placement = findings.extent, findings.placement
    known: dict[Key, float | None] = {
        ("F2", "probability"): _percent(findings.plane.probability),
        ("F5", "probability"): _percent(first[1]),
        ("F5", "runner_up_probability"): _percent(second[1]),
        ("F5", "third_probability"): _percent(third[1]),
        ("F7", "longest_mm"): extent.longest_mm,
        ("F7", "perpendicular_mm"): extent.perpendicular_mm,
        ("F7", "longest_px"): extent.longest_px,
        ("F7", "perpendicular_px"): extent.perpendicular_px,
        ("F7", "share_of_brain"): _percent(extent.share_of_brain),
        ("F8", "level"): None if placement.level_mm is None else abs(placement.level_mm),
        ("F9", "outside"): _percent(findings.location.share_outside_atlas),
    }
    for fact in findings.saliency:
        known[fact.id, "inside"] = _percent(fact.energy_inside)
        known[fact.id, "outside_brain"] = _percent(fact.heat_outside_brain)
    return {key: value for key, value in known.items() if value is not None}


def _percent(share: float | None) -> float | None:
    return None if share is None else 100.0 * share
