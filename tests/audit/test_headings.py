"""Headings: the grammar's own need no lexicon, and mean what the lexicon makes of them."""

from __future__ import annotations

import pytest

from saliscribe.audit.headings import opens_list
from saliscribe.audit.read_lexicon import read_lexicon
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.language.styles import PLAIN_TITLES, TITLES
from saliscribe.findings.random_findings import random_findings


@pytest.mark.parametrize("title", [*TITLES.values(), *PLAIN_TITLES.values()])
def test_titles_of_the_grammar_mean_what_the_lexicon_reads(title: str) -> None:
    assert opens_list(title) == opens_list(f"{title} ")


def test_a_report_of_the_grammar_is_judged_without_the_lexicon() -> None:
    findings = random_findings(0)
    read_lexicon.cache_clear()
    assert verify(render(findings, "structured"), findings).outcome == "pass"
    assert read_lexicon.cache_info().misses == 0
