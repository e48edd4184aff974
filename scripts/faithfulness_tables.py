"""The tables of docs/faithfulness.md from what ``saliscribe audit-bench -o FOLDER`` wrote, as Markdown.

python scripts/faithfulness_tables.py FOLDER [FOLDER ...]

Each base may have been run into a folder of its own; bases that were not run have no column.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from saliscribe.faithfulness.wilson import Counted

BASES = ("template", "open", "sealed")


def main(folders: list[Path]) -> None:
    """Print the three tables: figures against the design, types not always found, and the text metrics if tried."""
    detected, alarms = _read(folders, "detected.csv"), _read(folders, "alarms.csv")
    if detected.empty:
        sys.exit(
            f"no detected.csv in {', '.join(map(str, folders))}; to do: saliscribe audit-bench -o FOLDER"
        )
    bases = [base for base in BASES if base in set(detected.base)]
    print(_head("figure", bases))
    for words, column in (
        ("blocked for the right reason, all types", "placed"),
        ("blocked for any reason", "blocked"),
    ):
        totals = detected.groupby("base")[[column, "n"]].sum()
        print(_row(words, (_share(int(totals.loc[b, column]), int(totals.loc[b, "n"])) for b in bases)))
    shares = detected.assign(share=detected.placed / detected.n)
    for words, kept in (
        ("types found in every case", shares.share == 1),
        ("types below 97 %", shares.share < 0.97),
    ):
        print(_row(words, (f"{int((kept & (shares.base == b)).sum())} of 51" for b in bases)))
    for kind in alarms.kind.unique():
        rows = alarms[alarms.kind == kind].set_index("base")
        cells = (_share(int(rows.loc[b, "alarms"]), int(rows.loc[b, "sentences"])) for b in bases)
        print(_row(f"false alarms per sentence: {kind}", cells))

    print("\n" + _head("type", bases))
    for name, rows in detected.groupby("type", sort=False):
        if (rows.placed < rows.n).any():
            found = rows.set_index("base")
            cells = (f"{found.loc[b, 'placed']}/{found.loc[b, 'n']}" for b in bases)
            print(_row(f"{name} {rows.what.iloc[0]}", cells))

    scores = _read(folders, "shootout.csv")
    if scores.empty:
        return
    print("\n" + _head("metric", bases))
    for name, rows in scores.groupby("metric", sort=False):
        one = rows.set_index("base")
        print(_row(str(name), (_rank(one, base) for base in bases)))


def _rank(metric: pd.DataFrame, base: str) -> str:
    """How often a metric ranks the true report above the false one; a base may have had no shoot-out."""
    if base not in metric.index:
        return "not measured"
    auroc, low, high = (metric.loc[base, column] for column in ("auroc", "low", "high"))
    return f"{auroc:.2f} ({low:.2f} to {high:.2f})"


def _read(folders: list[Path], name: str) -> pd.DataFrame:
    """One table of all folders; empty where none has it."""
    tables = [pd.read_csv(folder / name) for folder in folders if (folder / name).exists()]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()


def _head(first: str, bases: list[str]) -> str:
    return f"{_row(first, bases)}\n|{'---|' * (1 + len(bases))}"


def _row(first: str, cells: Iterable[str]) -> str:
    return f"| {first} | {' | '.join(cells)} |"


def _share(count: int, of: int) -> str:
    low, high = Counted(count, of).interval or (0.0, 1.0)
    return f"{count}/{of} ({100 * low:.1f} to {100 * high:.1f} %)"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main([Path(name) for name in sys.argv[1:]])
