"""``saliscribe bench``: speed and memory of the saliency methods beside the peers."""

from __future__ import annotations

import json as json_format
from dataclasses import asdict
from typing import Annotated

import typer

import saliscribe
from saliscribe.cli.options import JsonFlag


def bench(
    images: Annotated[
        list[str] | None,
        typer.Argument(metavar="[IMAGE...]", help="The first is explained [default: phantoms]."),
    ] = None,
    model: Annotated[str | None, typer.Option(help="A trained network, by name or folder.")] = None,
    backbone: Annotated[
        str, typer.Option(help="Without --model: this network, random weights.")
    ] = "resnet50",
    size: Annotated[int, typer.Option(min=32, help="Side of the network's window in pixels.")] = 224,
    threads: Annotated[int, typer.Option(min=1, help="Processor threads.")] = 1,
    batch_size: Annotated[int, typer.Option(min=1, help="Masked inputs in memory at a time.")] = 8,
    repeats: Annotated[int, typer.Option(min=0, help="Further calls that are timed after the first.")] = 0,
    contender: Annotated[list[str] | None, typer.Option(help="Only this one (repeat the option).")] = None,
    json: JsonFlag = False,
) -> None:
    """Time and peak memory of every saliency method beside the peers that are installed, in one run."""
    from saliscribe.batch.bench_table import bench_table

    result = saliscribe.bench(
        images or (),
        model=model,
        backbone=backbone,
        size=size,
        threads=threads,
        batch_size=batch_size,
        repeats=repeats,
        contenders=contender or (),
        say=lambda line: typer.echo(line, err=True),
    )
    typer.echo(json_format.dumps(asdict(result), indent=2) if json else bench_table(result))
