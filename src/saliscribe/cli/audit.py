"""``saliscribe audit``: a text against findings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag
from saliscribe.cli.save_text import save_text


def audit(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="The text: .md, .txt or a report's .json.")
    ],
    findings: Annotated[
        Path, typer.Argument(metavar="FINDINGS.json", help="The findings it must agree with.")
    ],
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write one page with every sentence and its evidence.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Text against findings -> a verdict per sentence; exit code 5 when it does not pass."""
    from saliscribe.audit.page import audit_page
    from saliscribe.audit.terminal import terminal_lines
    from saliscribe.pipeline.read_findings import read_findings

    facts = read_findings(findings)
    result = saliscribe.audit(report, facts)
    if html is not None:
        save_text(html, audit_page(result, facts))
    if json:
        typer.echo(result.model_dump_json())
    else:
        for line in terminal_lines(result, facts, _colour()):
            typer.echo(line, color=True)
    if not result.passed:
        raise typer.Exit(5)


def _colour() -> bool:
    """Colour only for a person at a terminal who has not asked for none (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
