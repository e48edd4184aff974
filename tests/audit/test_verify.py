"""The audit passes what the findings say and nothing else."""

from __future__ import annotations

import re
import time

import pytest

from saliscribe.audit.gate import gate
from saliscribe.audit.mandatory import duties
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import STYLES
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.from_text import from_text
from saliscribe.reporting.markdown import to_markdown


def _example() -> Findings:
    """A left temporal glioma, 34 x 27 mm, grade C, so that every mutation below has something to change."""
    drawn = next(
        f
        for f in map(random_findings, range(500))
        if f.extent.longest_mm and len(f.location.structures) > 2 and f.plane.plane == "axial"
        and f.reliability.accuracy and f.placement.level_mm is not None
    ).model_dump()  # fmt: skip
    drawn["extent"] |= {"longest_mm": 34.2, "perpendicular_mm": 27.4, "area_mm2": 732.0}
    drawn["location"] |= {"region": "temporal lobe", "side": "left", "side_basis": "header"}
    drawn["placement"]["grade"] = "C"
    drawn["delineation"] |= {"parts": 1}
    shares = {"glioma": 0.8534, "meningioma": 0.1, "pituitary": 0.0466}
    drawn["tumour_class"] |= {"value": "glioma", "probability": 0.8534, "runner_up": "meningioma"}
    drawn["tumour_class"] |= {"runner_up_probability": 0.1, "certainty": "probable", "probabilities": shares}
    topics = ("oedema", "haemorrhage_or_calcification", "prognosis")
    drawn["not_assessed"] = [
        {"id": f"F12.{n}", "state": "not_assessed", "stage": "summarise", "topic": topic}
        for n, topic in enumerate(topics, start=1)
    ]
    return Findings.model_validate(drawn)


FINDINGS = _example()


@pytest.mark.parametrize("style", STYLES)
def test_what_the_grammar_writes_passes(style):
    for seed in range(40):
        findings = random_findings(seed)
        report = render(findings, style)
        for shown in (report, to_markdown(report), to_markdown(report, show_ids=True)):
            audit = verify(shown, findings)
            assert audit.outcome == "pass", [s for s in audit.sentences if s.verdict != "entailed"]


def _changed(pattern: str, replacement: str) -> str:
    text = to_markdown(render(FINDINGS, "structured"))
    changed, count = re.subn(pattern, replacement, text)
    assert count, pattern
    return changed


@pytest.mark.parametrize(
    ("pattern", "replacement", "verdict"),
    [
        (r"as glioma", "as meningioma", "contradicted"),
        (r"patient's left", "patient's right", "contradicted"),
        (r"temporal lobe", "frontal lobe", "contradicted"),
        (r"probably lies in", "lies in", "contradicted"),
        (r"(\d) x (\d)", r"\g<1>1 x \2", "contradicted"),
        (r" cm²", " mm²", "refused"),
        (r" mm in plane", " cm in plane", "refused"),
        (r"probability of \d+%", "probability of 7%", "contradicted"),
        (r"Not assessed from this single image: [^.]*\.", "There is no oedema.", "refused"),
        (r"One contiguous", "No contiguous", "refused"),
        (r"must not guide", "may guide", "refused"),
        (r"grade C", "grade A", "refused"),
        (r"\Z", "\nThe lesion shows ring enhancement.\n", "refused"),
        (r"\Z", "\nWHO grade 4.\n", "refused"),
        (r"\Z", "\n| glioma | left |\n", "refused"),
        (r"\Z", "\n## Left-sided glioblastoma\n", "refused"),
        (r"\Z", "\nNo tumour region was delineated in this slice, which does not mean that the brain is normal.\n",
         "contradicted"),
    ],
)  # fmt: skip
def test_one_change_is_found(pattern, replacement, verdict):
    audit = verify(_changed(pattern, replacement), FINDINGS)
    assert audit.outcome == "blocked"
    found = {s.verdict for s in audit.sentences}
    assert found & ({"contradicted", "unsupported"} if verdict == "refused" else {verdict})


@pytest.mark.parametrize(
    ("pattern", "replacement"),
    [
        (r"tumour", "tumor"),
        (r"oedema", "edema"),
        (r"haemorrhage", "hemorrhage"),
        (r"cm²", "cm2"),
        (r"(\d)%", r"\1 %"),
        (r" x ", " × "),
        (r"The tumour", "THE TUMOUR"),
        (r" and ", "  and\n"),
        (r"- ", "* "),
        (r"glioma", "**glioma**"),
    ],
)
def test_a_harmless_change_is_let_pass(pattern, replacement):
    audit = verify(_changed(pattern, replacement), FINDINGS)
    bad = [(s.text, s.reason) for s in audit.sentences if s.verdict not in ("entailed", "harmless")]
    assert audit.outcome == "pass", bad


def test_one_more_decimal_is_fine_when_it_is_right():
    exact = 100 * FINDINGS.tumour_class.probability
    right = verify(_changed(r"probability of \d+%", f"probability of {exact:.1f}%"), FINDINGS)
    wrong = verify(_changed(r"probability of \d+%", f"probability of {exact + 0.2:.1f}%"), FINDINGS)
    assert (right.outcome, wrong.outcome) == ("pass", "blocked")


@pytest.mark.parametrize("style", STYLES)
def test_every_left_out_duty_is_named(style):
    for seed in range(8):
        findings = random_findings(seed)
        found = set()
        sentences = [s.text for s in render(findings, style).sentences()]
        for number in range(len(sentences)):
            audit = verify("\n\n".join(sentences[:number] + sentences[number + 1 :]), findings)
            found |= {omission.what for omission in audit.omissions}
            assert (audit.outcome == "blocked") == bool(audit.omissions)
        said_once = {"what was not assessed", "that this is for research use only"}
        assert said_once <= found
    assert len({o.what for o in verify("", FINDINGS).omissions}) == len(duties(FINDINGS))


def test_another_patients_report_is_repaired():
    for seed in range(25):
        theirs = from_text(
            to_markdown(render(random_findings(seed + 1000), "structured")), "structured", "scripted"
        )
        shown, audit = gate(theirs, FINDINGS)
        assert audit.outcome == "repaired"
        assert audit.rejected
        assert verify(shown, FINDINGS).outcome == "pass"
        assert all(sentence.fact_ids for sentence in shown.sentences())


def test_a_true_draft_that_only_leaves_something_out_keeps_its_words():
    report = render(FINDINGS, "narrative")
    lines = {name: [s.text for s in section.sentences] for name, section in _sections(report).items()}
    prose = ["The network considers glioma the most likely class, at 85%.", *lines["findings"][2:]]
    text = "\n\n".join(["## Findings", *prose, "## Reliability", *lines["reliability"]])
    draft = from_text(text, "narrative", writer="scripted")
    assert not [s for s in verify(draft, FINDINGS).sentences if s.verdict not in ("entailed", "harmless")]
    shown, audit = gate(draft, FINDINGS)
    assert audit.outcome == "repaired"
    assert not audit.rejected
    assert audit.omissions
    kept = [s.text for s in shown.sentences()]
    assert [s for s in kept if s in prose] == prose  # every word, in its order
    added = [s for s in kept if s not in prose and s not in lines["reliability"]]
    assert 0 < len(added) <= len(audit.omissions)
    assert set(added) <= {s.text for s in report.sentences()}


def _sections(report):
    return {section.name: section for section in report.sections}


def test_the_gate_lets_a_true_draft_pass_and_can_block():
    draft = from_text(to_markdown(render(FINDINGS, "narrative")), "narrative", "scripted")
    shown, audit = gate(draft, FINDINGS)
    assert audit.outcome == "pass"
    assert all(sentence.fact_ids for sentence in shown.sentences())
    lie = from_text("There is marked oedema.", "brief", "scripted")
    assert gate(lie, FINDINGS, repair=False)[1].outcome == "blocked"


def test_it_is_quick():
    text = to_markdown(render(FINDINGS, "structured"))
    verify(text, FINDINGS)
    times = []
    for _ in range(7):
        start = time.process_time()
        verify(text, FINDINGS)
        times.append(time.process_time() - start)
    assert sorted(times)[3] < 0.05


@pytest.mark.parametrize(
    "text",
    [
        "Everything looks fine.",
        "Please call the doctor at once.",
        "It came back.",
        "The user sent JSON with facts.",
        "It may go away on its own.",
    ],
)
def test_a_sentence_of_harmless_words_that_claims_nothing_is_not_let_pass(text: str) -> None:
    assert verify(text, random_findings(3)).sentences[0].verdict == "unsupported"


@pytest.mark.parametrize(
    "text", ["MRI brain report", "The findings are as follows:", "## Findings", "# What the picture shows"]
)
def test_a_title_claims_nothing(text: str) -> None:
    assert verify(text, random_findings(3)).sentences[0].verdict == "harmless"


def test_a_repaired_report_does_not_say_the_same_twice() -> None:
    findings = random_findings(3)
    draft = to_markdown(render(findings, "structured"))
    line = next(line for line in draft.splitlines() if "classifies" in line)
    short = line.split(";")[0].split(" [")[0].rstrip(".") + "."
    text = draft.replace(line, f"{short}\n- Surgery is advised.")
    shown, audit = gate(from_text(text, "structured", writer="scripted"), findings)
    sentences = [sentence.text for sentence in shown.sentences()]
    assert audit.outcome == "repaired"
    assert sum("classifies" in sentence for sentence in sentences) == 1
    assert not any("Surgery" in sentence for sentence in sentences)


@pytest.mark.parametrize(
    ("shares", "of_what"), [("as shares of its area", "as shares of the brain"), ("its heat", "the brain")]
)
def test_a_share_of_something_else_is_contradicted(shares: str, of_what: str) -> None:
    seen = 0
    for seed in range(40):
        findings = random_findings(seed)
        for line in render(findings, "structured").sentences():
            if f"% of {shares}" in line.text or f"%), {shares}" in line.text:
                seen += 1
                changed = line.text.replace(shares, of_what)
                assert verify(changed, findings).sentences[0].verdict == "contradicted", changed
    assert seen > 5
