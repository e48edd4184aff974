"""What the audit says of a sentence of the grammar: in its words and figures, without names of fields."""

from __future__ import annotations

import pytest

from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.findings.random_findings import random_findings

#: Its report says "The ScoreCAM map agrees in part with the region (Dice 0.49); ... its hottest point lies outside."
FINDINGS = random_findings(2777)
SENTENCES = [s.text for section in render(FINDINGS, "structured").sections for s in section.sentences]


@pytest.mark.parametrize(
    ("part", "changed", "told"),
    [
        ("Dice 0.49", "Dice 0.29", "Dice: the text says 0.29, the findings say 0.49"),
        (
            "; its hottest point lies outside",
            ", as does its hottest point",
            "hottest point inside the region: the text says yes, the",
        ),
        (
            "agrees in part",
            "agrees well",
            "agreement: the text says agrees well, the findings say agrees in part",
        ),
    ],
)
def test_the_reason_quotes_the_text(part: str, changed: str, told: str) -> None:
    text = next(text for text in SENTENCES if part in text and text.startswith("The ScoreCAM map"))
    (sentence,) = verify(text.replace(part, changed), FINDINGS).sentences
    assert sentence.verdict == "contradicted"
    assert told in (sentence.reason or "")


def test_an_area_is_quoted_in_its_unit() -> None:
    drawn = next(f for f in map(random_findings, range(300)) if f.extent.area_mm2 and f.extent.area_mm2 > 300)
    area = f"{drawn.extent.area_mm2 / 100:.1f} cm²"
    text = next(
        s.text
        for section in render(drawn, "structured").sections
        for s in section.sentences
        if area in s.text
    )
    (sentence,) = verify(text.replace(area, "99.9 cm²"), drawn).sentences
    assert f"area: the text says 99.9 cm², the findings say {area}" in (sentence.reason or "")
