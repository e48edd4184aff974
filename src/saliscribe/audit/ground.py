"""Findings made ready for questions: claims at reporting precision, exact numbers, places and topics."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from saliscribe.audit.exact import exact
from saliscribe.audit.places import containing, parts_of_region
from saliscribe.audit.second_look import Words, true_sentences
from saliscribe.core.language.reported import Claims, Key, reported
from saliscribe.core.records.facts import StructureFact
from saliscribe.core.records.findings import Findings


@dataclass(frozen=True)
class Ground:
    """``known``: ``reported(findings)``; ``numbers``: claim -> (exact value in the unit of the text, decimals
    that a text may give); ``places``: place -> structures in it."""

    findings: Findings
    known: Claims
    exact: dict[Key, float]
    numbers: dict[Key, tuple[float, int]]
    places: dict[str, tuple[StructureFact, ...]]
    region_places: frozenset[str]
    topics: frozenset[str]

    def holds(self, about: Key, value: Any) -> bool | None:
        """True or false; ``None`` where the findings are silent."""
        if about not in self.known:
            return None
        return bool(self.known[about] == value)

    def names(self, place: str) -> bool:
        """True if the findings place the region here: a joint place when they name all its parts."""
        parts = parts_of_region(place)
        return (
            place in self.places
            or place in self.region_places
            or (bool(parts) and all(map(self.names, parts)))
        )

    def is_site(self, place: str) -> bool:
        """True if the region as a whole lies here: its named region, or what holds its largest structure."""
        location = self.findings.location
        if location.region is None or place in self.region_places:
            return True
        largest = max(location.structures, key=lambda s: s.share_of_lesion, default=None)
        parts = parts_of_region(place)
        if parts:
            return all(map(self.is_site, parts))
        return largest is not None and place in containing(largest.name)

    @cached_property
    def true(self) -> tuple[Words, ...]:
        """All sentences that the grammar can say of the findings; only freely told ones are compared with them."""
        return true_sentences(self.known)

    def chance(self, name: str) -> float:
        """Probability of a class in per cent."""
        return 100.0 * float(getattr(self.findings.tumour_class.probabilities, name))


def ground(findings: Findings) -> Ground:
    """Everything that the readers ask, worked out once per text."""
    known, numbers = reported(findings), exact(findings)
    region = findings.location.region
    around: set[str] = set()
    for name in (region, *parts_of_region(region or "")):
        around |= containing(name) if name else set()
    places: dict[str, tuple[StructureFact, ...]] = {}
    for fact in findings.location.structures:
        for name in containing(fact.name):
            places[name] = (*places.get(name, ()), fact)
    return Ground(
        findings=findings,
        known=known,
        exact=numbers,
        numbers=_numbers(findings, known, numbers),
        places=places,
        region_places=frozenset(around),
        topics=frozenset(fact.topic for fact in findings.not_assessed),
    )


def _numbers(f: Findings, known: Claims, fine: dict[Key, float]) -> dict[Key, tuple[float, int]]:
    table: dict[Key, tuple[float, int]] = {key: (value, 1) for key, value in fine.items()}
    if f.extent.area_mm2 is not None:
        table["F7", "area_mm2"] = (f.extent.area_mm2, 0)
    if f.extent.area_px is not None:
        table["F7", "area_px"] = (float(f.extent.area_px), 0)
    for name, ratio in (
        ("smallest", f.stability.smallest_area_ratio),
        ("largest", f.stability.largest_area_ratio),
    ):
        if ratio is not None:
            table["F10", name] = (100.0 * ratio, 1)
    for name, figure in (
        ("accuracy", f.reliability.accuracy), ("macro_f1", f.reliability.macro_f1), ("dice", f.reliability.dice),
        ("calibration_error", f.reliability.calibration_error),
    ):  # fmt: skip
        ends = {} if figure is None else {"": figure.value, "_low": figure.low, "_high": figure.high}
        table |= {("F13", name + end): (100.0 * value, 2) for end, value in ends.items() if value is not None}
    for map_fact in f.saliency:
        if map_fact.overlap_dice is not None:
            table[map_fact.id, "dice"] = (map_fact.overlap_dice, 3)
        if map_fact.heat_outside_brain is not None:
            table[map_fact.id, "outside_brain"] = (100.0 * map_fact.heat_outside_brain, 1)
    for key in (("F1", "slice_number"), ("F1", "slice_count"), ("F4", "count"), ("F6", "parts"), ("F10", "thresholds"),
                ("F13", "patients"), ("F13", "slices"), ("F13", "folds"), ("F9", "further"), ("F6", "percentile"),
                ("F8", "low"), ("F8", "high"), ("F8", "level")):  # fmt: skip
        if known.get(key) is not None:
            table[key] = (float(known[key]), 0)
    if f.placement.level_mm is not None:
        table["F8", "level"] = (abs(f.placement.level_mm), 1)
    if f.delineation.threshold_percentile is not None:
        table["F6", "percentile"] = (f.delineation.threshold_percentile, 1)
    return table
