"""Paraphrases are the ground truth of the bench, so their truth is worked out by hand."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.paraphrase import SLOTS, paraphrased_draft
from saliscribe.faithfulness.paraphrase_values import wordings
from saliscribe.faithfulness.plausible_findings import plausible_findings
from saliscribe.faithfulness.run_bench import BASES
from saliscribe.findings.random_findings import random_findings


@pytest.fixture(scope="module")
def by_hand() -> Findings:
    """One set of findings whose every number differs, so that a number in the text tells where it comes from."""
    data = random_findings(1).model_dump()
    data["synthetic"] = data["limits"]["synthetic_input"] = False
    data["image"] |= {
        "rows_px": 512,
        "columns_px": 448,
        "slice_number": None,
        "slice_count": None,
        "sequence": None,
    }
    data["plane"] = {"id": "F2", "state": "present", "stage": "localise", "plane": "axial", "basis": "header"}
    data["spacing"] = {"id": "F3", "state": "present", "stage": "read", "row_mm": 0.93, "column_mm": 0.86}
    data["warnings"] = {"id": "F4", "state": "absent", "stage": "prepare"}
    odds = {"glioma": 0.0772, "meningioma": 0.7841, "pituitary": 0.1387}
    data["tumour_class"] |= {
        "value": "meningioma", "probability": 0.7841, "certainty": "probable", "runner_up": "pituitary",
        "runner_up_probability": 0.1387, "probabilities": odds,
    }  # fmt: skip
    data["delineation"] |= {
        "state": "present",
        "source": "segmentation_head",
        "threshold_percentile": None,
        "parts": 3,
    }
    data["extent"] = {
        "id": "F7", "state": "present", "stage": "summarise", "area_px": 1234, "longest_px": 45.0,
        "perpendicular_px": 32.0, "area_mm2": 987.0, "longest_mm": 41.3, "perpendicular_mm": 29.8,
        "share_of_brain": 0.066,
    }  # fmt: skip
    data["placement"] = {
        "id": "F8", "state": "present", "stage": "localise", "grade": "B", "level_mm": -17.2, "interval_mm": None,
    }  # fmt: skip
    structure = {"stage": "localise", "side": "right", "stability": "stable"}
    data["location"] = {
        "id": "F9", "state": "present", "stage": "localise", "region": "temporal lobe", "side": "right",
        "side_basis": "header", "image_side": "image-left", "share_outside_atlas": 0.11,
        "structures": [
            {"id": "F9.1", "name": "middle temporal gyrus, posterior division", "share_of_lesion": 0.52, **structure},
            {"id": "F9.2", "name": "planum temporale", "share_of_lesion": 0.23, **structure},
        ],
    }  # fmt: skip
    data["stability"] = {
        "id": "F10", "state": "present", "stage": "make_mask", "thresholds": 5, "smallest_area_ratio": 0.84,
        "largest_area_ratio": 1.19,
    }  # fmt: skip
    for number, fact in enumerate(data["saliency"]):
        dice, inside = ((0.71, 0.64), (0.48, 0.39), (0.26, 0.31))[number]
        fact |= {
            "state": "present", "overlap_dice": dice, "energy_inside": inside, "heat_outside_brain": 0.02,
            "peak_inside": number == 0, "threshold_percentile": None, "evaluated_fraction": None,
        }  # fmt: skip
    data["reliability"] |= {
        "state": "present", "architecture": "resnet50", "patients": 2100, "slices": 3060, "folds": 5,
        "accuracy": {"value": 0.9571, "low": 0.948, "high": 0.966}, "macro_f1": {"value": 0.9464}, "population": None,
        "dice": {"value": 0.818}, "calibration_error": None, "temperature_scaled": True,
    }  # fmt: skip
    return Findings.model_validate(data)


def _lines(findings: Findings, part: str, seeds: int = 250) -> dict[str, set[str]]:
    """Pattern -> every sentence made of it."""
    found: dict[str, set[str]] = {}
    for seed in range(seeds):
        for line in paraphrased_draft(findings, seed, part).lines:
            found.setdefault(line.wording, set()).add(line.text)
    return found


#: Numbers that may stand in a paraphrase of the findings by hand, each with the reason.
ALLOWED = {
    "512", "448",  # grid
    "0.93", "0.86",  # spacing
    "78", "0.78", "14", "0.14", "8", "0.08",  # probabilities: 78.41 %, 13.87 %, 7.72 %
    "3",  # parts
    "41", "30", "4.1", "3.0",  # 41.3 and 29.8 mm
    "9.9", "990",  # 987 mm² at a tenth of a cm²
    "7",  # 6.6 % of the brain
    "17", "1.7",  # 17.2 mm below
    "52", "23",  # shares
    "11",  # outside the atlas
    "5", "84", "119",  # stability
    "0.71", "64", "0.48", "39", "0.26", "31",  # heat maps
    "95.7", "94.8", "96.6", "95", "2,100", "3,060", "94.6", "0.82",  # 95.71 %; macro F1 94.64 %; Dice 0.818
}  # fmt: skip


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_every_number_is_one_of_the_findings(by_hand, part):
    for pattern, texts in _lines(by_hand, part).items():
        for text in texts:
            bare = re.sub(r"ResNet50|\bT1\b|\bF1\b|cm2|mm2|95% interval", "", text)
            for number in re.findall(r"\d[\d,]*(?:\.\d+)?", bare):
                assert number.rstrip(",") in ALLOWED, (pattern, text)


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_the_side_is_right_and_nothing_else(by_hand, part):
    for seed in range(250):
        for line in paraphrased_draft(by_hand, seed, part).lines:
            if line.has("F9.side", "F9.region", "structure"):
                assert not re.search(r"\bleft|sinist|bilateral", line.text, re.IGNORECASE), line.text


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_the_place_is_hedged_in_every_wording(by_hand, part):
    """Grade B is "likely": no sentence about the place may be sure of it, none may call it a mere possibility."""
    about = [line.wording for seed in range(250) for line in paraphrased_draft(by_hand, seed, part).lines
             if line.has("F9.region") or {"F9.main"} & line.states]  # fmt: skip
    texts = _lines(by_hand, part)
    for pattern in set(about):
        for text in texts[pattern]:
            likely = r"probab|likely|appears|suggests|likelihood|presumably"
            assert re.search(likely, text, re.IGNORECASE), text
            assert not re.search(r"\b(?:may|might|could|possibl[ye]|perhaps|conceivably|certain)\b", text), (
                text
            )


_GLIOMA = "(?:glioma|glial tumour|glial neoplasm|tumour of glial origin)"
_MENINGIOMA = "(?:meningioma|meningeal tumour|tumour of the meninges|meningeal neoplasm)"
_PITUITARY = "(?:pituitary tumour|tumour of the pituitary gland|hypophyseal tumour|pituitary neoplasm)"
BY_HAND = {
    "{subject} measures {size}.": r"The [a-z ]+ measures (?:41 mm|41|4\.1 cm|4\.1) ?(?:x|by|×) ?(?:30 mm|3\.0 cm)\.",
    "The maximum diameter of {subject} is {long}, and the perpendicular diameter is {wide}.":
        r"The maximum diameter of the [a-z ]+ is (?:41 mm, and the perpendicular diameter is 30 mm"
        r"|4\.1 cm, and the perpendicular diameter is 3\.0 cm)\.",
    "Its area is {area}.": r"Its area is (?:9\.9 cm²|9\.9 cm2|9\.9 square centimetres|990 mm²)\.",
    "The classifier favours {class} with {p}.":
        rf"The classifier favours {_MENINGIOMA} with (?:78%|78 %|78 per cent|0\.78)\.",
    "The probabilities of {second} and {third} are {p2} and {p3}, respectively.":
        rf"The probabilities of {_PITUITARY} and {_GLIOMA} are "
        r"(?:14%|14 %|14 per cent|0\.14) and (?:8%|8 %|8 per cent|0\.08), respectively\.",
    "{subject} takes up {brain_share} of the brain area of the slice.":
        r"The [a-z ]+ takes up 7(?:%| %| per cent) of the brain area of the slice\.",
    "The estimated position of the slice is {level}.":
        r"The estimated position of the slice is (?:17 mm|1\.7 cm) (?:below|inferior to|caudal to) "
        r"the anterior commissure\.",
    "The probable location of {subject} is {region}.":
        r"The probable location of the [a-z ]+ is the (?:right )?temporal lobe\.",
    "The header places {subject} on the {side} side of the patient.":
        r"The header places the [a-z ]+ on the right side of the patient\.",
    "The {method} map {agreement} the region (Dice {dice}).":
        r"The (?:Grad-?CAM map (?:agrees well with|overlaps well with|is in good agreement with|closely matches"
        r"|coincides well with) the region "
        r"\(Dice 0\.71\)"
        r"|Grad-?CAM\+\+ map (?:agrees in part with|partly overlaps|is in partial agreement with|matches parts of"
        r"|coincides in part with) the region "
        r"\(Dice 0\.48\)"
        r"|Score-?CAM map (?:agrees poorly with|overlaps poorly with|is in poor agreement with|hardly matches"
        r"|coincides poorly with) the region "
        r"\(Dice 0\.26\))\.",
    "The maximum of {method} is within the region.": r"The maximum of Grad-?CAM is within the region\.",
    "The maximum of {method} is not within the region.":
        r"The maximum of (?:Grad-?CAM\+\+|Score-?CAM) is not within the region\.",
    "The outlined region is made up of {parts} separate parts.":
        r"The outlined region is made up of (?:three|3) separate parts\.",
    "There is poor agreement of {poor} with the region.":
        r"There is poor agreement of ScoreCAM with the region\.",
    "{probable} {class} ({p}); {second} is the alternative ({p2}).":
        rf"(?:Probable|Probably|Likely|Presumably) {_MENINGIOMA} \((?:78%|78 %|78 per cent|0\.78)\); "
        rf"{_PITUITARY} is the alternative \((?:14%|14 %|14 per cent|0\.14)\)\.",
    "The accuracy of the network was {accuracy} ({low} to {high}, 95% interval).":
        r"The accuracy of the network was 95\.7% \(94\.8% to 96\.6%, 95% interval\)\.",
    "At {thresholds} neighbouring thresholds the area varies from {smallest} to {largest} of the reported one.":
        r"At 5 neighbouring thresholds the area varies from 84% to 119% of the reported one\.",
    "By area, {subject} {hedge_involves} {shares}.":
        r"By area, the [a-z ]+ (?:probably involves|most likely involves|is likely to involve|presumably involves"
        r"|in all likelihood involves) the "
        r"(?:posterior division of the right (?:middle temporal gyrus|gyrus temporalis medius)"
        r"|right (?:middle temporal gyrus|gyrus temporalis medius) \(posterior division\)"
        r"|right posterior middle temporal gyrus) \(52 ?%\) and the right planum temporale \(23 ?%\)\.",
}  # fmt: skip


def test_sentences_read_as_worked_out_by_hand(by_hand):
    made = _lines(by_hand, "open", seeds=700)
    for pattern, wanted in BY_HAND.items():
        assert made.get(pattern), f"never written: {pattern}"
        for text in made[pattern]:
            assert re.fullmatch(wanted, text), text


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_every_wording_is_used_and_belongs_to_a_slot(part):
    kinds = {kind.name for slot in SLOTS for kind in slot.kinds}
    lines = wordings(part)["lines"]
    assert kinds == set(lines)
    used: set[str] = set()
    for seed in range(2000):
        findings = plausible_findings(seed)
        rare = findings.reliability.state == "not_assessed"
        for draw in range(seed, seed + (40 if rare else 1)):
            used |= {line.wording for line in paraphrased_draft(findings, draw, part).lines}
    assert {text for texts in lines.values() for text in texts} - used == set()


@pytest.mark.parametrize("part", ["open", "sealed"])
def test_fixed_words_about_scale_and_number_of_images_are_true(part):
    """A size in pixels beside a known spacing is not called unscaled; a slice of a volume is not a single image."""
    lines, seen = wordings(part)["lines"], {"scaled": 0, "volume": 0}
    for seed in range(400):
        f = plausible_findings(seed)
        used = {line.wording for line in paraphrased_draft(f, seed, part).lines}
        if f.spacing.state == "present" and f.extent.state == "present" and f.extent.longest_mm is None:
            seen["scaled"] += 1
            assert used & set(lines["size_px"])
            assert not used & {*lines["size_px_unscaled"], *lines["spacing_unknown"]}
        if f.image.slice_count is not None:
            seen["volume"] += 1
            assert not used & set(lines["image"])
    assert min(seen.values()) >= 5


def test_the_wordings_kept_for_measuring_are_there():
    """Each line of the list is the digest of one open wording; a wording that is changed has to be listed anew."""
    kept = (Path(__file__).parents[2] / "scripts" / "kept_wordings.txt").read_text("utf-8").split()
    texts = [text for lists in wordings("open")["lines"].values() for text in lists]
    digests = [sha256(text.encode()).hexdigest()[:12] for text in texts]
    assert kept
    assert [digests.count(one) for one in kept] == [1] * len(kept)


def test_open_and_sealed_share_no_wording():
    ways = [wordings(part) for part in ("open", "sealed")]
    texts = [{text for lists in way["lines"].values() for text in lists} for way in ways]
    shared = len(texts[0] & texts[1])  # a count: a failure must not print what is sealed
    assert shared == 0


@pytest.mark.parametrize("base", ["open", "sealed"])
def test_mandatory_facts_are_always_said(base):
    for seed in range(80):
        draft = BASES[base](seed)[1]
        said = frozenset().union(*(line.states for line in draft.lines))
        always = {"F5.value", "F5.probability", "F12.topics", "F14.healthy_class", "F14.averages_only",
                  "F14.research_use_only"}  # fmt: skip
        f = draft.findings
        sometimes = {
            "F4.codes": f.warnings.state == "present", "F4.state": f.warnings.state == "not_assessed",
            "F6.state": f.delineation.state == "absent", "F7.unit": f.extent.state == "present",
            "F14.synthetic_input": f.synthetic, "F11.any_poor": draft.claims["F11", "any_poor"],
        }  # fmt: skip
        assert always | {about for about, due in sometimes.items() if due} <= said


def test_sentences_are_well_formed():
    abbreviated = re.compile(r"\b(approx|ca|i\.e|max|prob)\. ", re.IGNORECASE)
    for base in ("open", "sealed"):
        for seed in range(60):
            for line in BASES[base](seed)[1].lines:
                text = abbreviated.sub(r"\1 ", line.text)
                assert re.fullmatch(r"[A-Z0-9].*[^ ,.]\.", text), text
                assert not re.search(r"  | ,|\(\)|\bNone\b(?! of)|[{}_]|\.\.|\ba [aeio]|\.\s", text), text
