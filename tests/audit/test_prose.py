"""Free prose: true rewording passes, false rewording does not, whatever its style."""

from __future__ import annotations

import subprocess
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from paraphrases import false_sentences, true_sentences
from typer.testing import CliRunner

from saliscribe.audit.clause import Context
from saliscribe.audit.ground import ground
from saliscribe.audit.judge import judge
from saliscribe.audit.judge_prose import read_prose
from saliscribe.audit.page import audit_page
from saliscribe.audit.tag_sentence import tag_sentence
from saliscribe.audit.verify import verify
from saliscribe.cli.app import app
from saliscribe.core.language import words
from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.core.vocabulary import regions, structures
from saliscribe.findings.random_findings import random_findings

HERE = Path(__file__).parent
BY_HAND = tomllib.loads((HERE / "written_by_hand.toml").read_text(encoding="utf-8"))
GOOD = ("entailed", "harmless")


def _structure(n: int, name: str, share: float, stability: str = "stable") -> dict[str, Any]:
    return {"id": f"F9.{n}", "state": "present", "stage": "localise", "name": name, "side": "left",
            "share_of_lesion": share, "share_of_structure": 0.22, "stability": stability}  # fmt: skip


def _map(n: int, method: str, dice: float, inside: float, peak: bool, beyond: float = 0.02) -> dict[str, Any]:
    return {"id": f"F11.{n}", "state": "present", "stage": "attribute", "method": method, "overlap_dice": dice,
            "energy_inside": inside, "peak_inside": peak, "heat_outside_brain": beyond}  # fmt: skip


TOPICS = tuple(str(topic) for topic in words.TOPIC if topic != "side")


def _findings() -> Findings:
    """A probable glioma (85 %) of the left temporal lobe, 34 x 27 mm, grade C."""
    drawn = random_findings(3).model_dump()
    shares = {"glioma": 0.8534, "meningioma": 0.1, "pituitary": 0.0466}
    present = {"state": "present"}
    drawn |= {"synthetic": False, "limits": drawn["limits"] | {"synthetic_input": False}}
    drawn["tumour_class"] |= {"value": "glioma", "probability": 0.8534, "runner_up": "meningioma",
                              "runner_up_probability": 0.1, "certainty": "probable",
        "probabilities": shares}  # fmt: skip
    drawn["image"] |= {"sequence": None, "format": "raster_picture", "rows_px": 256, "columns_px": 256}
    drawn["image"] |= {"slice_number": None, "slice_count": None}
    drawn["plane"] |= present | {"plane": "axial", "basis": "header", "probability": None}
    drawn["spacing"] |= present | {"row_mm": 0.95, "column_mm": 0.95}
    drawn["warnings"] |= present | {"codes": ("low_contrast", "text_in_picture")}
    drawn["delineation"] |= present | {"source": "gradcam++", "threshold_percentile": 85.0, "parts": 1}
    drawn["extent"] |= present | {"longest_mm": 34.2, "perpendicular_mm": 27.4, "area_mm2": 732.0, "area_px": 812,
                                  "longest_px": 36.0, "perpendicular_px": 28.8, "share_of_brain": 0.06}  # fmt: skip
    drawn["placement"] |= present | {"grade": "C", "level_mm": -12.0, "interval_mm": (-20.0, -3.0)}
    drawn["location"] |= present | {
        "region": "temporal lobe", "side": "left", "side_basis": "header", "image_side": "image-right",
        "share_outside_atlas": 0.17,
        "structures": [
            _structure(1, "middle temporal gyrus, posterior division", 0.41),
            _structure(2, "superior temporal gyrus, posterior division", 0.23),
            _structure(3, "planum temporale", 0.08, "fragile"), _structure(4, "angular gyrus", 0.03),
        ],
    }  # fmt: skip
    drawn["stability"] |= present | {"thresholds": 4, "smallest_area_ratio": 0.81, "largest_area_ratio": 1.23}
    drawn["saliency"] = [_map(1, "gradcam", 0.62, 0.48, True), _map(2, "gradcam++", 0.88, 0.71, True),
                         _map(3, "scorecam", 0.31, 0.22, False, 0.18)]  # fmt: skip
    drawn["not_assessed"] = [
        {"id": f"F12.{n}", "state": "not_assessed", "stage": "summarise", "topic": topic}
        for n, topic in enumerate(TOPICS, start=1)
    ]
    drawn["reliability"] |= present | {
        "architecture": "efficientnet_lite0", "patients": 233, "slices": 3064, "folds": 5,
        "accuracy": {"value": 0.931, "low": 0.907, "high": 0.952}, "macro_f1": {"value": 0.925},
        "dice": {"value": 0.74, "low": 0.71, "high": 0.77}, "calibration_error": {"value": 0.021},
        "temperature_scaled": True, "population": "figshare_cheng_2017",
    }  # fmt: skip
    return Findings.model_validate(drawn)


FINDINGS = _findings()
GROUND = ground(FINDINGS)


def _verdict(text: str) -> str:
    return judge(text, GROUND, Context())[0].verdict


@pytest.mark.parametrize("text", BY_HAND["true"].strip().splitlines())
def test_a_true_sentence_passes(text):
    audit, _ = judge(text, GROUND, Context())
    assert audit.verdict in GOOD, audit.reason


@pytest.mark.parametrize("text", BY_HAND["false"].strip().splitlines())
def test_a_false_sentence_does_not(text):
    assert _verdict(text) not in GOOD


def test_rewording_over_random_findings(capsys):
    shown, missed, alarms = Counter(), Counter(), []
    for seed in range(6):
        findings = random_findings(seed)
        asked = ground(findings)
        for name, text in true_sentences(findings):
            shown["true"] += 1
            if judge(text, asked, Context())[0].verdict not in GOOD:
                alarms.append((name, text))
        for kind, _, text in false_sentences(findings):
            shown[kind] += 1
            missed[kind] += judge(text, asked, Context())[0].verdict in GOOD
    with capsys.disabled():
        found = ", ".join(f"{kind} {shown[kind] - missed[kind]}/{shown[kind]}" for kind in "ABCDEFGI")
        print(f"\nalarms {len(alarms)}/{shown['true']}; found {found}")
    assert not alarms
    assert missed.total() <= 1


def test_the_free_reader_agrees_with_the_grammar():
    """What the grammar writes is true for the free reader as well, though it does not know the grammar."""
    for seed in range(6):
        findings = random_findings(seed)
        for sentence in render(findings, "structured").sentences():
            if any(name.startswith(("F15", "F13.")) for name in sentence.fact_ids):
                continue  # facts about a volume and badges of maps are read by the grammar alone
            if "plausible placements" in sentence.text:
                continue  # and so is the chance of a name
            reading = read_prose(sentence.text, ground(findings), Context())
            assert not reading.left_over, sentence.text
            assert all(claim.verdict == "entailed" for claim in reading.claims), sentence.text


@pytest.mark.parametrize("text", [
    "The leison probably lies in the left tempral lobe.", "Peritumoral edema was not assesed.",
    "The tumor spans 34 by 27 mm in plnae.", "The probabiltiy of glioma is 85 percent.",
])  # fmt: skip
def test_a_typing_error_is_no_alarm(text):
    assert _verdict(text) in GOOD


def test_every_name_of_the_vocabulary_can_be_read():
    for table in (structures(), regions()):
        for name in table:
            reading = read_prose(f"The region might involve the {name}.", GROUND, Context())
            assert any(claim.about[0] == "F9" for claim in reading.claims), name


def test_a_side_of_the_patient_that_is_not_known_may_not_be_told():
    data = FINDINGS.model_dump()
    data["location"] |= {"side": "not_assessed", "side_basis": "not_known"}
    data["location"]["structures"] = [s | {"side": "not_assessed"} for s in data["location"]["structures"]]
    unknown = Findings.model_validate(data)
    told = verify("The lesion is probably in the left hemisphere.", unknown).sentences[0]
    assert told.verdict == "contradicted"
    assert "side of the patient is not known" in (told.reason or "")
    assert verify("Left-right orientation is unknown.", unknown).sentences[0].verdict == "entailed"


def test_a_known_side_may_not_be_left_out():
    duty = "the side of the patient on which the region lies"
    assert duty in [o.what for o in verify("Research use only.", FINDINGS).omissions]
    assert duty not in [o.what for o in verify("The lesion is on the left.", FINDINGS).omissions]


@pytest.mark.parametrize(
    "text", ["The lesion is lobed.", "The lesion is large.", "The lesion is basal.", "A gliosis is seen."]
)
def test_no_word_of_meaning_is_neutral(text):
    assert _verdict(text) not in GOOD


def test_topics_may_be_listed_under_a_heading():
    listed = "\n".join(f"- {words.TOPIC[topic]}" for topic in TOPICS)
    audit = verify(f"## Not assessed\n\n{listed}\n", FINDINGS)
    assert all(s.verdict in GOOD for s in audit.sentences), audit.sentences
    assert not any("not assessed" in o.what for o in audit.omissions)
    assert verify(f"## Findings\n\n{listed}\n", FINDINGS).outcome == "blocked"


def test_a_list_of_shares_names_the_largest():
    largest = "the posterior division of the middle temporal gyrus (41%)"
    every = f"The region probably involves {largest} and the angular gyrus (3%)."
    assert verify(every, FINDINGS).sentences[0].verdict == "entailed"
    rest = verify(
        "The region probably involves the planum temporale (8%) and the angular gyrus (3%).", FINDINGS
    )
    assert rest.sentences[0].verdict == "unsupported"
    assert "largest share" in (rest.sentences[0].reason or "")


@pytest.mark.parametrize(("text", "good"), [
    ("Quality control drew attention to faint contrast and inscriptions in the picture.", True),
    ("Quality control drew attention to blurring of the picture.", False),
    ("The check complained about scant contrast.", True),
    ("The check complained about a picture that hardly resembles a brain MRI.", False),
])  # fmt: skip
def test_warnings_are_read_in_any_words(text, good):
    assert (_verdict(text) in GOOD) == good


@pytest.mark.parametrize(("text", "good"), [
    ("Perifocal swelling, perfusion and tumour grading lie beyond what was judged.", True),
    ("Perifocal swelling, perfusion and tumour grading are unremarkable.", False),
    ("For research only, not a medical device.", True), ("A medical device, for research only.", False),
    ("The network is right about this patient.", False), ("In a single patient the network may not be right.", True),
])  # fmt: skip
def test_polarity_is_read_in_any_words(text, good):
    assert (_verdict(text) in GOOD) == good


@pytest.mark.parametrize(("slip", "meant"), [
    ("surroundiing", "surrounding"), ("nothhing", "nothing"), ("compued", "computed"), ("intreval", "interval"),
    ("left", "left"), ("legion", "legion"), ("coveed", "covered"),
])  # fmt: skip
def test_a_slip_is_mended(slip, meant):
    assert tag_sentence((slip,))[0].text == meant


def test_the_page_escapes_everything_and_loads_nothing():
    page = audit_page(verify("<script>alert(1)</script> The lesion is on the right.", FINDINGS), FINDINGS)
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_command_prints_evidence_and_writes_a_page(tmp_path):
    (tmp_path / "f.json").write_text(FINDINGS.model_dump_json(), encoding="utf-8")
    (tmp_path / "r.md").write_text("The tumour is right-sided.\n\x1b[31mred", encoding="utf-8")
    call = ["audit", str(tmp_path / "r.md"), str(tmp_path / "f.json"), "--html", str(tmp_path / "a.html")]
    result = CliRunner().invoke(app, call)
    assert result.exit_code == 5
    assert "contradicted" in result.output
    assert "F9: temporal lobe, side left" in result.output
    assert "\x1b" not in result.output
    assert "right-sided" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_free_prose_is_read_quickly_and_without_torch():
    text = "\n\n".join(BY_HAND["true"].strip().splitlines())
    verify(text, FINDINGS)
    start = time.process_time()
    verify(text, FINDINGS)
    # as many sentences as in seven reports
    assert (time.process_time() - start) / 7 < 0.05
    code = "import sys, saliscribe.audit.verify; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
