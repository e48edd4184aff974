"""How well networks tell the classes: figures by patient, calibration before and after, and comparisons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from saliscribe.core.names import CLASSES
from saliscribe.metrics.calibration import reliability_table
from saliscribe.metrics.card_figures import card_figures, told_label
from saliscribe.metrics.classification import confusion
from saliscribe.metrics.compare_family import compare_family
from saliscribe.metrics.recalibrate import at_temperature, calibrate_across_folds
from saliscribe.study.settings import StudyPlan

_FIGURES = (
    "accuracy",
    "macro_f1",
    *(f"recall_{name}" for name in CLASSES),
    "macro_auroc",
    "ece",
    "brier",
    "dice",
)


def classification_statistics(predictions: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    """Per network its figures, confusion matrix and reliability table; networks compared on the slices all have."""
    if predictions.empty:
        return {"networks": {}, "family": None}
    rows = {name: calibrated_rows(part) for name, part in predictions.groupby("network", sort=False)}
    return {
        "networks": {name: _one(its, plan) for name, its in rows.items()},
        "family": _family(rows, plan),
    }


def calibrated_rows(part: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with an unknown value left as an empty field, calibrated by the other folds."""
    plain = part.astype(object).where(part.notna(), "")
    return calibrate_across_folds(
        [{**row, "patient": str(row["patient"])} for row in plain.to_dict("records")]
    )


def _one(rows: list[dict[str, Any]], plan: StudyPlan) -> dict[str, Any]:
    settings = {"resamples": plan.resamples, "seed": plan.seed}
    figures = card_figures(rows, **settings)
    before = card_figures(at_temperature(rows, 1.0), **settings)
    truth, chances = truth_and_chances(rows)
    return {
        "n": len(rows),
        "n_patients": len({row["patient"] for row in rows}),
        "figures": {name: figures[name].as_dict() for name in _FIGURES if name in figures},
        "ece_before": before["ece"].as_dict(),
        "brier_before": before["brier"].as_dict(),
        "confusion": confusion(truth, chances.argmax(axis=1), len(CLASSES)).tolist(),
        "reliability": reliability_table(chances, truth),
    }


def truth_and_chances(rows: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """True class indices (n,) and probabilities (n, classes) of rows."""
    truth = np.array([CLASSES.index(row["label"]) for row in rows])
    return truth, np.array([[float(row[f"p_{name}"]) for name in CLASSES] for row in rows])


def _family(rows: Mapping[str, list[dict[str, Any]]], plan: StudyPlan) -> dict[str, Any] | None:
    """Accuracy of every pair of networks on the slices that all of them scored."""
    if len(rows) < 2:
        return None
    right = {
        name: {row["file"]: float(told_label(row) == row["label"]) for row in its}
        for name, its in rows.items()
    }
    first = next(iter(rows.values()))
    common = [row for row in first if all(row["file"] in its for its in right.values())]
    if not common:
        return None
    return compare_family(
        "networks: accuracy",
        {name: [its[row["file"]] for row in common] for name, its in right.items()},
        [row["patient"] for row in common],
        labels=True,
        alpha=plan.alpha,
        resamples=plan.resamples,
        seed=plan.seed,
    ).as_dict()
