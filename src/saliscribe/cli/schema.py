"""``saliscribe schema``: the JSON Schema of the findings."""

from __future__ import annotations

import json as json_format
from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag


def schema(
    name: Annotated[str, typer.Argument(help="findings, report or audit.")] = "findings",
    json: JsonFlag = False,
) -> None:
    """The JSON Schema of a file that saliscribe writes (always JSON; --json is accepted for symmetry)."""
    typer.echo(json_format.dumps(saliscribe.schema(name), indent=2, ensure_ascii=False))
