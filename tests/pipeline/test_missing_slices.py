"""Slices that a volume lacks: interpolated, never "no tumour", and said; values worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel
import numpy as np
import pytest

import saliscribe
from saliscribe.audit.verify import verify
from saliscribe.core.language.parse import readings
from saliscribe.core.language.render import render
from saliscribe.core.records.facts import WarningsFact
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.lesion import Lesion
from saliscribe.core.records.report import STYLES
from saliscribe.core.volume import Source, Volume
from saliscribe.findings.random_findings import random_findings
from saliscribe.io.read import read_volume
from saliscribe.pipeline.join_slices import join_slices, mask_at
from saliscribe.pipeline.look_at_slices import Look
from saliscribe.pipeline.missing_slices import NONE_MISSING, MissingSlices, missing_slices
from saliscribe.pipeline.volume_evidence import volume_evidence


def _head(axis: int = 2) -> np.ndarray:
    grey = np.zeros((30, 32, 12), np.float32)
    grey[5:25, 5:25, 1:11] = np.arange(20, dtype=np.float32)[:, None, None] + 1
    return np.moveaxis(grey, 2, axis)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_blank_slices_between_others_are_missing_and_blank_ends_are_not(axis: int) -> None:
    grey = _head(axis)
    assert missing_slices(grey) == NONE_MISSING
    np.moveaxis(grey, axis, 0)[[4, 7, 8]] = -3.0
    assert missing_slices(grey) == MissingSlices(axis, (4, 7, 8))


def _joined(chances: np.ndarray, missing: MissingSlices) -> np.ndarray:
    return missing.spread(join_slices(missing.held(chances), 2, 6.0))


def test_a_body_goes_on_through_the_slices_that_are_missing() -> None:
    chances = np.zeros((40, 40, 9), np.float32)
    chances[5:15, 5:15, 1:7] = 0.9
    whole = mask_at(_joined(chances, NONE_MISSING), 0.5, None, 2)
    missing = MissingSlices(2, (3, 4))
    chances[missing.where(chances.shape)] = 0.0  # nobody looked there
    assert np.array_equal(mask_at(_joined(chances, missing), 0.5, None, 2), whole)


def test_a_flash_beside_a_missing_slice_stays_a_flash() -> None:
    chances = np.zeros((40, 40, 9), np.float32)
    chances[5:15, 5:15, 5] = 0.9
    joined = _joined(chances, MissingSlices(2, (3, 4)))
    assert joined[10, 10].tolist() == pytest.approx([0, 0, 0.225, 0.3, 0.375, 0.45, 0.225, 0, 0])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_probability_runs_evenly_from_one_neighbour_to_the_other(axis: int) -> None:
    line = np.moveaxis(np.float32([[[0.1, 0.2, 9.0, 9.0, 0.8, 0.0]]]), 2, axis)
    missing = MissingSlices(axis, (2, 3))
    spread = missing.spread(missing.held(line)).ravel().tolist()
    assert spread == pytest.approx([0.1, 0.2, 0.4, 0.6, 0.8, 0.0])


def test_missing_slices_have_no_brightness() -> None:
    data = np.full((1, 60, 60, 30), 100.0, np.float32)
    data[:, 0, 0] = 99.0  # no held slice is blank
    mask = np.zeros((60, 60, 30), bool)
    mask[20:30, 20:30, 10:20] = True
    data[0][mask] = 150.0
    data[..., 11:20] = 0.0
    looks = tuple(Look(k, 900, "glioma", 0.9) for k in range(30))
    volume = Volume(data, Source("x", "nifti"), affine=np.eye(4))
    lesion = Lesion(np.argwhere(mask), None)
    missing = missing_slices(data[0])
    found = volume_evidence(volume, looks, mask, (lesion,), np.ones_like(mask), 2, 10, 1.0, missing)
    assert found.brightness == 1.5


def _volumes(missing: int | None) -> list[Findings]:
    some = [found for found in map(random_findings, range(60)) if found.volume is not None]
    warned = WarningsFact(state="present", stage="prepare", codes=("missing_slices",))
    return [
        one.model_copy(
            update={"volume": one.volume.model_copy(update={"missing_slices": missing}), "warnings": warned}
        )
        for one in some[:8]
    ]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (1, "Between the others, one slice is missing"),
        (3, "Between the others, 3 slices are missing"),
        (None, "some may be missing"),
    ],
)
def test_every_report_says_that_slices_are_missing_and_passes_its_audit(
    missing: int | None, said: str
) -> None:
    for findings in _volumes(missing):
        for style in STYLES:
            report = render(findings, style)
            text = " ".join(sentence.text for sentence in report.sentences())
            assert said in text or (style == "plain" and "gaps in the scan" in text)
            assert verify(report, findings).outcome == "pass"


def test_the_number_is_read_back_and_a_wrong_one_contradicts() -> None:
    said = "Between the others, 3 slices are missing: the volume and extent of a region across them are estimates."
    assert [claims["F15", "missing"] for claims in readings(said)] == [3]
    findings = _volumes(3)[0]
    verdicts = [verify(text, findings).sentences[0].verdict for text in (said, said.replace("3", "2", 1))]
    assert verdicts == ["entailed", "contradicted"]


@pytest.mark.slow
def test_a_tumour_with_missing_slices_keeps_its_volume(shared: Path, tmp_path: Path) -> None:
    """A tumour in 25 slices of 6.5 mm, one of its six in the tumour left out, against the whole scan: 15.9 ml."""
    image = read_volume(shared / "data" / "volumes" / "brain1" / "brain1_image.nrrd")
    data = image.data[0].copy()
    data[:, :, [4, 14, 20]] = data.min()
    nibabel.save(nibabel.Nifti1Image(data, image.affine), tmp_path / "gaps.nii.gz")
    [outcome] = saliscribe.explain(tmp_path / "gaps.nii.gz", tmp_path / "out")
    assert outcome.status == "ok", outcome.error
    volume = json.loads((Path(str(outcome.out)) / "findings.json").read_bytes())["volume"]
    assert volume["missing_slices"] == 3
    assert volume["total_mm3"] == pytest.approx(15900, rel=0.15)  # an estimate
    assert json.loads((Path(str(outcome.out)) / "placement.json").read_bytes())["grade"] == "B"
