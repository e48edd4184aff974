"""``saliscribe report``: findings -> report, without pixels."""

from __future__ import annotations

import json as json_format
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag, ModeOption, Offline, WriterOption, model_parameters
from saliscribe.cli.save_text import save_text
from saliscribe.errors import AuditError, UsageError

if TYPE_CHECKING:
    from saliscribe.pipeline.report import Written


class StyleName(StrEnum):
    """How the report reads."""

    structured = "structured"
    narrative = "narrative"
    brief = "brief"
    plain = "plain"


class PromptName(StrEnum):
    """How a language model is asked."""

    auto = "auto"
    full = "full"
    short = "short"


def report(
    findings: Annotated[
        Path | None,
        typer.Argument(
            metavar="FINDINGS.json", help="A findings file, or a result folder.", show_default=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="Write the report here: .md, .json, or a folder with everything."),
    ] = None,
    writer: WriterOption = None,
    mode: ModeOption = None,
    style: Annotated[StyleName, typer.Option(help="How the report reads.")] = StyleName.structured,
    temperature: Annotated[float | None, typer.Option(help="Of a language model [default: 0.2].")] = None,
    top_p: Annotated[float | None, typer.Option(help="Of a language model [default: 1].")] = None,
    seed: Annotated[int | None, typer.Option(help="Of a language model [default: 7].")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="Longest answer [default: 1200].")] = None,
    deadline_s: Annotated[
        float | None, typer.Option(help="Seconds until the template writes instead [default: 60].")
    ] = None,
    prompt: Annotated[
        PromptName | None,
        typer.Option(help="short: for small models [default: auto, what suits the writer]."),
    ] = None,
    show_payload: Annotated[
        bool, typer.Option("--show-payload", help="Print exactly what would be sent; send nothing.")
    ] = False,
    replay: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help="The report of a result folder again, from its kept replies."),
    ] = None,
    offline: Offline = False,
    json: JsonFlag = False,
) -> None:
    """Findings -> report, with any writer and mode: no pixels, no torch."""
    if replay is not None and findings is None:
        from saliscribe.pipeline.report_replay import replay as replay_run

        _show(replay_run(replay), out, json, str(replay))
        return
    if findings is None or replay is not None:
        raise UsageError("one source is needed", expected="FINDINGS.json or --replay RUN")
    who, how = writer or "template", mode or "template"
    parameters = model_parameters(
        temperature=temperature,
        top_p=top_p,
        seed=seed,
        max_tokens=max_tokens,
        deadline_s=deadline_s,
        prompt=None if prompt is None else prompt.value,
    )
    if show_payload:
        from saliscribe.pipeline.report import shown_payload

        payload = shown_payload(findings, writer=who, mode=how, style=style.value, parameters=parameters)
        sys.stdout.buffer.write(payload)
        sys.stdout.buffer.flush()
        return
    written = saliscribe.report(
        findings, writer=who, mode=how, style=style.value, parameters=parameters, offline=offline
    )
    _show(written, out, json, str(findings))


def _show(written: Written, out: Path | None, json: bool, source: str) -> None:
    story = written.writing
    if story is not None and story.reason:
        typer.echo(
            f"note: {story.author.writer}: {story.reason} ({story.result.replace('_', ' ')})", err=True
        )
    as_json = json_format.dumps(written.as_json(), ensure_ascii=False) + "\n"
    if out is not None:
        _save(written, out, as_json)
    if json or out is None:
        typer.echo(as_json if json else written.markdown, nl=False)
    if not written.audit.passed:
        raise AuditError("the report did not pass the audit", where=source, do="see --json for each sentence")


def _save(written: Written, out: Path, as_json: str) -> None:
    suffix = out.suffix.lower()
    if suffix in (".md", ".txt", ".json"):
        save_text(out, as_json if suffix == ".json" else written.markdown)
        return
    from saliscribe.pipeline.report_run import write_report_run

    write_report_run(written, out)
