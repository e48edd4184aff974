"""The verb ``audit``: a text against findings."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from saliscribe.audit.verify import verify
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report
from saliscribe.errors import InputError
from saliscribe.pipeline.read_findings import read_findings

_MAX_BYTES = 1_000_000


def audit(report: str | Path | Report, findings: str | Path | Findings) -> Audit:
    """Judge a report against findings, sentence by sentence.

    Args:
        report: a ``Report``, or the file of a text (Markdown or plain) or of a report as JSON.
        findings: the record, a ``findings.json``, or a result folder.

    Raises:
        InputError: a file cannot be read as what it claims to be.
    """
    facts = findings if isinstance(findings, Findings) else read_findings(Path(findings))
    return verify(report if isinstance(report, Report) else _read_text(Path(report)), facts)


def _read_text(path: Path) -> str | Report:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("cannot read the report", where=str(path), got=error.strerror or "") from None
    if len(data) > _MAX_BYTES:
        raise InputError(
            "the report is too long",
            where=str(path),
            expected=f"at most {_MAX_BYTES} bytes",
            got=str(len(data)),
        )
    if data.lstrip()[:9].lower() == b"<!doctype":
        raise InputError("a page, not a text", where=str(path), do="give the report.md beside it")
    try:
        if path.suffix.lower() == ".json":
            return Report.model_validate_json(data)
        return data.decode("utf-8")
    except (ValidationError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0]
        raise InputError(
            "not a report", where=str(path), expected="UTF-8 text, or a report as JSON", got=first
        ) from None
