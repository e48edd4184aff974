"""Learning curves as one picture, from the CSV logs of a run."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

#: One panel each: title, columns of the log, label of the vertical axis.
PANELS = (
    ("Combined loss", ("train_loss", "val_loss"), "loss"),
    ("Training loss terms", ("train_classification", "train_overlap", "train_pixel"), "loss"),
    ("Validation patients", ("val_accuracy", "val_dice"), "mean over slices"),
)


def read_log(folder: Path) -> pd.DataFrame:
    """All epochs of a run, one row each; where a killed epoch was trained again, the later start counts."""
    logs = sorted(
        folder.glob("log_*/metrics.csv"), key=lambda path: int(path.parent.name.removeprefix("log_"))
    )
    starts = [pd.read_csv(path).groupby("epoch").max() for path in logs]
    table = pd.concat(starts)
    return table[~table.index.duplicated(keep="last")].sort_index()


def draw_curves(folder: Path, picture: Path) -> Path:
    """Draw the panels of ``PANELS`` for the run in ``folder`` into a PNG; what was not logged is left out."""
    table = read_log(folder)
    figure = Figure(figsize=(13, 3.8), layout="constrained")
    for axes, (title, columns, label) in zip(figure.subplots(1, len(PANELS)), PANELS, strict=True):
        known = [column for column in columns if column in table and table[column].notna().any()]
        for column in known:
            axes.plot(table.index + 1, table[column], marker=".", label=column.replace("_", " "))
        axes.set(title=title, xlabel="epoch", ylabel=label)
        axes.grid(alpha=0.3)
        if known:
            axes.legend()
        else:
            axes.text(0.5, 0.5, "no validation patients in this run", ha="center", transform=axes.transAxes)
    figure.savefig(picture, dpi=110)
    return picture
