"""A writer that says what it is told: for tests, for teaching, and for texts written elsewhere."""

from __future__ import annotations

from pathlib import Path

from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, Style
from saliscribe.errors import InputError, UsageError
from saliscribe.reporting.from_text import from_text

MAX_BYTES = 1_000_000


def write(findings: Findings, style: Style, argument: str) -> Report:
    """The text of the file ``argument`` as an unchecked report.

    Raises:
        UsageError: no file was named. InputError: it cannot be read as UTF-8 text of at most 1 MB.
    """
    if not argument:
        raise UsageError("the scripted writer needs a file", expected="scripted:FILE", got="scripted")
    try:
        raw = Path(argument).read_bytes()
        if len(raw) > MAX_BYTES:
            raise InputError(
                "text is too long", expected=f"at most {MAX_BYTES} bytes", got=str(len(raw)), where=argument
            )
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "could not read the text", got=str(error), where=argument, do="give a UTF-8 file"
        ) from None
    return from_text(text, style, writer="scripted")
