"""The built-in writer."""

from __future__ import annotations

from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, Style


def write(findings: Findings, style: Style) -> Report:
    """The grammar's report."""
    return render(findings, style)
