"""``saliscribe study``: networks, saliency methods, threshold rules and writers compared, from one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from saliscribe.cli.options import ClusterOption
from saliscribe.errors import UsageError


def study(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG.toml", help="The plan of the study.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for the tables and the page.")
    ] = None,
    cells: Annotated[
        Path | None, typer.Option(help="Where finished cells are kept [default: OUT/cells].")
    ] = None,
    network: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=FOLDER", help="Weights of a network of the plan (repeat the option)."),
    ] = None,
    map_patients: Annotated[
        int | None, typer.Option(min=2, help="Make maps for so many patients only: a quick look.")
    ] = None,
    cluster: ClusterOption = None,
    from_tables: Annotated[
        Path | None, typer.Option(help="Statistics and page again from this study's tables; nothing is run.")
    ] = None,
) -> None:
    """Run a whole comparison from one TOML file; run again, it finishes what is missing and computes nothing twice."""
    if from_tables is not None:
        if config is not None or out is not None:
            raise UsageError("--from-tables takes no plan and no --out", got=str(config or out))
        from saliscribe.study.from_tables import from_tables as redo

        typer.echo(str(redo(from_tables).page))
        return
    if config is None or out is None:
        raise UsageError("nothing to study", expected="CONFIG.toml and -o OUT, or --from-tables OUT")
    from saliscribe.study.run_study import study as run

    done = run(
        config,
        out,
        cells=cells,
        networks=_pairs(network or ()),
        map_patients=map_patients,
        cluster=cluster,
        say=lambda line: typer.echo(line, err=True),
    )
    typer.echo(f"{done.computed} cells computed, {done.kept} kept", err=True)
    typer.echo(str(done.page))


def _pairs(texts: tuple[str, ...] | list[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, equals, folder = text.partition("=")
        if not equals or not name or not folder:
            raise UsageError("--network", expected="NAME=FOLDER", got=repr(text))
        found[name] = folder
    return found
