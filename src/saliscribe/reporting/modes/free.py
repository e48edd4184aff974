"""Mode ``free``: prose, of which every sentence is audited."""

from __future__ import annotations

from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Style
from saliscribe.reporting.fact_lines import fact_lines
from saliscribe.reporting.from_text import from_text
from saliscribe.reporting.modes.mode import Draft, completed
from saliscribe.reporting.payload import payload


def ask(findings: Findings, style: Style) -> str:
    """The facts as JSON."""
    return payload(findings).model_dump_json()


def ask_shortly(findings: Findings, style: Style) -> str:
    """The facts that matter most, as lines."""
    return fact_lines(payload(findings))


def read(text: str, findings: Findings, style: Style, writer: str) -> Draft:
    """The text, sentence by sentence, with the sections that code writes."""
    return Draft(completed(from_text(text, style, writer), findings))
