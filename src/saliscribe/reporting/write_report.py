"""Findings -> report, by the writer that the caller names."""

from __future__ import annotations

from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import STYLES, Report, Style
from saliscribe.errors import UsageError
from saliscribe.reporting.providers import PROVIDERS


def write_report(
    findings: Findings, writer: str = "template", style: Style = "structured", mode: str = "template"
) -> Report:
    """The report that ``writer`` (a name of ``PROVIDERS``, with an argument after ":") makes of ``findings``.

    Its words are a draft until ``audit.gate`` has judged them; only the template's are true by construction.

    Raises:
        UsageError: an unknown writer, style or mode, or a mode that the writer does not have.
    """
    if style not in STYLES:
        raise UsageError("unknown style", expected=", ".join(STYLES), got=repr(style))
    if mode not in ("template", "free"):
        raise UsageError("this mode needs a language model", expected="template, free", got=repr(mode))
    name, _, argument = writer.partition(":")
    report: Report = PROVIDERS.load(name)(findings, style, argument)
    return report
