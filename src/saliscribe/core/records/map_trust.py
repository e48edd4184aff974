"""Whether the maps of a saliency method were shown to depend on what the network learnt: the badge of a study."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from saliscribe.core.names import CamMethod
from saliscribe.core.records.fact import Count, Fact, Sha256

Badge = Literal["trusted", "failed"]
#: What maps are tried for: insertion and deletion and the pointing game against null maps, the way round, shuffled
#: weights, shuffled labels, harmless changes of the picture.
TrustCheck = Literal["faithfulness", "pointing", "direction", "weights", "labels", "harmless"]


class MapTrustFact(Fact):
    """The badge of one method on one network; ``not_assessed`` where no study of the network measured it.

    ``failed`` names the checks that did not hold, ``slices`` counts those on which the map met null maps, and
    ``study_sha256`` is the hash of the analysis plan: it stands in ``plan.json`` of the study.
    """

    needs: ClassVar[tuple[str, ...]] = ("badge", "slices")
    values: ClassVar[tuple[str, ...]] = ("badge", "failed", "slices", "study_sha256")
    id: Literal["F13.1", "F13.2", "F13.3"]
    method: CamMethod
    badge: Badge | None = None
    failed: tuple[TrustCheck, ...] = ()
    slices: Count | None = None
    study_sha256: Sha256 | None = None

    @model_validator(mode="after")
    def _failed_says_why(self) -> Self:
        if (self.badge == "failed") != bool(self.failed):
            raise ValueError("a method failed exactly when a check of it did")
        return self


MapTrusts = tuple[MapTrustFact, MapTrustFact, MapTrustFact]


def unassessed_maps() -> MapTrusts:
    """What is known where nobody tried the maps of a network, and of findings from before they were tried."""
    return (
        MapTrustFact(id="F13.1", state="not_assessed", stage="model_card", method="gradcam"),
        MapTrustFact(id="F13.2", state="not_assessed", stage="model_card", method="gradcam++"),
        MapTrustFact(id="F13.3", state="not_assessed", stage="model_card", method="scorecam"),
    )
