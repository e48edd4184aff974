# ruff: noqa: E501
"""A true figure with the wrong subject, speaker, condition or side, beside its true twin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from saliscribe.audit.verify import verify
from saliscribe.core.records.findings import Findings
from saliscribe.pipeline.read_findings import read_findings

SLICES = Path(__file__).parent / "slices"
#: Glioma (97 %), 57 x 43 mm, 17.4 cm2, left; superior and middle frontal gyrus; Dice 0.71; mean Dice 0.78.
GLIOMA = read_findings(SLICES / "glioma_left_frontal.json")
#: Midline; left thalamus 22 %, right thalamus 17 %.
MIDLINE = read_findings(SLICES / "meningioma_midline.json")


def _changed(findings: Findings, **parts: dict[str, Any]) -> Findings:
    data = findings.model_dump()
    for name, values in parts.items():
        data[name] |= values
    return Findings.model_validate(data)


IN_PARTS = _changed(GLIOMA, delineation={"parts": 2})


def _is_true(text: str, findings: Findings = GLIOMA) -> bool:
    return all(s.verdict in ("entailed", "harmless") for s in verify(text, findings).sentences)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The region measures 57 x 43 mm.", "The brain measures 57 x 43 mm."),
        ("The lesion measures 57 x 43 mm.", "The picture measures 57 x 43 mm."),
        ("The area of the lesion is 17.4 cm².", "The area of the brain is 17.4 cm²."),
        ("The region has an area of 17.4 cm² in this slice.", "The head has an area of 17.4 cm² in this slice."),
        ("The longest diameter of the region is 57 mm.", "The longest diameter of the skull is 57 mm."),
        ("The longest diameter is 57 mm.", "The perimeter is 57 mm."),
        ("The lesion is 57 mm long.", "The lesion is 57 mm from the falx."),
        ("The lesion measures 57 x 43 mm on this slice.", "The lesion measures 57 x 43 mm on every slice."),
        ("The lesion measures 57 x 43 mm.", "The lesion still measures 57 x 43 mm."),
        ("The lesion measures 57 x 43 mm.", "Originally the lesion measured 57 x 43 mm."),
        ("The region measures 57 x 43 mm.", "The region measures 57 x 43 mm as measured by a surgeon."),
        ("The lesion measures 57 x 43 mm.", "The lesion measures at least 57 x 43 mm."),
        ("The lesion measures more than 55 mm.", "The lesion measures more than 57 mm."),
        ("The region measures 57 x 43 mm.", "The heat map measures 57 x 43 mm."),
        ("The lesion measures 57 x 43 mm.", "Since the last scan the lesion measures 57 x 43 mm."),
    ],
)  # fmt: skip
def test_a_size_is_the_region_s_in_this_slice(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


def test_parts_have_one_measure_together() -> None:
    assert _is_true("The region measures 57 x 43 mm.", IN_PARTS)
    assert not _is_true("Both lesions measure 57 x 43 mm.", IN_PARTS)
    assert not _is_true("Each of the parts measures 57 x 43 mm.", IN_PARTS)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Consistent with glioma.", "Consistent with glioma according to the neurologist."),
        ("Consistent with glioma (97%).", "Consistent with glioma in the view of three experts (97%)."),
        ("The network says glioma.", "All networks say glioma."),
        ("The model favours glioma.", "The model, like the surgeon, favours glioma."),
        ("The network gives glioma 97%.", "97% of surgeons would call this a glioma."),
        ("Glioma was found with a probability of 97%.", "Glioma was found in 97% of cases."),
        ("The probability of glioma is 97%.", "97% of the scan is glioma."),
        ("The picture is classified as glioma with a probability of 97%.", "The man has a glioma with a probability of 97%."),
        ("Consistent with glioma in this picture.", "Consistent with glioma in all patients."),
        ("Consistent with glioma.", "Consistent with glioma on histological grounds."),
        ("Consistent with glioma.", "Consistent with glioma, as previously suspected."),
        ("The network says glioma.", "An ensemble of networks says glioma."),
        ("This is consistent with glioma.", "In the surgeon's opinion this is consistent with glioma."),
    ],
)  # fmt: skip
def test_a_class_is_one_network_s_answer(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The accuracy was 94.9% in cross-validation by patient.", "The accuracy was 94.9% in cross-validation by slice."),
        ("Accuracy in five-fold cross-validation split by patient: 94.9%.", "Accuracy in five-fold cross-validation not split by patient: 94.9%."),
        ("The accuracy was 94.9%.", "The accuracy was 94.9% in an independent cohort."),
        ("The accuracy was 94.9% on patients not seen in training.", "The accuracy was 94.9% on the training data."),
        ("The network was right in 94.9% of slices.", "The network was right in 94.9% of people."),
        ("The mean Dice was 0.78.", "The best Dice was 0.78."),
        ("The mean Dice was 0.78 against outlines drawn by people.", "The mean Dice was 0.78 against outlines drawn by another program."),
        ("The accuracy of the network is 94.9%.", "The accuracy of this text is 94.9%."),
        ("The network was trained on pictures from two hospitals in China.", "The network was trained on pictures from a single hospital."),
    ],
)  # fmt: skip
def test_a_figure_of_the_network_keeps_its_condition(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        (
            "One contiguous region was delineated by the network.",
            "One contiguous region was delineated by a surgeon.",
        ),
        ("One tumour region was delineated.", "One tumour region was outlined by hand."),
        ("One tumour region was delineated.", "There is only one tumour region in the brain."),
        ("There are no further regions on this slice.", "There are no further lesions in the patient."),
    ],
)
def test_the_region_is_the_network_s_on_one_slice(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The region probably projects to the left thalamus (22%) and the right thalamus (17%).",
         "The region probably projects to the left thalamus (17%) and the right thalamus (22%)."),
        ("The right thalamus probably holds 17% of the lesion.", "The right thalamus probably holds 22% of the lesion."),
        ("The right thalamus probably holds 17% of the lesion, the left one 22%.",
         "The right thalamus probably holds 22% of the lesion, the left one 17%."),
        ("The region probably projects to both thalami (left 22%, right 17%).",
         "The region probably projects to both thalami (left 17%, right 22%)."),
        ("Both thalami probably hold 39% of the region together.", "Both thalami probably hold 22% each."),
    ],
)  # fmt: skip
def test_a_share_belongs_to_its_side(true: str, false: str) -> None:
    assert _is_true(true, MIDLINE)
    assert not _is_true(false, MIDLINE)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The heat map overlaps the lesion with a Dice of 0.71.", "The heat map overlaps the lesion with a Dice of 0.78."),
        ("Overlap of heat map and lesion: Dice 0.71.", "Overlap of heat map and lesion: Dice 0.78."),
        ("21% of the heat lies within the lesion.", "79% of the heat lies within the lesion."),
        ("79% of the heat lies outside the lesion.", "21% of the heat lies outside the lesion."),
        ("The mean Dice of the network is 0.78.", "The mean Dice of the network is 0.71."),
        ("The heat map agrees well with the region.", "The heat map agrees partly with the region."),
        ("The heat map agrees well with the region.", "All heat maps agree well with the region."),
    ],
)  # fmt: skip
def test_the_dice_of_the_heat_map_is_not_the_network_s(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("The left frontal lobe is probably involved.", "Both frontal lobes are probably involved."),
        ("The region probably lies in the frontal lobe.", "The region probably lies in the frontal lobes."),
        (
            "The region probably lies in the left frontal lobe.",
            "The region probably lies in the dominant frontal lobe.",
        ),
        ("The picture's right is the patient's left.", "The picture's left is the patient's left."),
        ("Right in the picture is the patient's left.", "Left in the picture is the patient's left."),
    ],
)
def test_both_sides_and_those_of_the_picture(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


def test_a_place_on_both_sides_may_be_called_both() -> None:
    assert _is_true("Both thalami are probably involved.", MIDLINE)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("Pituitary tumour and meningioma are each assigned about 1%.", "Pituitary tumour and meningioma are each assigned about 2%."),
        ("The SMA is named in 84% of plausible placements.", "The SMA is named in 95% of plausible placements."),
        ("The SMA is named in 84% of plausible placements.", "The SMA is named in 11% of plausible placements."),
        ("Axial slice at roughly z = 50 mm.", "Axial slice at roughly z = 57 mm."),
        ("Axial slice at z = 50 mm.", "Axial slice at z = -50 mm."),
        ("More than a third of the region probably projects to the left superior frontal gyrus.",
         "More than half of the region probably projects to the left superior frontal gyrus."),
        ("Less than half of the region probably projects to the left superior frontal gyrus.",
         "Less than a third of the region probably projects to the left superior frontal gyrus."),
        ("The lesion is unifocal.", "The lesion is in several pieces."),
        ("The region was outlined by the network's segmentation head rather than from a heat map.",
         "The region was outlined from a heat map rather than by the network's segmentation head."),
        ("Nearly a third of the Grad-CAM++ signal falls outside the brain.", "Nearly half of the Grad-CAM++ signal falls outside the brain."),
        ("A high probability does not mean that the class is right for this patient.",
         "A high probability means that the class is right for this patient."),
    ],
)  # fmt: skip
def test_true_sentences_in_unusual_words(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("It is not known whether the class is right for this patient.", "The Grad-CAM++ map agrees well with the region, so the class is right."),
        ("The region comes from the segmentation head.", "The class comes from the segmentation head."),
        ("32% of the region has no name in the atlas.", "32% of the structures are not named."),
        ("The slice lies about 50 mm above the anterior commissure.", "The lesion lies about 50 mm above the anterior commissure."),
        ("The plane is axial.", "The plane is axial (probability 97%)."),
        ("The probability of glioma is 97%.", "The probability that the region is a tumour is 97%."),
        ("At seven neighbouring thresholds the area ranges from 89% to 113% of the stated value.",
         "Seven readers gave areas from 89% to 113% of the stated value."),
        ("The region is on the left, as the user indicated.", "The region was found on the left by the network."),
        ("One region was delineated.", "The region is one of several."),
    ],
)  # fmt: skip
def test_what_else_stands_beside_a_true_figure(true: str, false: str) -> None:
    assert _is_true(true)
    assert not _is_true(false)
