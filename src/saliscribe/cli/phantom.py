"""``saliscribe phantom``: synthetic slices with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import saliscribe


def phantom(
    out: Annotated[
        Path, typer.Option("-o", "--out", help="Folder for the slices, their masks and their truth.")
    ],
    count: Annotated[int, typer.Option("-n", "--count", min=1, help="How many.")] = 9,
    seed: Annotated[int, typer.Option(help="Seed of the first; the others count up.")] = 0,
) -> None:
    """Paint synthetic slices with tumours of known class, mask and place into a head template (not patients)."""
    for path in saliscribe.phantom(out, count, seed):
        typer.echo(str(path))
