"""``saliscribe audit``: a text against findings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag


def audit(
    report: Annotated[
        Path, typer.Argument(metavar="REPORT", help="The text: .md, .txt or a report's .json.")
    ],
    findings: Annotated[
        Path, typer.Argument(metavar="FINDINGS.json", help="The findings it must agree with.")
    ],
    json: JsonFlag = False,
) -> None:
    """Text against findings -> a verdict per sentence; exit code 5 when it does not pass."""
    result = saliscribe.audit(report, findings)
    if json:
        typer.echo(result.model_dump_json())
    else:
        for sentence in result.sentences:
            reason = f"  ({sentence.reason})" if sentence.reason else ""
            typer.echo(f"{sentence.verdict:<13} {sentence.text}{reason}")
        for omission in result.omissions:
            typer.echo(f"{'missing':<13} {omission.what}")
        typer.echo(f"audit: {result.outcome}")
    if not result.passed:
        raise typer.Exit(5)
