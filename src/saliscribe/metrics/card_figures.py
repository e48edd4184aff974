"""From a table of out-of-fold predictions to the figures of a model card, each with n and its interval by patient."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import CLASSES, PLANES
from saliscribe.errors import InputError
from saliscribe.metrics import classification
from saliscribe.metrics.bootstrap import (
    RESAMPLES,
    SEED,
    Figure,
    bootstrap_mean,
    bootstrap_sums,
    bootstrap_weighted,
)
from saliscribe.metrics.calibration import BINS, brier, equal_mass_bins, top_confidence
from saliscribe.metrics.weighted_auroc import weighted_macro_auroc

NEEDED = ("patient", "label", *(f"p_{name}" for name in CLASSES))
Rows = Sequence[Mapping[str, Any]]


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV with at least ``NEEDED`` columns. Raises InputError."""
    try:
        with Path(path).open(newline="", encoding="utf-8") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("table of predictions cannot be read", got=str(error), where=str(path)) from error
    if missing or not rows:
        raise InputError(
            "not a table of predictions",
            expected=", ".join(NEEDED),
            got="no rows" if not missing else f"no column {', '.join(missing)}",
            where=str(path),
        )
    return rows


def card_figures(rows: Rows, *, resamples: int = RESAMPLES, seed: int = SEED) -> dict[str, Figure]:
    """Accuracy, macro F1, recall and AUROC per class and mean, ECE, Brier, and the mean of every overlap column.

    ``rows`` have ``patient``, ``label`` and ``p_<class>``; ``dice``, ``iou``, and any
    ``dice_<method>``/``iou_<method>``/
    ``hd95...`` columns are averaged over the rows that have a value. The value is over all slices;
    intervals draw patients.
    """
    if not rows:
        raise ValueError("card_figures: expected at least one row, got none")
    patients = [str(row["patient"]) for row in rows]
    truth = np.array([CLASSES.index(row["label"]) for row in rows])
    probabilities = np.array([[float(row[f"p_{name}"]) for name in CLASSES] for row in rows])
    settings = {"resamples": resamples, "seed": seed}
    return {
        **_label_figures(probabilities, truth, patients, settings),
        "macro_auroc": bootstrap_weighted(weighted_macro_auroc(probabilities, truth), patients, **settings),
        **_calibration_figures(probabilities, truth, patients, settings),
        **overlap_figures(rows, **settings),
    }


def overlap_figures(rows: Rows, *, resamples: int = RESAMPLES, seed: int = SEED) -> dict[str, Figure]:
    """The mean of each column that holds an overlap or distance, over the rows with a value."""
    names = [name for name in rows[0] if name.startswith(("dice", "iou", "hd95", "pointing", "energy"))]
    figures = {}
    for name in names:
        kept = [(float(row[name]), str(row["patient"])) for row in rows if row.get(name) not in (None, "")]
        if kept:
            values, patients = zip(*kept, strict=True)
            figures[name] = bootstrap_mean(values, patients, resamples=resamples, seed=seed)
    return figures


def figures_by_group(
    rows: Rows, *, resamples: int = RESAMPLES, seed: int = SEED
) -> dict[str, dict[str, dict[str, Figure]]]:
    """Accuracy and overlap figures by class, plane, fold and tercile of the true tumour's area, where known."""
    sizes = [_number(row.get("true_area_px")) for row in rows]
    known = [size for size in sizes if size is not None]
    cuts = np.quantile(known, (1 / 3, 2 / 3)) if known else np.array([0.0, 0.0])
    tercile = ("small", "medium", "large")
    groups: dict[str, list[str | None]] = {
        "class": [row["label"] for row in rows],
        "plane": [row.get("plane") if row.get("plane") in PLANES else None for row in rows],
        "fold": [str(row["fold"]) if row.get("fold") not in (None, "") else None for row in rows],
        "size": [None if size is None else tercile[int(np.searchsorted(cuts, size))] for size in sizes],
    }
    found: dict[str, dict[str, dict[str, Figure]]] = {}
    for group, keys in groups.items():
        for key in dict.fromkeys(key for key in keys if key is not None):
            part = [row for row, its in zip(rows, keys, strict=True) if its == key]
            found.setdefault(group, {})[key] = {
                "accuracy": bootstrap_mean(
                    [float(told_label(row) == row["label"]) for row in part],
                    [str(row["patient"]) for row in part],
                    resamples=resamples,
                    seed=seed,
                ),
                **overlap_figures(part, resamples=resamples, seed=seed),
            }
    return found


def told_label(row: Mapping[str, Any]) -> str:
    """The class with the largest probability of a row."""
    return max(CLASSES, key=lambda name: float(row[f"p_{name}"]))


def _label_figures(
    probabilities: NDArray, truth: NDArray, patients: list[str], settings: Mapping[str, int]
) -> dict[str, Figure]:
    count = len(CLASSES)
    one_hot = np.zeros((len(truth), count, count))
    one_hot[np.arange(len(truth)), truth, probabilities.argmax(axis=1)] = 1.0
    resamples, seed = settings["resamples"], settings["seed"]
    figures = {
        "accuracy": bootstrap_sums(
            one_hot, patients, classification.accuracy, resamples=resamples, seed=seed
        ),
        "macro_f1": bootstrap_sums(
            one_hot, patients, classification.macro_f1, resamples=resamples, seed=seed
        ),
    }
    for index, name in enumerate(CLASSES):
        if (truth == index).any():
            figures[f"recall_{name}"] = bootstrap_mean(
                one_hot[truth == index, index, index],
                [patient for patient, its in zip(patients, truth, strict=True) if its == index],
                resamples=resamples,
                seed=seed,
            )
    return figures


def _calibration_figures(
    probabilities: NDArray, truth: NDArray, patients: list[str], settings: Mapping[str, int]
) -> dict[str, Figure]:
    """ECE keeps the full sample's bins in every resample; its interval leans upwards, as the ECE itself does."""
    confidence, right = top_confidence(probabilities, truth)
    parts = np.zeros((len(truth), BINS + 1))
    parts[np.arange(len(truth)), equal_mass_bins(confidence)] = right - confidence
    parts[:, BINS] = 1.0
    resamples, seed = settings["resamples"], settings["seed"]
    return {
        "ece": bootstrap_sums(
            parts,
            patients,
            lambda sums: np.abs(sums[:, :BINS]).sum(axis=1) / sums[:, BINS],
            resamples=resamples,
            seed=seed,
        ),
        "brier": bootstrap_mean(brier(probabilities, truth), patients, resamples=resamples, seed=seed),
    }


def _number(value: Any) -> float | None:
    return None if value in (None, "") else float(value)
