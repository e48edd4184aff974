"""``saliscribe info``: what this installation can do."""

from __future__ import annotations

import json as json_format

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag


def info(json: JsonFlag = False) -> None:
    """What this installation can do: versions, networks, saliency methods, atlases, readers, writers, machine."""
    facts = saliscribe.info()
    if json:
        typer.echo(json_format.dumps(facts, indent=2, ensure_ascii=False))
        return
    for title, content in facts.items():
        typer.echo(title)
        for line in _lines(content):
            typer.echo(f"  {line}")


def _lines(content: object) -> list[str]:
    if isinstance(content, dict):
        return [f"{name}: {_inline(value)}" for name, value in content.items()]
    if isinstance(content, list):
        return [_inline(value) for value in content]
    return [str(content)]


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(
            f"{name} {_inline(one)}" for name, one in value.items() if one not in (None, "", [], {})
        )
    if isinstance(value, list):
        return ", ".join(_inline(one) for one in value)
    return "not present" if value is None else str(value)
