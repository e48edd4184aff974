"""Settings of the main job: resolved once, frozen, hashed."""

from __future__ import annotations

import hashlib
import json
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from saliscribe.core.names import CAM_METHOD_NAMES, CamMethod, Orientation, Plane
from saliscribe.reporting.chat import Parameters
from saliscribe.reporting.write_report import chosen_mode

#: Settings that change where or how the work is done, but not what comes out.
_NOT_HASHED = frozenset({"offline"})


class ExplainSettings(BaseModel):
    """Everything that decides what ``explain`` computes from a given input file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(
        "default", description="name of an installed network, or a folder with weights and metadata"
    )
    cam: Literal["gradcam", "gradcam++", "scorecam", "all"] = Field(
        "gradcam++", description="saliency method"
    )
    plane: Literal["auto", "axial", "coronal", "sagittal"] = Field(
        "auto", description="plane of a lone slice"
    )
    orientation: Orientation = Field(
        "unknown", description="display convention of a picture without a header"
    )
    spacing_mm: tuple[float, float] | None = Field(None, description="pixel size (across, down) of a picture")
    level_mm: float | None = Field(
        None, ge=-130.0, le=130.0, description="MNI coordinate of the slice along its normal, if known"
    )
    atlas: str = Field(
        "harvard-oxford", description="atlas that names the structures, or FILE.nii.gz[:TABLE]"
    )
    writer: str = Field("template", description="who writes the report")
    mode: Literal["template", "plan", "slots", "free"] = Field(
        "template", description="how much the writer decides"
    )
    llm: Parameters = Field(Parameters(), description="how a language model is asked")
    device: Literal["auto", "cpu", "cuda"] = Field("auto", description="where the network runs")
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="number format of the network"
    )
    offline: bool = Field(False, description="never touch the network")

    @model_validator(mode="after")
    def _mode_is_resolved(self) -> Self:
        """What is saved is what was done: a writer other than the template is free unless a mode was stated."""
        if self.writer != "template":
            object.__setattr__(self, "mode", chosen_mode(self.writer, self.mode))
        return self

    @property
    def cam_methods(self) -> tuple[CamMethod, ...]:
        """The saliency methods to compute, in the order of the contract."""
        return CAM_METHOD_NAMES if self.cam == "all" else (self.cam,)

    @property
    def known_plane(self) -> Plane | None:
        """The plane that the user stated, or ``None``."""
        return None if self.plane == "auto" else self.plane

    def sha256(self) -> str:
        """Hash of the settings that decide the result."""
        plain = self.model_dump(mode="json", exclude=set(_NOT_HASHED))
        return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
