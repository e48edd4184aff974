"""The verb ``report``: findings -> an audited report, without pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saliscribe.audit.gate import gate
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, Style
from saliscribe.pipeline.check_writer import check_writer
from saliscribe.pipeline.offline import forbid_network
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.reporting.markdown import to_markdown
from saliscribe.reporting.write_report import write_report


@dataclass(frozen=True)
class Written:
    """A report that may be shown, its audit, and the findings that both rest on."""

    findings: Findings
    report: Report
    audit: Audit

    @property
    def markdown(self) -> str:
        """The report as Markdown."""
        return to_markdown(self.report)

    def as_json(self) -> dict[str, Any]:
        """Report and audit as plain data."""
        return {"report": self.report.model_dump(mode="json"), "audit": self.audit.model_dump(mode="json")}


def report(
    findings: str | Path | Findings,
    *,
    writer: str = "template",
    mode: str = "template",
    style: Style = "structured",
    offline: bool = False,
) -> Written:
    """Write a report from findings (a ``findings.json`` or the record) and audit it; no pixels, no torch.

    Raises:
        InputError: not a findings file. UsageError: an unknown writer, mode or style. MissingError: a writer that
            is not installed.
    """
    check_writer(writer, mode)
    if offline:
        forbid_network()
    facts = findings if isinstance(findings, Findings) else read_findings(Path(findings))
    shown, audit = gate(write_report(facts, writer=writer, style=style, mode=mode), facts)
    return Written(facts, shown, audit)
