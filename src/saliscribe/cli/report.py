"""``saliscribe report``: findings -> report, without pixels."""

from __future__ import annotations

import json as json_format
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag, ModeOption, Offline, WriterOption
from saliscribe.cli.save_text import save_text
from saliscribe.errors import AuditError


class StyleName(StrEnum):
    """How the report reads."""

    structured = "structured"
    narrative = "narrative"
    brief = "brief"
    plain = "plain"


def report(
    findings: Annotated[Path, typer.Argument(metavar="FINDINGS.json", help="A findings file.")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the report here (.md or .json).")
    ] = None,
    writer: WriterOption = None,
    mode: ModeOption = None,
    style: Annotated[StyleName, typer.Option(help="How the report reads.")] = StyleName.structured,
    offline: Offline = False,
    json: JsonFlag = False,
) -> None:
    """Findings -> report, with any writer and mode: no pixels, no torch."""
    written = saliscribe.report(
        findings, writer=writer or "template", mode=mode or "template", style=style.value, offline=offline
    )
    as_json = json or (out is not None and out.suffix.lower() == ".json")
    text = json_format.dumps(written.as_json(), ensure_ascii=False) + "\n" if as_json else written.markdown
    if out is None:
        typer.echo(text, nl=False)
    else:
        save_text(out, text)
    if not written.audit.passed:
        raise AuditError(
            "the report did not pass the audit", where=str(findings), do="see --json for each sentence"
        )
