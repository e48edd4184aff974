"""The grammar writes what the findings say, and reads back exactly what it wrote."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.parse import all_sentences, parse, readings
from saliscribe.core.language.render import render, stated
from saliscribe.core.language.reported import SURE_PLANE, reported
from saliscribe.core.language.slots import SLOTS
from saliscribe.core.language.split_text import split_text
from saliscribe.core.records.report import STYLES
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.from_text import from_text
from saliscribe.reporting.markdown import to_markdown

#: Claims that the structured style leaves to the page: derived twins of what it says in other words.
NOT_IN_WORDS = {("F14", "healthy_class")}


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), style=st.sampled_from(STYLES))
def test_a_report_reads_back_as_the_facts_it_states(seed, style):
    findings = random_findings(seed)
    assert parse(render(findings, style)) == stated(findings, style)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32), style=st.sampled_from(STYLES))
def test_markdown_splits_back_into_the_sentences(seed, style):
    report = render(random_findings(seed), style)
    texts = [sentence.text for sentence in report.sentences()]
    for shown in (to_markdown(report, show_ids=False), to_markdown(report, show_ids=True)):
        assert [piece.text for piece in split_text(shown) if not piece.is_heading] == texts
        assert [s.text for s in from_text(shown, style, "scripted").sentences()] == texts


def test_every_sentence_carries_facts_and_reads_like_a_sentence():
    for seed in range(60):
        findings = random_findings(seed)
        for style in STYLES:
            for sentence in render(findings, style).sentences():
                assert sentence.fact_ids
                assert set(sentence.fact_ids) <= set(findings.by_id())
                assert re.fullmatch(r"[A-Z].*[^ ,]\.", sentence.text), sentence.text
                assert not re.search(r"  | ,|\(\)|None|\{|not_assessed|\d\.\d{4}", sentence.text), (
                    sentence.text
                )


def test_the_structured_style_states_every_number_of_the_region_and_the_class():
    findings = next(
        f for f in map(random_findings, range(200)) if f.extent.longest_mm and f.extent.longest_mm > 5
    )
    said = stated(findings, "structured")
    wanted = [
        key
        for key in reported(findings)
        if key[0] in ("F5", "F7") and key[1].endswith(("probability", "mm", "mm2"))
    ]
    assert len(wanted) >= 5
    assert set(wanted) <= set(said)


def test_every_pattern_is_written_by_some_findings():
    unused = {(s.text, repr(sorted(s.when.items()))) for s in all_sentences()}
    for seed in range(700):
        claims = reported(random_findings(seed))
        unused -= {key for key in unused if _fits(key, claims)}
    assert not unused


def _fits(key: tuple[str, str], claims) -> bool:
    sentence = next(s for s in all_sentences() if (s.text, repr(sorted(s.when.items()))) == key)
    return sentence.fits(claims)


@pytest.mark.parametrize(
    "name", [name for name in SLOTS if name in ("percent", "length", "area", "ordinal", "int")]
)
def test_number_slots_read_what_they_write(name):
    slot = SLOTS[name]
    values = [v for v in range(2000) if name != "area" or v < 100 or v % 10 == 0]
    for value in values if name != "percent" else range(101):
        text = normalise(slot.write(value))
        assert re.fullmatch(slot.pattern, text)
        assert slot.read(text) == value


def test_words_slots_read_what_they_write():
    from saliscribe.core.vocabulary import structures

    slot = SLOTS["structures"]
    for name in structures():
        for side in (None, "left", "right"):
            assert slot.read(normalise(slot.write(((name, side),)))) == ((name, side),)


def test_hedges_follow_the_grade():
    texts = {
        "A": " and lies in",
        "B": " and probably lies in",
        "C": " and probably lies in",
        "D": " and may lie in",
    }
    for seed in range(400):
        findings = random_findings(seed)
        if findings.location.region and findings.extent.state == "present":
            impression = next(s for s in render(findings, "structured").sections if s.name == "impression")
            line = next(
                s.text for s in impression.sentences if s.text.startswith("The delineated region measures")
            )
            unsure = findings.plane.probability is not None and findings.plane.probability < SURE_PLANE
            assert texts["D" if unsure else findings.placement.grade] in line


def test_an_empty_mask_is_never_called_normal():
    findings = next(f for f in map(random_findings, range(200)) if f.delineation.state == "absent")
    for style in STYLES:
        text = to_markdown(render(findings, style))
        assert "does not mean that the brain is" in text
        assert "lies in " not in text
        assert "inside" not in text


def test_one_sentence_has_one_reading():
    assert len(readings("The plane is axial according to the image header.")) == 1
    assert readings("The plane is oblique according to the image header.") == []
