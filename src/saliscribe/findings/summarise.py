"""From the records of all stages to findings: the last place where pixels are looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from saliscribe.core.names import CamMethod, MaskSource
from saliscribe.core.records.fact import Evidence, EvidenceFile
from saliscribe.core.records.facts import (
    ClassFact,
    ClassProbabilities,
    DelineationFact,
    ExtentFact,
    ImageFact,
    ImageFormat,
    LimitsFact,
    Sequence,
    SpacingFact,
    StabilityFact,
    Topic,
    TopicFact,
    WarningCode,
    WarningsFact,
)
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.localisation import Localisation
from saliscribe.core.records.mask import Mask
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.core.records.volume_facts import VolumeFact
from saliscribe.core.volume import Volume
from saliscribe.findings.certainty import certainty_word
from saliscribe.findings.heat_facts import heat_facts
from saliscribe.findings.map_trust import region_warnings
from saliscribe.findings.measure_extent import count_parts, measure_extent
from saliscribe.findings.place import location_fact, placement_fact, plane_fact
from saliscribe.findings.reliability import reliability
from saliscribe.findings.soft_region import soft_region_warnings
from saliscribe.findings.warning_codes import warning_codes

#: What one contrast-enhanced T1 slice cannot show, or nobody measures here.
NEVER_ASSESSED: tuple[Topic, ...] = (
    "oedema", "diffusion_restriction", "perfusion", "haemorrhage_or_calcification", "enhancement_pattern",
    "midline_shift", "hydrocephalus_or_herniation", "who_grade", "molecular_type", "other_slices",
    "other_disease",
    "growth_or_comparison", "symptoms", "treatment", "prognosis",
)  # fmt: skip
_FORMATS: Mapping[str, ImageFormat] = {
    "mat": "matlab_slice", "dicom": "dicom_image", "dcm": "dicom_image", "nifti": "volume_slice",
    "nrrd": "volume_slice", "array": "array_slice", "npy": "array_slice",
}  # fmt: skip


def summarise(
    image: Volume,
    prepared: Prepared,
    prediction: Prediction,
    maps: Mapping[CamMethod, SaliencyMap],
    masks: Mapping[MaskSource, Mask],
    mask_source: MaskSource,
    localisation: Localisation,
    card: Mapping[str, Any],
    *,
    synthetic: bool = False,
    sequence: Sequence | None = None,
    slice_number: int | None = None,
    slice_count: int | None = None,
    volume: VolumeFact | None = None,
) -> Findings:
    """Everything said about one slice, as facts.

    ``masks[mask_source]`` is the delineated region. ``card`` is the network's ``metadata.json``.
    ``sequence`` is
    what a header or the user states, never a guess. ``slice_number`` counts from 1 within a volume.
    No name, path, date or free text of ``image`` is taken over.
    """
    mask = masks[mask_source]
    where = None if slice_number is None else slice_number - 1
    evidence = (Evidence(file="mask.png", slice=where),)
    layers = {method: its.layer for method, its in maps.items()}
    known = reliability(card, prediction.weights_sha256, prediction.model, layers)
    codes = (
        *_input_codes(image, prepared, localisation, masks.get("segmentation_head"), card),
        *region_warnings(mask_source, known.maps),
    )
    return Findings(
        synthetic=synthetic,
        image=_image(image, sequence, slice_number, slice_count),
        plane=plane_fact(localisation, image),
        spacing=_spacing(image),
        warnings=WarningsFact(state="present" if codes else "absent", stage="prepare", codes=codes),
        tumour_class=_tumour_class(prediction, volume),
        delineation=_delineation(mask, mask_source, where),
        extent=_extent(mask, image, prepared, evidence),
        placement=placement_fact(localisation),
        location=location_fact(localisation, mask.area_px == 0, (*evidence, Evidence(file="placement.json"))),
        stability=_stability(mask),
        saliency=heat_facts(maps, masks, mask_source, prepared.brain),
        not_assessed=_topics(localisation, volume),
        reliability=known,
        limits=LimitsFact(stage="summarise", synthetic_input=synthetic),
        volume=volume,
    )


def _image(image: Volume, sequence: Sequence | None, number: int | None, count: int | None) -> ImageFact:
    rows, columns = image.data.shape[1:3]
    return ImageFact(
        state="present",
        stage="read",
        evidence=(Evidence(file="image.png"),),
        format=_FORMATS.get(image.source.format.casefold(), "raster_picture"),
        rows_px=rows,
        columns_px=columns,
        slice_number=number if count is not None else None,
        slice_count=count if number is not None else None,
        sequence=sequence,
    )


def _spacing(image: Volume) -> SpacingFact:
    if image.trusted_pixel_mm is None:
        return SpacingFact(state="not_assessed", stage="read")
    row, column = (round(float(mm), 6) for mm in image.trusted_pixel_mm)
    return SpacingFact(state="present", stage="read", row_mm=row, column_mm=column)


def _input_codes(
    image: Volume, prepared: Prepared, localisation: Localisation, head: Mask | None, card: Mapping[str, Any]
) -> tuple[WarningCode, ...]:
    lines = (*image.warnings, *prepared.warnings, *localisation.placement.notes)
    return warning_codes((*lines, *soft_region_warnings(head, card)))


def _tumour_class(prediction: Prediction, volume: VolumeFact | None) -> ClassFact:
    """The class; where a volume is no reliable evidence of a tumour, no class is more than indeterminate."""
    probabilities = ClassProbabilities(
        **{name: min(1.0, max(0.0, round(float(p), 6))) for name, p in prediction.probabilities.items()}
    )
    first, second, _ = probabilities.ranked()
    doubtful = volume is not None and volume.support == "doubtful"
    return ClassFact(
        stage="predict",
        evidence=(Evidence(file="image.png"),),
        value=first[0],
        probability=first[1],
        certainty="indeterminate" if doubtful else certainty_word(first[1]),
        runner_up=second[0],
        runner_up_probability=second[1],
        probabilities=probabilities,
    )


def _delineation(mask: Mask, source: MaskSource, where: int | None) -> DelineationFact:
    own = cast(EvidenceFile, f"mask_{source}.png")
    return DelineationFact(
        state="present" if mask.area_px else "absent",
        stage="make_mask",
        evidence=(Evidence(file="mask.png", slice=where), Evidence(file=own, slice=where)),
        source=source,
        criterion=re.sub(r"[^a-z0-9]+", "_", mask.criterion.casefold()).strip("_")[:40] or "other",
        threshold=round(float(mask.threshold), 6),
        threshold_percentile=None
        if mask.threshold_percentile is None
        else round(float(mask.threshold_percentile), 3),
        parts=count_parts(mask.pixels),
    )


def _extent(mask: Mask, image: Volume, prepared: Prepared, evidence: tuple[Evidence, ...]) -> ExtentFact:
    pixels = measure_extent(mask.pixels)
    if pixels is None:
        return ExtentFact(state="not_assessed", stage="summarise")
    spacing = image.trusted_pixel_mm
    real = None if spacing is None else measure_extent(mask.pixels, (float(spacing[0]), float(spacing[1])))
    brain_px = int(prepared.brain.sum())
    return ExtentFact(
        state="present",
        stage="summarise",
        evidence=evidence,
        area_px=mask.area_px,
        longest_px=round(pixels.longest, 3),
        perpendicular_px=round(pixels.perpendicular, 3),
        area_mm2=None if real is None else round(real.area, 3),
        longest_mm=None if real is None else round(real.longest, 3),
        perpendicular_mm=None if real is None else round(real.perpendicular, 3),
        share_of_brain=round(int((mask.pixels & prepared.brain).sum()) / brain_px, 6) if brain_px else None,
    )


def _stability(mask: Mask) -> StabilityFact:
    if not mask.sweep or not mask.area_px:
        return StabilityFact(state="not_assessed", stage="make_mask")
    ratios = [int(step.mask.sum()) / mask.area_px for step in mask.sweep]
    return StabilityFact(
        state="present",
        stage="make_mask",
        evidence=(Evidence(file="mask.png"),),
        thresholds=len(ratios),
        smallest_area_ratio=round(min(ratios), 6),
        largest_area_ratio=round(max(ratios), 6),
    )


def _topics(localisation: Localisation, volume: VolumeFact | None) -> tuple[TopicFact, ...]:
    never = tuple(topic for topic in NEVER_ASSESSED if volume is None or topic != "other_slices")
    unknown: tuple[Topic, ...] = ("side",) if localisation.side == "not_assessed" else ()
    return tuple(
        TopicFact(id=f"F12.{number}", stage="summarise", topic=topic)
        for number, topic in enumerate((*never, *unknown), start=1)
    )
