"""An evaluation for people (tables on a console) and for programs (JSON and CSV)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from saliscribe.batch.evaluate import Evaluation
from saliscribe.metrics.bootstrap import Figure

_EXPOSURE = {
    "unseen": "patients not seen in training",
    "seen": "PATIENTS SEEN IN TRAINING: these figures say nothing about new patients",
    "not_known": "whether training has seen these patients is not known",
    "mixed": "SOME PATIENTS SEEN IN TRAINING: these figures are too good",
}


def print_evaluation(evaluation: Evaluation, console: Console | None = None) -> None:
    """Headline figures, then groups; every number with its interval and n."""
    console = console or Console()
    n_patients = len({row["patient"] for row in evaluation.rows})
    whose = (
        f"{n_patients} patients"
        if evaluation.patients_known
        else "patients unknown: intervals are by slice and too narrow"
    )
    console.print(
        f"{evaluation.model} on {evaluation.data}: {len(evaluation.rows)} slices, {whose}", highlight=False
    )
    console.print(
        _EXPOSURE[evaluation.exposure], style=None if evaluation.exposure == "unseen" else "bold red"
    )
    if evaluation.left_out:
        console.print(
            f"{evaluation.left_out} slices left out: training has seen them, or no network here may score them"
        )
    console.print(_headline(evaluation))
    for group, parts in evaluation.groups.items():
        console.print(_group_table(group, parts))
    if evaluation.images_per_second is not None:
        console.print(f"{evaluation.images_per_second:.1f} images a second", highlight=False)


def save_evaluation(evaluation: Evaluation, folder: Path) -> tuple[Path, Path]:
    """Write ``evaluation.json`` (figures) and ``slices.csv`` (rows); returns both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    figures, rows = folder / "evaluation.json", folder / "slices.csv"
    figures.write_text(json.dumps(evaluation.as_dict(), indent=2, allow_nan=False) + "\n", encoding="utf-8")
    columns = list(dict.fromkeys(name for row in evaluation.rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in evaluation.rows:
        writer.writerow(
            {name: f"{value:.6g}" if isinstance(value, float) else value for name, value in row.items()}
        )
    rows.write_text(text.getvalue(), encoding="utf-8")
    return figures, rows


def _headline(evaluation: Evaluation) -> Table:
    table = Table(
        "figure",
        "value",
        "95 % interval by patient",
        "slices",
        "patients",
        title=f"Probabilities: {evaluation.calibration}",
    )
    for name, figure in evaluation.figures.items():
        table.add_row(name, *_cells(figure))
    for name, figure in evaluation.uncalibrated.items():
        table.add_row(f"{name} at temperature 1", *_cells(figure))
    return table


def _cells(figure: Figure) -> tuple[str, str, str, str]:
    interval = (
        "not known" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
    )
    return f"{figure.value:.3f}", interval, str(figure.n), str(figure.n_patients)


def _group_table(group: str, parts: Mapping[str, Mapping[str, Figure]]) -> Table:
    names = [name for name in dict.fromkeys(name for its in parts.values() for name in its) if _is_main(name)]
    table = Table(group, "slices", *(name.replace("dice_", "dice ") for name in names))
    for key, its in parts.items():
        table.add_row(key, str(its["accuracy"].n), *(_short(its.get(name)) for name in names))
    return table


def _short(figure: Figure | None) -> str:
    if figure is None:
        return "not known"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.3f}"
    return f"{figure.value:.3f}\n{figure.low:.2f} to {figure.high:.2f}"


def _is_main(name: str) -> bool:
    return name == "accuracy" or (name.startswith("dice") and "@" not in name)
