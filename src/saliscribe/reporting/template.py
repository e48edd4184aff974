"""The built-in writer."""

from __future__ import annotations

from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, Style
from saliscribe.errors import UsageError


def write(findings: Findings, style: Style, argument: str) -> Report:
    """The grammar's report; it takes no argument."""
    if argument:
        raise UsageError(
            "the template writer takes no argument", got=repr(argument), do="use --writer template"
        )
    return render(findings, style)
