"""Sentences turned round by a word that is no denial, each beside true sentences of the same build."""

from __future__ import annotations

import pytest

from saliscribe.audit.verify import verify
from saliscribe.core.language.reported import reported
from saliscribe.findings.random_findings import random_findings

#: A meningioma (100%) on the left, of several parts, two heat maps of three made, whose method failed its test.
FINDINGS = random_findings(2777)
KNOWN = reported(FINDINGS)
#: No region was delineated.
EMPTY = next(
    f for f in map(random_findings, range(200)) if f.delineation.state == "absent" and not f.synthetic
)
#: Heat map and region agree poorly.
POOR = next(f for f in map(random_findings, range(500)) if reported(f).get(("F11", "any_poor")))

TRUE = (
    "Such figures describe an average and not this patient.",
    "A report that is faithful to its findings may be wrong about the patient.",
    "The network can be wrong.",
    "The result may be wrong.",
    "A high probability does not mean that the classification is right for this patient.",
    "The reported accuracy is an average over many patients and does not tell whether this case is right.",
    "The network has no class for other diseases.",
    "Other diseases were not assessed.",
    "Not assessed: oedema, midline shift, symptoms.",
    "The oedema was not assessed.",
    "Oedema was not assessed by the network.",
    "Any oedema was not assessed.",
    "Possible oedema was not assessed.",
    "Midline shift, which one slice cannot show, was not assessed.",
    "Neither oedema nor midline shift was assessed.",
    "Oedema, symptoms and the choice of treatment were not assessed.",
    "The oedema around the lesion was not assessed.",
    "The size of the ventricles was not assessed.",
    "Without prior imaging, growth cannot be assessed.",
    "Two heat maps were made.",
    "One heat map was not computed.",
    "The heat maps failed the trust test.",
    "Consistent with meningioma.",
    "The delineated tumour region consists of five separate parts.",
    "No prior study was available for comparison.",
    "No comparison with earlier examinations was possible.",
    "There are no earlier scans for comparison.",
    "No previous imaging is available.",
    "The heat maps failed the trust test and should not be regarded as evidence of what the model uses.",
    "The maps failed their trust test, so they should not be over-interpreted.",
    "The ScoreCAM maps of this network did not pass their trustworthiness test.",
    "ScoreCAM maps from this network are no proof of what the network relies on.",
    "Volume cannot be calculated from one slice.",
    "The third dimension was not measured.",
    "Laterality relies on the orientation supplied by the user.",
    "Left-right orientation was supplied by the user and not verified.",
    "Clinical history not available.",
    "The system cannot diagnose lymphoma, metastasis or any other entity.",
    "1) Consistent with meningioma.",
    "IMPRESSION: 1. Consistent with meningioma. 2. Oedema was not assessed.",
)
FALSE = (
    "Such figures describe this patient and not an average.",
    "Such figures hold for the individual patient rather than an average.",
    "A report that is faithful to its findings is right about the patient.",
    "A faithful report is therefore correct about the patient.",
    "A faithful report cannot be wrong.",
    "The network is never wrong.",
    "The result cannot be wrong.",
    "The classification will never be mistaken.",
    "A high probability means that the classification is right for this patient.",
    "No other diseases were found.",
    "Other diseases were not found.",
    "The network found no other disease.",
    "No other disease is present.",
    "Not assessed: oedema, midline shift, tumour class, symptoms.",
    "Not assessed: oedema, the left side, symptoms.",
    "Not assessed: oedema and the accuracy of the network.",
    "Not assessed: oedema, the heat maps, symptoms.",
    "The region's side, oedema and symptoms were not assessed.",
    "Midline shift, oedema and the size of the lesion were not assessed.",
    "Neither oedema nor meningioma was assessed.",
    "The slight oedema was not assessed.",
    "The known oedema was not assessed.",
    "The oedema seen here was not assessed.",
    "Midline shift, which is slight, was not assessed.",
    "The pattern of enhancement, a ring, was not assessed.",
    "The haemorrhage in the tumour was not assessed.",
    "Midline shift was not assessed as the midline is straight.",
    "Not assessed, as normal: midline shift.",
    "Oedema was not assessed by the network, but by the radiologist.",
    "Oedema was not assessed again.",
    "Oedema was not assessed in detail.",
    "Oedema is no longer assessed.",
    "The patient's headaches were not assessed.",
    "Not assessed: symptoms, lesion size and oedema.",
    "Oedema and the probability of the class were not assessed.",
    "Only one heat map was computed.",
    "Three heat maps were made.",
    "All three heat maps were computed.",
    "The heat maps of this network were not tested.",
    "It is not known whether the heat maps can be trusted.",
    "The ScoreCAM maps of this network failed their trust test in this patient.",
    "The ScoreCAM maps of this network failed their trust test in 7 slices.",
    "ScoreCAM maps from this network are proof of what the network relies on.",
    "At neighbouring thresholds the location would not change.",
    "At the neighbouring thresholds the class changed.",
    "The class was the same at all thresholds.",
    "The class comes from the segmentation head.",
    "The second class has nearly the same probability.",
    "Typical of meningioma.",
    "Highly suspicious for meningioma.",
    "The parts of the region are connected.",
    "No change from the prior study.",
    "A prior study was available for comparison.",
    "Volume was calculated from one slice.",
    "Laterality relies on the image header.",
    "Clinical history of seizures.",
    "The system can diagnose lymphoma, metastasis or any other entity.",
    "IMPRESSION: 1. Consistent with meningioma. 2. Oedema was assessed.",
    "Regions: 1. Consistent with meningioma.",
)


def _passes(text, findings=FINDINGS) -> bool:
    return all(s.verdict in ("entailed", "harmless") for s in verify(text, findings).sentences)


def test_the_findings_are_those_of_the_sentences() -> None:
    said = {KNOWN["F5", "value"], KNOWN["F9", "side"], KNOWN["F9", "side_basis"], KNOWN["F13", "maps"]}
    assert said == {"meningioma", "left", "user", "failed"}
    assert (KNOWN["F5", "certainty"], KNOWN["F6", "pieces"], KNOWN["F11", "missing"]) == (
        "consistent_with",
        "several",
        ("gradcam++",),
    )


@pytest.mark.parametrize("text", TRUE)
def test_true(text: str) -> None:
    assert _passes(text)


@pytest.mark.parametrize("text", FALSE)
def test_false(text: str) -> None:
    assert not _passes(text)


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("No tumour region was delineated.", True),
        ("No tumour region was delineated in any slice.", False),
        ("No tumour was found.", False),
        ("The network found no tumour.", False),
        ("The slice shows no tumour.", False),
        ("The network outlined no region.", True),
    ],
)
def test_an_empty_outline_is_no_health(text: str, true: bool) -> None:
    assert _passes(text, EMPTY) is true


def test_poor_agreement_is_not_denied() -> None:
    assert _passes("The heat map agrees poorly with the region.", POOR)
    assert not _passes("The heat map does not agree poorly with the region.", POOR)


def test_a_side_that_is_unknown_may_stand_in_the_list() -> None:
    unknown = next(
        f
        for f in map(random_findings, range(500))
        if reported(f).get(("F9", "side")) == "not_assessed"
        and {"side", "oedema", "symptoms"} <= {topic.topic for topic in f.not_assessed}
    )
    assert _passes("Not assessed: oedema, laterality, symptoms.", unknown)
