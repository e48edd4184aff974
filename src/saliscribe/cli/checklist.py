"""``saliscribe checklist``: reporting checklists, filled from a study."""

from __future__ import annotations

import json as json_format
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from saliscribe.cli.options import JsonFlag
from saliscribe.cli.save_text import save_text


def checklist(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="The folder that 'saliscribe study -o' wrote.")
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write Markdown here instead of printing it.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="claim_2024, tripod_ai, mi_clear_llm or model_card (repeat).")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """CLAIM 2024, TRIPOD+AI, MI-CLEAR-LLM, model card: evidence from the run, not applicable, or needs a person."""
    from saliscribe.study.checklist import LISTS, checklist_page
    from saliscribe.study.checklist import checklist as fill

    filled = fill(study, tuple(only or LISTS))
    text = checklist_page(filled)
    if json:
        text = json_format.dumps([asdict(one) for one in filled], indent=2, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        save_text(out, text)
