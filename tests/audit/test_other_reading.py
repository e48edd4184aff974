"""The second reading: true sentences whose first reading fails, each beside a lie of the same build."""

from __future__ import annotations

import pytest

from saliscribe.audit.verify import verify
from saliscribe.core.language.reported import reported
from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.plausible_findings import plausible_findings

GOOD = ("entailed", "harmless")
ALL = [plausible_findings(seed) for seed in range(120)]


def _with(**claims: object) -> Findings:
    """The first plausible findings with these claims ("F3_state" for F3.state)."""
    wanted = {(name.split("__")[0], name.split("__")[1]): value for name, value in claims.items()}
    return next(f for f in ALL if wanted.items() <= reported(f).items())


def _passes(text: str, findings: Findings) -> bool:
    return all(s.verdict in GOOD for s in verify(text, findings).sentences)


def _diameters(findings: Findings) -> str:
    """Both diameters in pixels, as the grammar prints them."""
    claims = reported(findings)
    return " x ".join(str(claims["F7", name]) for name in ("longest_px", "perpendicular_px"))


def _pixel(findings: Findings) -> str:
    """The spacing as the grammar prints it, from hundredths of a millimetre."""
    return " x ".join(f"{side / 100:.2f}" for side in reported(findings)["F3", "spacing"])


UNSCALED = _with(F3__state="not_assessed", F6__state="present")
EMPTY = _with(F6__state="absent")
CHECKED = _with(F4__state="absent")
UNCHECKED = _with(F4__state="not_assessed")
TIED = _with(F5__certainty="indeterminate")
WHOLE = _with(F6__pieces="one")
STABLE = _with(F9__all_stable=True)
RIGHT_HALF = _with(F9__image_side="image-right", F9__side="not_assessed")
LEFT_SIDED = _with(F9__side="left", F9__side_basis="user")
SPACED = _with(F3__state="present")


@pytest.mark.parametrize(
    ("findings", "true", "false"),
    [
        (UNCHECKED, "The input was not checked for problems.", "The input was checked for problems."),
        (UNCHECKED, "The input was not checked for problems.", "The check of the input found no problems."),
        (CHECKED, "QC passed with no flags.", "QC passed with flags."),
        (CHECKED, "No warnings.", "Warnings."),
        (WHOLE, "The outlined region is in one piece.", "The outlined region is not in one piece."),
        (
            UNSCALED,
            f"Size: {_diameters(UNSCALED)} pixels (scale unknown).",
            f"Size: {_diameters(UNSCALED)} pixels (scale unknown), larger than on the previous scan.",
        ),
        (
            RIGHT_HALF,
            "Image side right, patient's side not known.",
            "Image side left, patient's side not known.",
        ),
        (
            LEFT_SIDED,
            "Based on the user's statement about orientation, the segmented region is on the left side.",
            "Based on the user's statement about orientation, the segmented region is not on the left side.",
        ),
        (
            SPACED,
            f"Each pixel measures {_pixel(SPACED)} mm.",
            f"Each pixel does not measure {_pixel(SPACED)} mm.",
        ),
        (
            UNSCALED,
            "The spatial resolution of the image is unknown.",
            "The spatial resolution of the image is known.",
        ),
        (
            EMPTY,
            "The network did not segment any region in this slice, which does not exclude disease.",
            "The network did not segment any region in this slice, which does exclude disease.",
        ),
        (
            EMPTY,
            "The network did not segment any region in this slice, which does not exclude disease.",
            "The network did segment a region in this slice, which does not exclude disease.",
        ),
        (
            STABLE,
            "The list of structures does not hinge on threshold or level.",
            "The list of structures does hinge on threshold or level.",
        ),
        (
            STABLE,
            "The list of structures is stable at other thresholds and levels.",
            "The list of structures is not stable at other thresholds and levels.",
        ),
        (
            CHECKED,
            "The network always picks one of three tumour classes and cannot say that the brain is healthy.",
            "The network always picks one of three tumour classes and can say that the brain is healthy.",
        ),
        (
            CHECKED,
            "No evaluation of symptoms, oedema and midline shift was performed.",
            "An evaluation of symptoms, oedema and midline shift was performed.",
        ),
        (
            CHECKED,
            "The analysis does not include symptoms, oedema and midline shift.",
            "The analysis does include symptoms, oedema and midline shift.",
        ),
        (
            CHECKED,
            "The analysis does not include symptoms, oedema and midline shift.",
            "The image does not show symptoms, oedema and midline shift.",
        ),
    ],
)
def test_a_true_sentence_passes_and_its_twin_does_not(findings: Findings, true: str, false: str) -> None:
    assert _passes(true, findings)
    assert not _passes(false, findings)


def test_a_tie_may_be_denied_in_other_words() -> None:
    known = reported(TIED)
    first, second = known["F5", "value"], known["F5", "runner_up"]
    p, q = known["F5", "probability"], known["F5", "runner_up_probability"]
    text = f"The network is not able to decide between {first} ({p}%) and {second} ({q}%)."
    text = text.replace("pituitary", "pituitary tumour")
    assert _passes(text, TIED)
    surer = next(f for f in ALL if reported(f)["F5", "certainty"] == "consistent_with")
    assert not _passes(text, surer)


@pytest.mark.parametrize(
    "hung_on",
    [
        "with surrounding oedema",
        "with ring enhancement",
        "for which resection is recommended",
        "in a patient with seizures",
    ],
)
def test_nothing_may_be_hung_on_what_is_lacking(hung_on: str) -> None:
    assert _passes("The pixel spacing is not available.", UNSCALED)
    assert not _passes(f"The pixel spacing is not available, {hung_on}.", UNSCALED)


def test_figures_stay_beside_what_they_measure() -> None:
    findings = next(
        f
        for f in ALL
        if reported(f).get(("F7", "longest_mm"), 0) != reported(f).get(("F7", "perpendicular_mm"), 0)
    )
    longest = reported(findings)["F7", "longest_mm"]
    across = reported(findings)["F7", "perpendicular_mm"]
    assert _passes(f"Measurements: {longest} mm (longest diameter), {across} mm (perpendicular).", findings)
    assert not _passes(
        f"Measurements: {longest} mm (longest diameter), {longest} mm (perpendicular).", findings
    )
    assert not _passes(f"Measurements: {longest} mm (longest area), {across} mm (perpendicular).", findings)


def test_a_conversion_that_lost_its_denial_is_false() -> None:
    assert _passes("We could not convert pixels into millimetres, as the pixel size is missing.", UNSCALED)
    assert not _passes("We could convert pixels into millimetres, as the pixel size is missing.", UNSCALED)


def test_a_length_by_an_area_is_no_pair_of_diameters() -> None:
    scaled = next(f for f in ALL if reported(f).get(("F7", "unit")) == "mm" and f.extent.area_mm2)
    longest, area = reported(scaled)["F7", "longest_mm"] / 10, reported(scaled)["F7", "area_mm2"] / 100
    assert not _passes(f"The region measures {longest:.1f} cm x {area:.1f} cm2.", scaled)


def test_that_a_mistake_is_not_ruled_out_is_true() -> None:
    assert _passes(
        "Performance figures are averages, so a mistake in this patient is not ruled out.", CHECKED
    )
    assert not _passes(
        "Performance figures are averages, so a mistake in this patient is ruled out.", CHECKED
    )


@pytest.mark.parametrize("where", ["on the {}", "on the patient's {} side"])
def test_a_correct_orientation_does_not_make_right_mean_correct(where: str) -> None:
    said = {("F9", "side"): "left", ("F9", "side_basis"): "user"}
    sided = [findings for findings in ALL if said.items() <= reported(findings).items()]
    assert len(sided) > 5
    sentence = f"If the orientation given by the user is correct, the lesion is {where}."
    for findings in sided:
        assert _passes(sentence.format("left"), findings)
        assert not _passes(sentence.format("right"), findings)
