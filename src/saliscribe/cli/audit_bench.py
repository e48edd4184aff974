"""``saliscribe audit-bench``: how well the audit tells true reports from false ones."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from saliscribe.cli.options import JsonFlag
from saliscribe.cli.save_text import make_folder, save_text
from saliscribe.errors import UsageError


def audit_bench(
    n: Annotated[
        int, typer.Option("--n", min=1, help="Mutants of every type, and clean reports, per base.")
    ] = 100,
    seed: Annotated[int, typer.Option(help="Where the random findings begin.")] = 0,
    base: Annotated[
        list[str] | None, typer.Option(help="template, open or sealed (repeat the option); default all.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Folder for the tables as CSV.")] = None,
    shoot_out: Annotated[
        int,
        typer.Option(
            min=0, help="Mutants of every type on which text metrics are tried beside the audit; 0: none."
        ),
    ] = 20,
    json: JsonFlag = False,
) -> None:
    """Reports made false in 51 ways, and true ones: what the audit finds, and where it alarms wrongly."""
    from saliscribe.faithfulness import bench_tables
    from saliscribe.faithfulness.bench_summary import as_dict, shootout_as_dict
    from saliscribe.faithfulness.run_bench import BASES, run_bench
    from saliscribe.faithfulness.shootout import shootout

    bases = tuple(base or BASES)
    if set(bases) - set(BASES):
        raise UsageError("unknown base", expected=", ".join(BASES), got=", ".join(bases))
    if out is not None:
        make_folder(out)
    results = run_bench(n, seed, bases, progress=lambda line: typer.echo(line, err=True))
    rankings = {name: shootout(name, shoot_out, seed) for name in bases} if shoot_out else {}
    if out is not None:
        save_text(out / "detected.csv", bench_tables.detected_csv(results))
        save_text(out / "alarms.csv", bench_tables.alarms_csv(results))
        save_text(out / "alarm_sentences.csv", bench_tables.alarm_sentences_csv(results))
        save_text(out / "mutants.csv", bench_tables.mutants_csv(results))
        save_text(out / "shootout.csv", bench_tables.shootout_csv(rankings))
    if json:
        figures = as_dict(results) | {"shootout": shootout_as_dict(rankings)}
        typer.echo(json_format.dumps(figures, indent=2, allow_nan=False))
        return
    bench_tables.print_bench(results)
    for name, table in rankings.items():
        bench_tables.print_shootout(name, table)
