"""The line of a volume: joining, doubting, measuring, wording; hand-made volumes with values worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import nibabel
import numpy as np
import pytest

import saliscribe
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.names import PLANES
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.lesion import Lesion, LesionPlace, VolumeEvidence
from saliscribe.core.records.report import STYLES
from saliscribe.core.records.volume_placement import VolumePlacement
from saliscribe.core.slices import read_slice, take_slice
from saliscribe.core.volume import DOUBTFUL_SPACING, Source, Volume
from saliscribe.findings.random_findings import random_findings
from saliscribe.findings.volume_doubts import volume_doubts
from saliscribe.findings.volume_fact import volume_fact
from saliscribe.pipeline.join_slices import join_slices, mask_at
from saliscribe.pipeline.look_at_slices import Look
from saliscribe.pipeline.volume_evidence import volume_evidence

SOUND = VolumeEvidence(20, 8, 8, 1.0, 50.0, 0.8, 1.4, 0.0)
NOWHERE = VolumePlacement("D", "none", None, None, None, "MNI152NLin6Asym", "nothing fits")


def _chances() -> np.ndarray:
    """A body over four slices, and a flash of the same size in one."""
    out = np.zeros((40, 40, 9), np.float32)
    out[5:15, 5:15, 2:6] = 0.9
    out[25:35, 25:35, 4] = 0.9
    return out


def test_a_flash_in_one_slice_is_not_joined_and_a_body_is():
    joined = join_slices(_chances(), 2, 6.0)
    assert joined[30, 30, 4] == pytest.approx(0.45)  # 0.9 x 0.5, its neighbours are empty
    mask = mask_at(joined, 0.5, None, 2)
    assert not mask[25:, 25:].any()
    assert [int(mask[..., k].sum()) for k in range(9)] == [0, 0, 100, 100, 100, 100, 0, 0, 0]


def test_thin_slices_are_joined_over_three_millimetres_to_either_side():
    line = np.zeros((1, 1, 21), np.float32)
    line[..., 10] = 1.0
    joined = join_slices(line, 2, 1.0)
    assert np.flatnonzero(joined[0, 0]).tolist() == list(range(7, 14))
    assert joined.sum() == pytest.approx(1.0)


def test_what_lies_far_from_the_brain_is_no_tumour():
    chances = np.zeros((60, 60, 4), np.float32)
    chances[10:20, 10:20] = 0.9
    chances[45:55, 45:55] = 0.9
    brain = np.zeros(chances.shape, bool)
    brain[5:25, 5:25] = True
    mask = mask_at(chances, 0.5, brain, 2)
    assert mask[12, 12].all()
    assert not mask[45:].any()


def test_small_parts_beside_a_large_one_are_dropped():
    chances = np.zeros((40, 40, 3), np.float32)
    chances[2:12, 2:12] = 0.9  # 300 voxels
    chances[20:24, 20:26] = 0.9  # 72: less than a quarter
    chances[30:36, 30:36] = 0.9  # 108: more
    mask = mask_at(chances, 0.5, None, 2)
    assert (int(mask[2:12, 2:12].sum()), int(mask[20:26, 20:26].sum()), int(mask[30:, 30:].sum())) == (
        300,
        0,
        108,
    )


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"brightness": 1.03}, "no_enhancement"),
        ({"largest_share": 0.3}, "scattered"),
        ({"thickness_mm": 4.0}, "thin"),
        ({"slices_agreeing": 3}, "slices_disagree"),
        ({"overlap": 0.2}, "region_moves"),
        ({"warned_share": 0.9}, "input_warnings"),
    ],
)
def test_each_doubt_has_its_reason(change, doubt):
    assert volume_doubts(SOUND) == ()
    assert volume_doubts(replace(SOUND, **change)) == (doubt,)


def test_what_could_not_be_measured_raises_no_doubt():
    unknown = replace(
        SOUND, largest_share=None, thickness_mm=None, overlap=None, brightness=None, warned_share=None
    )
    assert volume_doubts(unknown) == ()
    assert volume_doubts(replace(SOUND, slices_with_region=0, slices_agreeing=0, brightness=0.5)) == (
        "nothing_delineated",
    )


def test_evidence_by_hand():
    data = np.full((1, 40, 40, 4), 100.0, np.float32)
    mask = np.zeros((40, 40, 4), bool)
    mask[10:20, 10:20, 1] = True
    mask[15:25, 10:20, 2] = True
    data[0][mask] = 150.0
    volume = Volume(data, Source("x", "nifti"), affine=np.diag([1.0, 1.0, 5.0, 1.0]))
    lesion = Lesion(np.argwhere(mask), None)
    labels = ("glioma", "glioma", "pituitary", "glioma")
    looks = tuple(Look(k, 900, label, 0.9) for k, label in enumerate(labels))
    found = volume_evidence(volume, looks, mask, (lesion,), np.ones_like(mask), 2, 1, 5.0)
    assert (found.slices_looked_at, found.slices_with_region, found.slices_agreeing) == (4, 2, 1)
    assert found.thickness_mm == 10.0
    assert found.overlap == 0.5  # 50 shared of 100 and 100
    assert found.brightness is None  # four slices are all rim


def _box_fact(warnings: tuple[str, ...] = ()):
    volume = Volume(
        np.zeros((1, 30, 30, 10), np.float32),
        Source("x", "nifti"),
        affine=np.diag([-0.5, 0.5, 4.0, 1.0]),
        warnings=warnings,
    )
    box = np.zeros((30, 30, 10), bool)
    box[5:25, 10:16, 3:8] = True  # 20 x 6 x 5 voxels: 10 x 3 x 20 mm
    place = LesionPlace((-30.0, 1.0, 2.0), "left", 21.0, "frontal lobe", (("frontal lobe", 0.9),), ())
    return volume_fact(volume, "axial", NOWHERE, (Lesion(np.argwhere(box), place),), SOUND, 2)


def test_sizes_of_a_box_by_hand():
    [lesion] = _box_fact().lesions
    assert lesion.volume_mm3 == 600.0
    assert lesion.height_mm == 20.0
    assert lesion.in_plane_mm[0] == pytest.approx(np.hypot(10.0, 3.0), abs=0.01)  # the diagonal
    assert (lesion.first_slice, lesion.last_slice) == (4, 8)


def test_no_millimetres_from_a_header_that_cannot_be_true():
    fact = _box_fact((f"{DOUBTFUL_SPACING}: placeholder",))
    assert (fact.geometry, fact.total_mm3, fact.total_voxels) == ("doubtful", None, 600)
    assert fact.lesions[0].in_plane_mm is None
    assert fact.lesions[0].centre_mni_mm is not None


def _doubtful() -> list[Findings]:
    found = [f for f in map(random_findings, range(150)) if f.volume and f.volume.support == "doubtful"]
    assert len(found) > 5
    return found


@pytest.mark.parametrize("style", STYLES)
def test_doubtful_volumes_are_never_worded_as_a_tumour_of_a_class(style):
    for findings in _doubtful():
        report = render(findings, style)
        text = " ".join(sentence.text for sentence in report.sentences())
        assert "not reliable evidence of a tumour" in text or "no reliable sign of a tumour" in text
        assert "Consistent with" not in text
        assert "Probable " not in text
        assert verify(report, findings).outcome == "pass"


def test_a_report_that_keeps_the_doubt_to_itself_does_not_pass():
    findings = _doubtful()[0]
    report = render(findings, "structured")
    silent = [
        section.model_copy(
            update={"sentences": tuple(s for s in section.sentences if "reliable evidence" not in s.text)}
        )
        for section in report.sections
    ]
    audit = verify(report.model_copy(update={"sections": tuple(silent)}), findings)
    assert audit.outcome == "blocked"
    assert any(omission.fact_id == "F15" for omission in audit.omissions)


@pytest.mark.slow
def test_a_real_scan_end_to_end(shared: Path, tmp_path: Path) -> None:
    """A glioblastoma scan whose header is a placeholder, against the mask that people drew."""
    folder = shared / "data" / "volumes" / "brain_tumor_progression" / "03"
    [outcome] = saliscribe.explain(folder / "Pre_Scan_T1.nii.gz", tmp_path)
    assert outcome.status == "ok", outcome.error
    out = Path(str(outcome.out))
    ours = nibabel.load(out / "mask.nii.gz").get_fdata() > 0
    theirs = nibabel.load(folder / "Pre_Mask.nii.gz").get_fdata() > 0
    assert 2 * (ours & theirs).sum() / (ours.sum() + theirs.sum()) > 0.4
    volume = json.loads((out / "findings.json").read_bytes())["volume"]
    assert (volume["geometry"], volume["total_mm3"], volume["support"]) == ("doubtful", None, "consistent")
    assert volume["lesions"][0]["side"] == "left"
    placed = json.loads((out / "placement.json").read_bytes())
    assert placed["grade"] in ("B", "C")
    assert 5.0 < placed["volume"]["estimated_mm"][2] < 9.0
    brain = nibabel.load(out / "brain.nii.gz").get_fdata() > 0
    assert 0.9 < float((brain & theirs).sum()) / theirs.sum() <= 1.0


@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, 1, -1), (-1, -1, 1)])
def test_a_cut_is_what_the_picture_shows(signs):
    volume = Volume(
        np.arange(120, dtype=np.float32).reshape(1, 4, 5, 6),
        Source("x", "nifti"),
        affine=np.diag([*np.multiply(signs, (1.0, 1.0, 5.0)), 1.0]),
    )
    for plane in PLANES:
        shown = take_slice(volume, plane, 2).picture
        np.testing.assert_array_equal(read_slice(volume.data[0], volume.affine, plane, 2), shown)
