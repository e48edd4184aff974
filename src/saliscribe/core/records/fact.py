"""What every fact has: an id, a state, the stage that made it, and where the evidence lies."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from saliscribe.core.names import CamMethod, State

Stage = Literal["read", "prepare", "predict", "attribute", "make_mask", "localise", "summarise", "model_card"]
EvidenceFile = Literal[
    "manifest.json", "image.png", "overlay.png", "mask.png", "placement.json",
    "mask_segmentation_head.png", "mask_gradcam.png", "mask_gradcam++.png", "mask_scorecam.png",
    "saliency_gradcam.npz", "saliency_gradcam++.npz", "saliency_scorecam.npz",
    "image.nii.gz", "mask.nii.gz",
]  # fmt: skip
CertaintyWord = Literal["consistent_with", "probable", "possible", "indeterminate"]

Share = Annotated[float, Field(ge=0.0, le=1.0, description="a share or probability between 0 and 1")]
Count = Annotated[int, Field(ge=0)]
Pixels = Annotated[float, Field(ge=0.0, description="a length in pixels")]
Millimetres = Annotated[float, Field(ge=0.0, description="a length in millimetres")]
Slug = Annotated[
    str, Field(pattern=r"^[a-z0-9][a-z0-9_+-]{0,39}$", description="a short code, never free text")
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Record(BaseModel):
    """A frozen JSON record: unknown keys are refused, numbers are finite, unknown is null."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Evidence(Record):
    """Where a reader can check a fact: a file of the result folder, a map in it, a slice of it (from 0)."""

    file: EvidenceFile
    map: CamMethod | None = None
    slice: Count | None = None


class Fact(Record):
    """One checkable statement. ``state`` is present, absent or not_assessed; absent never means not_assessed.

    ``needs`` names the fields that a present fact must have; a fact that was not assessed has none of
    its ``values``.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    values: ClassVar[tuple[str, ...]] = ()

    id: str
    state: State
    stage: Stage
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _state_fits_values(self) -> Self:
        missing = [name for name in self.needs if getattr(self, name) is None]
        if self.state == "present" and missing:
            raise ValueError(f"state is present but {', '.join(missing)} is null")
        kept = [name for name in self.values if getattr(self, name) not in (None, ())]
        if self.state == "not_assessed" and kept:
            raise ValueError(f"state is not_assessed but {', '.join(kept)} has a value")
        return self


class Figure(Record):
    """A measured figure of the network with its 95 % interval (cluster bootstrap by patient)."""

    value: Share
    low: Share | None = None
    high: Share | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval needs both ends or neither")
        # A resampled calibration error leans upwards, so its value may lie below its interval.
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError("expected low <= high")
        return self
