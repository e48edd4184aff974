"""Lies that once got past the audit, by kind: in words of their own, each beside true sentences of the same build."""

from __future__ import annotations

from typing import Any

import pytest

from saliscribe.audit.clause import Context
from saliscribe.audit.ground import ground
from saliscribe.audit.judge import judge
from saliscribe.audit.verify import verify
from saliscribe.core.records.findings import Findings
from saliscribe.findings.random_findings import random_findings

GOOD = ("entailed", "harmless")


def _passes(text: str, findings: Findings) -> bool:
    return judge(text, ground(findings), Context())[0].verdict in GOOD


def _changed(findings: Findings, **parts: dict[str, Any]) -> Findings:
    data = findings.model_dump()
    for name, values in parts.items():
        data[name] |= values
    return Findings.model_validate(data)


def _unscaled() -> Findings:
    """A region of 36 x 29 pixels in a picture without a scale."""
    drawn = next(
        f
        for f in map(random_findings, range(500))
        if f.extent.state == "present" and f.spacing.state == "not_assessed"
    )
    return _changed(drawn, extent={"longest_px": 36.0, "perpendicular_px": 29.0, "area_px": 812})


UNSCALED = _unscaled()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("No pixel spacing is available, hence sizes are in pixels.", False),
        ("As the scale is unknown, lengths are given in pixels only.", False),
        ("All dimensions are stated in pixels.", False),
        ("The region measures 36 x 29 pixels.", True),
        ("Its longest diameter is 36 pixels.", True),
        ("The size in millimetres is not known.", False),
    ],
)
def test_the_unit_alone_is_no_size(text: str, told: bool) -> None:
    audit = verify(text, UNSCALED)
    assert [s.verdict for s in audit.sentences] == ["entailed"]
    assert ("F7" not in {omission.fact_id for omission in audit.omissions}) == told


def test_sizes_in_pixels_are_false_where_millimetres_are_known() -> None:
    scaled = next(f for f in map(random_findings, range(500)) if f.spacing.state == "present")
    assert not _passes("All dimensions are stated in pixels.", scaled)


def _tiny() -> Findings:
    """A region of 0.4 x 0.3 mm, 1 mm² in area, that lies in the left putamen."""
    drawn = next(
        f
        for f in map(random_findings, range(500))
        if f.extent.longest_mm and len(f.location.structures) > 1 and f.placement.grade == "A"
    )
    sizes = {"longest_mm": 0.4, "perpendicular_mm": 0.3, "area_mm2": 0.1}
    shares = {"putamen": 0.41, "superior temporal gyrus, posterior division": 0.12}
    names = [
        drawn.location.structures[n].model_dump() | {"name": name, "share_of_lesion": share, "side": "left"}
        for n, (name, share) in enumerate(shares.items())
    ]
    place = {"region": "basal ganglia", "side": "left", "structures": names}
    return _changed(drawn, extent=sizes, location=place)


TINY = _tiny()


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The region measures less than 1 mm, with a diameter of 0 mm.", False),
        ("Its longest diameter is 0 mm.", False),
        ("It covers 0 mm² in this slice.", False),
        ("Its largest area amounts to less than 1 mm, with less than 1 mm at right angles to it.", False),
        ("Its longest diameter is less than 1 mm.", True),
        ("Its longest diameter is 0.4 mm.", True),
    ],
)
def test_what_was_delineated_is_not_nothing(text: str, true: bool) -> None:
    assert _passes(text, TINY) == true


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The region probably involves the left putamen (41%), part of the brain stem.", False),
        ("The left putamen, which is part of the brain-stem, probably holds 41% of the region.", False),
        ("The region probably involves the left superior temporal gyrus, posterior division (12%), part of the brain "
         "stem.", False),
        ("The region probably involves the left putamen (41%), part of the basal ganglia.", True),
    ],
)  # fmt: skip
def test_a_structure_is_part_only_of_what_holds_it(text: str, true: bool) -> None:
    assert _passes(text, TINY) == true


def _no_side() -> Findings:
    """A region whose side is not known, with every topic not assessed."""
    return next(
        f
        for f in map(random_findings, range(500))
        if f.location.state == "present"
        and f.location.side == "not_assessed"
        and {"oedema", "midline_shift", "enhancement_pattern", "growth_or_comparison", "symptoms"}
        <= {fact.topic for fact in f.not_assessed}
    )


NO_SIDE = _no_side()


@pytest.mark.parametrize("hung", [
    ", with ring enhancement", " and with surrounding oedema", ", but with a necrotic centre", ", causing mass effect",
    ", explaining the patient's headaches", ", larger than on the previous scan", ", consistent with recurrence",
    ", unchanged from the prior study", ", in a patient with seizures", ", accompanied by oedema",
    ", showing contrast enhancement", ", for which a biopsy is recommended", " and a midline shift is seen",
])  # fmt: skip
@pytest.mark.parametrize("carrier", [
    "Laterality is undetermined", "It is not possible to say which side of the patient is affected",
    "The patient's side cannot be told", "The side of the patient remains unknown",
])  # fmt: skip
def test_what_hangs_on_a_denial_needs_its_own(carrier: str, hung: str) -> None:
    assert _passes(f"{carrier}.", NO_SIDE)
    assert not _passes(f"{carrier}{hung}.", NO_SIDE)


@pytest.mark.parametrize("text", [
    "Oedema, midline shift and the pattern of enhancement were not assessed.",
    "This single slice cannot show oedema, mass effect or growth.",
    "Neither oedema nor midline shift, nor change since an earlier scan, can be judged.",
    "Laterality is undetermined, and oedema was not assessed.",
    "The side of the patient is not known, with oedema not assessed either.",
    "No statement is possible on oedema, including swelling, or with regard to midline shift.",
    "Not assessed were oedema, swelling, bleeding and change from a previous scan.",
])  # fmt: skip
def test_a_list_of_what_was_not_assessed_hangs_together(text: str) -> None:
    assert _passes(text, NO_SIDE)


def _silent() -> Findings:
    """A synthetic picture whose file states neither its sequence nor its spacing."""
    drawn = next(
        f for f in map(random_findings, range(500)) if f.spacing.state == "not_assessed" and f.synthetic
    )
    return _changed(drawn, image={"sequence": None})


SILENT = _silent()


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The file does name the sequence; a T1-weighted image after contrast was presumed.", False),
        ("The header does state the sequence, and a T1-weighted image after contrast was assumed.", False),
        ("The file names the sequence, a contrast-enhanced T1-weighted image being presumed.", False),
        ("The sequence was handed over with the file; contrast-enhanced T1 was assumed.", False),
        ("The header records the pixel spacing, hence sizes are in pixels.", False),
        ("The pixel spacing was handed over; sizes are in pixels.", False),
        ("Note that the image is synthetic; a patient was examined.", False),
        ("The picture is artificial and belongs to a patient.", False),
        ("The file does not name the sequence; a T1-weighted image after contrast was presumed.", True),
        (
            "The header is silent about the sequence, and a T1-weighted image after contrast was assumed.",
            True,
        ),
        ("The header does not record the pixel spacing, hence sizes are in pixels.", True),
        ("Note that the image is synthetic; no patient was examined.", True),
        ("The picture is artificial and belongs to no patient.", True),
    ],
)
def test_a_statement_without_its_denial_is_found(text: str, true: bool) -> None:
    assert _passes(text, SILENT) == true


def _scattered() -> Findings:
    """Three parts on the patient's left, the largest parietal; every named structure is stable."""
    drawn = next(
        f
        for f in map(random_findings, range(800))
        if f.delineation.state == "present" and f.placement.grade == "A" and len(f.location.structures) > 1
        and f.tumour_class.certainty == "probable" and f.plane.probability is None
    )  # fmt: skip
    shares = (("postcentral gyrus", 0.28, "left"), ("superior frontal gyrus", 0.21, "right"))
    names = [
        drawn.location.structures[n].model_dump()
        | {"name": name, "share_of_lesion": share, "side": side, "stability": "stable"}
        for n, (name, share, side) in enumerate(shares)
    ]
    place = {"region": "parietal lobe", "side": "left", "structures": names}
    codes = ("not_t1_post_contrast", "low_contrast")
    return _changed(
        drawn,
        delineation={"parts": 3},
        location=place,
        reliability={"temperature_scaled": True, "state": "present"},
        warnings={"state": "present", "codes": codes},
    )


SCATTERED = _scattered()


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The segmentation does not consist of three disconnected components.", False),
        ("The segmentation consists of three disconnected components.", True),
        ("The region is not contiguous but falls into three parts.", True),
        ("The probabilities were not calibrated by temperature scaling.", False),
        ("The probabilities were calibrated by temperature scaling.", True),
        ("All structures named are not stable at neighbouring thresholds and levels.", False),
        ("All structures named are stable at neighbouring thresholds and levels.", True),
        ("Image quality check: a sequence that may be contrast-enhanced T1 and low contrast.", False),
        ("Image quality check: a sequence that may not be contrast-enhanced T1 and low contrast.", True),
        ("The lesion is in the frontal lobe.", False),
        ("The lesion is in the parietal lobe.", True),
        ("The region is in the right half of the brain.", False),
        ("The region is in the left half of the brain.", True),
    ],
)
def test_polarity_and_site_in_free_words(text: str, true: bool) -> None:
    assert _passes(text, SCATTERED) == true


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The putamen is probably lying in the putamen.", False),
        ("The left putamen is probably located in the left putamen.", False),
        ("The region is probably lying in the left putamen.", True),
    ],
)
def test_no_structure_lies_in_itself(text: str, true: bool) -> None:
    assert _passes(text, TINY) == true


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("Synthetic image, acquired from a patient.", False),
        ("Synthetic image, not acquired from a patient.", True),
        ("The synthetic picture does not come from a person.", True),
    ],
)
def test_a_synthetic_picture_comes_from_nobody(text: str, true: bool) -> None:
    assert _passes(text, SILENT) == true


def test_a_class_has_no_place() -> None:
    findings = next(
        f for f in map(random_findings, range(500)) if f.location.region and f.placement.grade == "B"
    )
    region = findings.location.region
    assert not _passes(f"The third class is probably located in the {region}.", findings)
    assert _passes(f"The lesion is probably located in the {region}.", findings)


def test_a_share_is_not_the_number_of_classes() -> None:
    findings = next(
        f for f in map(random_findings, range(500)) if f.tumour_class.certainty == "consistent_with"
    )
    name = {"pituitary": "pituitary tumour"}.get(findings.tumour_class.value, findings.tumour_class.value)
    text = "Within the limits of a three-class model, the slice is consistent with {} ({})."
    assert not _passes(text.format(name, "3%"), findings)
    assert _passes(text.format(name, f"{100 * findings.tumour_class.probability:.1f}%"), findings)


def _measured(temperature: bool) -> Findings:
    """Findings with a measured accuracy, whose probabilities are calibrated or not."""
    found = (random_findings(seed) for seed in range(500))
    drawn = next(f for f in found if f.reliability.accuracy and f.location.region == "frontal lobe")
    return _changed(drawn, reliability={"temperature_scaled": temperature})


def test_a_denied_figure_is_no_limit_of_averages() -> None:
    findings = _measured(True)
    accuracy = findings.reliability.accuracy
    assert accuracy is not None
    for text in ("Measured on patients, the accuracy of the network was {}{:.1f}%.",
                 "For these patients the network's accuracy is {}at about {:.1f}%."):  # fmt: skip
        assert _passes(text.format("", 100 * accuracy.value), findings)
        assert not _passes(text.format("not ", 100 * accuracy.value), findings)


def test_what_a_template_does_not_show_is_no_opening() -> None:
    findings = _measured(True)
    text = "As far as the template {}, the marked area may be located in the frontal lobe."
    assert _passes(text.format("shows"), findings)
    assert not _passes(text.format("does not show"), findings)


def test_a_raw_probability_is_not_called_calibrated() -> None:
    for calibrated in (True, False):
        findings = _measured(calibrated)
        top = findings.tumour_class.value.replace("pituitary", "pituitary tumour")
        percent = f"{100 * findings.tumour_class.probability:.1f}%"
        assert _passes(f"The network ranks {top} first, with a probability of {percent}.", findings)
        said = f"The network ranks {top} first, with a calibrated probability of {percent}."
        assert _passes(said, findings) == calibrated


def _by_hand() -> Findings:
    """A synthetic picture without a scale: three parts, 79 by 49 pixels, in its left half, placed with doubt."""
    first = UNSCALED.location.structures[0].model_dump()
    shares = {"accumbens": 0.2024, "putamen": 0.1959, "pallidum": 0.159}
    names = [first | {"id": f"F9.{n}", "name": name, "share_of_lesion": share, "side": "not_assessed"}
             for n, (name, share) in enumerate(shares.items(), start=1)]  # fmt: skip
    chances = {"glioma": 0.4, "meningioma": 0.34, "pituitary": 0.26}
    changed = _changed(
        UNSCALED,
        tumour_class={"value": "glioma", "probability": 0.4, "runner_up": "meningioma", "runner_up_probability": 0.34,
                      "certainty": "indeterminate", "probabilities": chances},
        delineation={"parts": 3},
        extent={"longest_px": 79.0, "perpendicular_px": 49.0},
        placement={"state": "present", "grade": "C"},
        location={"state": "present", "region": "basal ganglia", "side": "not_assessed", "image_side": "image-left",
                  "structures": names},
    ).model_dump()  # fmt: skip
    changed["limits"] |= {"synthetic_input": True}
    return Findings.model_validate(changed | {"synthetic": True})


BY_HAND = _by_hand()


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("In total, three distinct areas were delineated.", "In total, three distinct areas were not delineated."),
        ("Computer-made picture; not a patient.", "Computer-made picture; a patient."),
        ("There is no real patient: the image was synthesised by a program.",
         "There is a real patient: the image was synthesised by a program."),
        ("The diameters were measured in pixels only, at 79 by 49 pixels, and the size in millimetres remains unknown.",
         "The area were measured in pixels only, at 79 by 49 pixels, and the size in millimetres remains unknown."),
        ("The image is not scaled, so the diameters of the lesion are given as 79 x 49 pixels.",
         "The image is not scaled, so the area of the lesion are given as 79 x 49 pixels."),
        ("How big the region really is cannot be told, since only pixel counts (79 x 49 pixels) are available.",
         "How big the region really is can be told, since only pixel counts (79 x 49 pixels) are available."),
        ("On template matching, the tumour region probably lies in the basal ganglia.",
         "On template matching, the tumour region lies in the basal ganglia."),
        ("Left half of the picture (patient's side unknown).", "Right half of the picture (patient's side unknown)."),
        ("Glioma leads the three candidates, its probability being 0.40.",
         "Meningioma leads the three candidates, its probability being 0.34."),
        ("The classifier does not favour any class, with 40 % for glial tumour.",
         "The classifier does not favour glial tumour with 40 %."),
        ("Since all performance figures are averages, an error in this very patient cannot be ruled out.",
         "Since all performance figures are averages, an error in this very patient can be ruled out."),
        ("Performance figures hold on average and say nothing certain about the individual patient.",
         "Performance figures hold on average and say something certain about the individual patient."),
        ("Being true to its findings does not make this report right about the patient.",
         "Being true to its findings does make this report right about the patient."),
    ],
)  # fmt: skip
def test_a_lie_beside_its_true_twin(true: str, false: str) -> None:
    assert _passes(true, BY_HAND)
    assert not _passes(false, BY_HAND)


def test_a_share_that_rounds_alike_is_no_stand_in_for_the_largest() -> None:
    whole = (
        "The lesion probably covers the accumbens (20 %), the putamen (20 %) and the globus pallidus (16 %)."
    )
    less = "The lesion probably covers the putamen (20 %) and the globus pallidus (16 %)."
    assert [s.verdict for s in verify(whole, BY_HAND).sentences] == ["entailed"]
    assert [s.verdict for s in verify(less, BY_HAND).sentences] == ["unsupported"]
