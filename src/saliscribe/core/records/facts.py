"""The kinds of facts. Their ids are fixed by kind, so F5 is the tumour class in every findings file."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from saliscribe.core.names import CamMethod, Grade, MaskSource, Plane, Side, Stability, State, TumourClass
from saliscribe.core.records.fact import (
    CertaintyWord,
    Count,
    Fact,
    Figure,
    Millimetres,
    Pixels,
    Record,
    Sha256,
    Share,
    Slug,
)
from saliscribe.core.records.map_trust import MapTrusts, unassessed_maps
from saliscribe.core.vocabulary import regions, structures

ImageFormat = Literal["raster_picture", "matlab_slice", "dicom_image", "volume_slice", "array_slice"]
Sequence = Literal["t1_post_contrast", "t1", "t2", "flair", "other"]
Basis = Literal["header", "user", "estimated"]
WarningCode = Literal[
    "not_brain_like", "not_t1_post_contrast", "low_contrast", "low_resolution", "blurred_or_noisy",
    "head_cut_off",
    "uneven_pixels", "colour_picture", "text_in_picture", "inverted_grey", "spacing_doubtful", "nearly_blank",
    "several_panels", "orientation_doubtful", "brain_not_found", "unsure_region", "failed_map_region",
    "untested_map_region", "missing_slices", "other",
]  # fmt: skip
Topic = Literal[
    "oedema", "diffusion_restriction", "perfusion", "haemorrhage_or_calcification", "enhancement_pattern",
    "midline_shift", "hydrocephalus_or_herniation", "who_grade", "molecular_type", "other_slices",
    "other_disease",
    "growth_or_comparison", "symptoms", "treatment", "prognosis", "side",
]  # fmt: skip
Population = Literal["figshare_cheng_2017"]
Architecture = Literal[
    "vgg16", "vgg19", "resnet50", "resnet50v2", "xception", "inception_v3", "inception_resnet_v2",
    "densenet121",
    "efficientnet_b0", "efficientnet_lite0", "other",
]  # fmt: skip


def _known_structure(name: str) -> str:
    if name not in structures():
        raise ValueError("not a structure of the vocabulary")
    return name


def _known_region(name: str) -> str:
    if name not in regions():
        raise ValueError("not a region of the vocabulary")
    return name


StructureName = Annotated[
    str, AfterValidator(_known_structure), Field(json_schema_extra={"enum": [*structures()]})
]
RegionName = Annotated[str, AfterValidator(_known_region), Field(json_schema_extra={"enum": [*regions()]})]


class ImageFact(Fact):
    """What kind of image came in; ``sequence`` only as *stated*, since the network assumes T1 with contrast."""

    id: Literal["F1"] = "F1"
    format: ImageFormat
    rows_px: Annotated[int, Field(ge=1)]
    columns_px: Annotated[int, Field(ge=1)]
    slice_number: Annotated[int, Field(ge=1)] | None = None
    slice_count: Annotated[int, Field(ge=1)] | None = None
    sequence: Sequence | None = None

    @model_validator(mode="after")
    def _slice_in_count(self) -> Self:
        if (self.slice_number is None) != (self.slice_count is None):
            raise ValueError("slice_number and slice_count come together")
        if (
            self.slice_number is not None
            and self.slice_count is not None
            and self.slice_number > self.slice_count
        ):
            raise ValueError("slice_number is beyond slice_count")
        return self


class PlaneFact(Fact):
    """Axial, coronal or sagittal, and who says so; ``probability`` only where it was estimated."""

    needs: ClassVar[tuple[str, ...]] = ("plane", "basis")
    values: ClassVar[tuple[str, ...]] = ("plane", "basis", "probability")
    id: Literal["F2"] = "F2"
    plane: Plane | None = None
    basis: Basis | None = None
    probability: Share | None = None


class SpacingFact(Fact):
    """Distance between pixel centres."""

    needs: ClassVar[tuple[str, ...]] = ("row_mm", "column_mm")
    values: ClassVar[tuple[str, ...]] = ("row_mm", "column_mm")
    id: Literal["F3"] = "F3"
    row_mm: Annotated[float, Field(gt=0.0)] | None = None
    column_mm: Annotated[float, Field(gt=0.0)] | None = None


class WarningsFact(Fact):
    """What the input gate objected to; state ``absent`` when it ran and objected to nothing."""

    values: ClassVar[tuple[str, ...]] = ("codes",)
    id: Literal["F4"] = "F4"
    codes: tuple[WarningCode, ...] = ()

    @model_validator(mode="after")
    def _present_means_codes(self) -> Self:
        if (self.state == "present") != bool(self.codes):
            raise ValueError("warnings are present exactly when there are codes")
        return self


class ClassProbabilities(Record):
    """Calibrated probability of each class the network knows."""

    glioma: Share
    meningioma: Share
    pituitary: Share

    @model_validator(mode="after")
    def _sum_to_one(self) -> Self:
        if abs(self.glioma + self.meningioma + self.pituitary - 1.0) > 2e-3:
            raise ValueError("class probabilities must sum to 1")
        return self

    def ranked(self) -> tuple[tuple[TumourClass, float], ...]:
        """(class, probability), most probable first; ties keep the order of the classes."""
        pairs: tuple[tuple[TumourClass, float], ...] = (
            ("glioma", self.glioma), ("meningioma", self.meningioma), ("pituitary", self.pituitary),
        )  # fmt: skip
        return tuple(sorted(pairs, key=lambda pair: -pair[1]))


class ClassFact(Fact):
    """The network's class with its calibrated probability, the certainty word for it, and the runner-up."""

    id: Literal["F5"] = "F5"
    state: Literal["present"] = "present"
    value: TumourClass
    probability: Share
    certainty: CertaintyWord
    runner_up: TumourClass
    runner_up_probability: Share
    probabilities: ClassProbabilities

    @model_validator(mode="after")
    def _agrees_with_probabilities(self) -> Self:
        (first, p_first), (second, p_second), _ = self.probabilities.ranked()
        if (self.value, self.probability) != (first, p_first):
            raise ValueError("value and probability must be the most probable class")
        if (self.runner_up, self.runner_up_probability) != (second, p_second):
            raise ValueError("runner_up must be the second most probable class")
        return self


class DelineationFact(Fact):
    """Whether a tumour region was delineated, by what, and how; ``absent`` means an empty mask,
    never "normal"."""

    needs: ClassVar[tuple[str, ...]] = ("source", "criterion", "parts")
    id: Literal["F6"] = "F6"
    source: MaskSource
    criterion: Slug
    threshold: float
    threshold_percentile: Annotated[float, Field(ge=0.0, le=100.0)] | None = None
    parts: Count

    @model_validator(mode="after")
    def _parts_fit_state(self) -> Self:
        if self.state == "not_assessed" or (self.state == "present") != (self.parts > 0):
            raise ValueError("a delineation is present with at least one part, or absent with none")
        return self


class ExtentFact(Fact):
    """In-plane size of the delineated region; millimetres only where the spacing is known."""

    needs: ClassVar[tuple[str, ...]] = ("area_px", "longest_px", "perpendicular_px")
    values: ClassVar[tuple[str, ...]] = (
        "area_px", "longest_px", "perpendicular_px", "area_mm2", "longest_mm", "perpendicular_mm",
        "share_of_brain",
    )  # fmt: skip
    id: Literal["F7"] = "F7"
    area_px: Annotated[int, Field(ge=1)] | None = None
    longest_px: Pixels | None = None
    perpendicular_px: Pixels | None = None
    area_mm2: Annotated[float, Field(ge=0.0)] | None = None
    longest_mm: Millimetres | None = None
    perpendicular_mm: Millimetres | None = None
    share_of_brain: Share | None = None

    @model_validator(mode="after")
    def _millimetres_together(self) -> Self:
        known = [value is not None for value in (self.area_mm2, self.longest_mm, self.perpendicular_mm)]
        if any(known) != all(known):
            raise ValueError("area_mm2, longest_mm and perpendicular_mm come together")
        return self


class PlacementFact(Fact):
    """Where the image lies in the template: grade A to D,
    and the level along the plane's normal in MNI mm."""

    values: ClassVar[tuple[str, ...]] = ("level_mm", "interval_mm", "residual")
    id: Literal["F8"] = "F8"
    grade: Grade
    level_mm: float | None = None
    interval_mm: tuple[float, float] | None = None
    residual: Share | None = None

    @model_validator(mode="after")
    def _interval_in_order(self) -> Self:
        if self.interval_mm is not None and self.interval_mm[0] > self.interval_mm[1]:
            raise ValueError("interval_mm must be (low, high)")
        if (self.state == "present") != (self.level_mm is not None):
            raise ValueError("a placement is present exactly when its level is known")
        return self


class StructureFact(Fact):
    """One structure under the delineated region. ``fragile``: it appears only at some thresholds or levels.

    ``probability``: in which part of the plausible placements of a lone slice it would be named; null for a volume.
    ``atlas_label``: its number in the label table of an atlas that the user gave, where the vocabulary has no name.
    """

    id: Annotated[str, Field(pattern=r"^F9\.[1-9][0-9]?$")]
    state: Literal["present"] = "present"
    name: StructureName
    side: Side
    share_of_lesion: Share
    share_of_structure: Share | None = None
    stability: Stability
    probability: Share | None = None
    atlas_label: Annotated[int, Field(ge=0, le=1_000_000)] | None = None


class LocationFact(Fact):
    """Where the region lies. ``side`` is the patient's; ``image_side`` is only where it is in the picture."""

    values: ClassVar[tuple[str, ...]] = ("region", "structures", "share_outside_atlas")
    id: Literal["F9"] = "F9"
    region: RegionName | None = None
    side: Side = "not_assessed"
    side_basis: Literal["header", "user", "midline_of_slice", "not_known"] = "not_known"
    image_side: Literal["image-left", "image-right", "image-midline", "not_assessed"] = "not_assessed"
    share_outside_atlas: Share | None = None
    structures: Annotated[tuple[StructureFact, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def _numbered_and_distinct(self) -> Self:
        if [fact.id for fact in self.structures] != [f"F9.{n}" for n in range(1, len(self.structures) + 1)]:
            raise ValueError("structures must be numbered F9.1, F9.2, ... in order")
        if len({(one.name, one.side, one.atlas_label) for one in self.structures}) != len(self.structures):
            raise ValueError("a structure appears twice")
        if (self.state == "present") != bool(self.structures or self.region):
            raise ValueError("a location is present exactly when a region or structure is named")
        return self


class StabilityFact(Fact):
    """How far the region changes at the neighbouring thresholds, relative to its stated area."""

    needs: ClassVar[tuple[str, ...]] = ("thresholds", "smallest_area_ratio", "largest_area_ratio")
    values: ClassVar[tuple[str, ...]] = needs
    id: Literal["F10"] = "F10"
    thresholds: Annotated[int, Field(ge=1)] | None = None
    smallest_area_ratio: Annotated[float, Field(ge=0.0)] | None = None
    largest_area_ratio: Annotated[float, Field(ge=0.0)] | None = None


class SaliencyFact(Fact):
    """Whether a heat map points at the delineated region; ``overlap_dice`` compares its own mask with it."""

    values: ClassVar[tuple[str, ...]] = (
        "overlap_dice", "energy_inside", "heat_outside_brain", "peak_inside", "threshold_percentile",
        "evaluated_fraction",
    )  # fmt: skip
    id: Literal["F11.1", "F11.2", "F11.3"]
    method: CamMethod
    overlap_dice: Share | None = None
    energy_inside: Share | None = None
    heat_outside_brain: Share | None = None
    peak_inside: bool | None = None
    threshold_percentile: Annotated[float, Field(ge=0.0, le=100.0)] | None = None
    evaluated_fraction: Share | None = None


class TopicFact(Fact):
    """One thing that nobody looked at, because a single contrast-enhanced T1 slice cannot show it."""

    id: Annotated[str, Field(pattern=r"^F12\.[1-9][0-9]?$")]
    state: Literal["not_assessed"] = "not_assessed"
    topic: Topic


class ReliabilityFact(Fact):
    """What is known about the network: its cross-validated figures, by patient, whom it was trained on, and
    whether its saliency maps can be trusted (``maps``, one fact per method)."""

    id: Literal["F13"] = "F13"
    state: State
    architecture: Architecture
    weights_sha256: Sha256 | None = None
    population: Population | None = None
    patients: Count | None = None
    slices: Count | None = None
    folds: Count | None = None
    accuracy: Figure | None = None
    macro_f1: Figure | None = None
    dice: Figure | None = None
    calibration_error: Figure | None = None
    temperature_scaled: bool = False
    maps: MapTrusts = Field(default_factory=unassessed_maps)

    @model_validator(mode="after")
    def _present_means_figures(self) -> Self:
        figures = (self.accuracy, self.macro_f1, self.dice, self.calibration_error)
        if (self.state == "present") != any(figure is not None for figure in figures):
            raise ValueError("reliability is present exactly when a figure is known")
        if [(fact.id, fact.method) for fact in self.maps] != [(f.id, f.method) for f in unassessed_maps()]:
            raise ValueError("maps must hold one fact per method, F13.1 to F13.3")
        return self


class LimitsFact(Fact):
    """What always holds: a closed set of three tumour classes without a healthy one,
    and research use only."""

    id: Literal["F14"] = "F14"
    state: Literal["present"] = "present"
    healthy_class: Literal[False] = False
    research_use_only: Literal[True] = True
    synthetic_input: bool = False
