"""A draft in pieces reads exactly as the report it was made from."""

from __future__ import annotations

import pytest

from saliscribe.core.language.render import render
from saliscribe.core.records.report import STYLES
from saliscribe.faithfulness.template_draft import template_draft
from saliscribe.findings.random_findings import random_findings


@pytest.mark.parametrize("style", STYLES)
def test_the_pieces_of_a_template_report_make_the_report(style):
    for seed in range(60):
        findings = random_findings(seed)
        wanted = [s.text for s in render(findings, style).sentences()]
        assert [line.text for line in template_draft(findings, style).lines] == wanted
