"""The scripts that try the loop and the grammar many times, a few times: their own checks can fail, and do not."""

from __future__ import annotations

from random import Random

import pytest
from scripts import lying_writer, read_back

from saliscribe.core.language.render import render
from saliscribe.core.records.report import Report
from saliscribe.faithfulness.template_draft import template_draft
from saliscribe.findings.random_findings import random_findings
from saliscribe.pipeline.report import Written


def test_every_lie_is_another_text_than_the_true_one() -> None:
    for seed in range(12):
        draft = template_draft(random_findings(seed), "structured")
        liar = lying_writer.Liar(draft, Random(seed))
        assert all(liar(None) != draft.markdown() for _ in range(3))  # type: ignore[arg-type]
        assert len(liar.told) == 3


@pytest.mark.parametrize(
    "text", ["There is midline shift.", "The plane is oblique according to the image header."]
)
def test_a_false_sentence_that_is_shown_is_seen(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def shows_it(findings, **options) -> Written:
        report = render(findings, "structured")
        first, *rest = report.sections
        shown = first.model_copy(
            update={"sentences": (first.sentences[0].model_copy(update={"text": text}),)}
        )
        return Written(findings, Report.model_validate({**dict(report), "sections": (shown, *rest)}), None)  # type: ignore[arg-type]

    monkeypatch.setattr(lying_writer, "report", shows_it)
    assert lying_writer.run(0)[2] == (text,)


def test_a_duty_that_is_left_out_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaves_out(findings, **options) -> Written:
        report = render(findings, "structured")
        return Written(findings, report.model_copy(update={"sections": report.sections[:-1]}), None)  # type: ignore[arg-type]

    monkeypatch.setattr(lying_writer, "report", leaves_out)
    assert lying_writer.run(0)[3] == ("F14.research_use_only",)


def test_reports_read_back() -> None:
    assert read_back.mismatches(0, 200) == []
