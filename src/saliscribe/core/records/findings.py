"""Findings: everything the project says about one image, and the only thing that a writer may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from saliscribe.core.names import CAM_METHOD_NAMES
from saliscribe.core.records.fact import Fact, Record
from saliscribe.core.records.facts import (
    ClassFact,
    DelineationFact,
    ExtentFact,
    ImageFact,
    LimitsFact,
    LocationFact,
    PlacementFact,
    PlaneFact,
    ReliabilityFact,
    SaliencyFact,
    SpacingFact,
    StabilityFact,
    TopicFact,
    WarningsFact,
)
from saliscribe.core.records.volume_facts import VolumeFact

SCHEMA_VERSION = "1.0"


class Findings(Record):
    """The findings of one image. No path, file name, date, identifier or free text fits into any field."""

    schema_version: Literal["1.0"] = "1.0"
    synthetic: bool = False
    image: ImageFact
    plane: PlaneFact
    spacing: SpacingFact
    warnings: WarningsFact
    tumour_class: ClassFact
    delineation: DelineationFact
    extent: ExtentFact
    placement: PlacementFact
    location: LocationFact
    stability: StabilityFact
    saliency: tuple[SaliencyFact, SaliencyFact, SaliencyFact]
    not_assessed: tuple[TopicFact, ...]
    reliability: ReliabilityFact
    limits: LimitsFact
    volume: VolumeFact | None = None

    @model_validator(mode="after")
    def _facts_agree(self) -> Self:
        if tuple(fact.method for fact in self.saliency) != CAM_METHOD_NAMES:
            raise ValueError(
                f"saliency must hold one fact per method, in the order {', '.join(CAM_METHOD_NAMES)}"
            )
        if [fact.id for fact in self.saliency] != ["F11.1", "F11.2", "F11.3"]:
            raise ValueError("saliency facts must be numbered F11.1 to F11.3")
        if [fact.id for fact in self.not_assessed] != [
            f"F12.{n}" for n in range(1, len(self.not_assessed) + 1)
        ]:
            raise ValueError("not_assessed facts must be numbered F12.1, F12.2, ... in order")
        topics = [fact.topic for fact in self.not_assessed]
        if not topics or len(set(topics)) != len(topics):
            raise ValueError("not_assessed must name at least one topic, each once")
        if self.limits.synthetic_input != self.synthetic:
            raise ValueError("limits.synthetic_input must repeat synthetic")
        return self._sizes_agree()

    def _sizes_agree(self) -> Self:
        if self.delineation.state == "absent" and self.extent.state == "present":
            raise ValueError("an empty delineation has no extent")
        if self.delineation.state == "absent" and self.location.state == "present":
            raise ValueError("an empty delineation has no location")
        compared = (part for f in self.saliency for part in (f.overlap_dice, f.energy_inside, f.peak_inside))
        if self.delineation.state == "absent" and any(part is not None for part in compared):
            raise ValueError("no heat map can agree with an empty delineation")
        if self.extent.longest_mm is not None and self.spacing.state != "present":
            raise ValueError("millimetres need a known spacing")
        if self.volume is not None and self.image.slice_count is None:
            raise ValueError("facts about a volume need the number of the slice that is shown")
        return self

    def facts(self) -> Iterator[Fact]:
        """Every fact in the order of its number, the numbered parts after their whole."""
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, Fact):
                yield value
                if isinstance(value, LocationFact):
                    yield from value.structures
                elif isinstance(value, ReliabilityFact):
                    yield from value.maps
                elif isinstance(value, VolumeFact):
                    yield from value.lesions
            elif isinstance(value, tuple):
                yield from value

    def by_id(self) -> dict[str, Fact]:
        """Fact id -> fact."""
        return {fact.id: fact for fact in self.facts()}
