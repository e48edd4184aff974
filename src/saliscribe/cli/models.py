"""``saliscribe models``: which networks there are."""

from __future__ import annotations

import json as json_format

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag


def models(json: JsonFlag = False) -> None:
    """The installed networks, the backbones that can be trained, and what is known about each."""
    listing = saliscribe.models()
    if json:
        typer.echo(json_format.dumps(listing, indent=2, ensure_ascii=False))
        return
    typer.echo("Installed networks")
    for one in listing["installed"]:
        typer.echo(f"  {one['name']:<22} {one['summary']}")
    if not listing["installed"]:
        typer.echo("  none (train one with 'saliscribe train')")
    typer.echo("Backbones for 'saliscribe train'")
    for one in listing["backbones"]:
        typer.echo(f"  {one['name']:<22} {one['summary']}")
