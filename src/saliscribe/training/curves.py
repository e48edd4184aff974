"""Learning curves as one picture, from the CSV log of a run."""

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


def draw_curves(log: Path, picture: Path) -> Path:
    """Draw the panels of ``PANELS`` from the CSV ``log`` into the PNG ``picture``; what was not logged is left out."""
    table = pd.read_csv(log).groupby("epoch").max()
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
