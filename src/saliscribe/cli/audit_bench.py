"""``saliscribe audit-bench``: how well the audit tells true reports from false ones."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from saliscribe.cli.options import JsonFlag
from saliscribe.cli.save_text import save_text
from saliscribe.errors import UsageError


def audit_bench(
    n: Annotated[
        int, typer.Option("--n", min=1, help="Mutants of every type, and clean reports, per base.")
    ] = 100,
    seed: Annotated[int, typer.Option(help="Where the random findings begin.")] = 0,
    base: Annotated[
        list[str] | None, typer.Option(help="template, open or sealed (repeat the option); default all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Folder for detected.csv, alarms.csv and mutants.csv.")
    ] = None,
    json: JsonFlag = False,
) -> None:
    """Reports made false in 51 ways, and true ones: what the audit finds, and where it alarms wrongly."""
    from saliscribe.faithfulness import bench_tables
    from saliscribe.faithfulness.bench_summary import as_dict
    from saliscribe.faithfulness.run_bench import BASES, run_bench

    bases = tuple(base or BASES)
    if set(bases) - set(BASES):
        raise UsageError("unknown base", expected=", ".join(BASES), got=", ".join(bases))
    results = run_bench(n, seed, bases, progress=lambda line: typer.echo(line, err=True))
    if out is not None:
        save_text(out / "detected.csv", bench_tables.detected_csv(results))
        save_text(out / "alarms.csv", bench_tables.alarms_csv(results))
        save_text(out / "mutants.csv", bench_tables.mutants_csv(results))
    if json:
        typer.echo(json_format.dumps(as_dict(results), indent=2, allow_nan=False))
    else:
        bench_tables.print_bench(results)
