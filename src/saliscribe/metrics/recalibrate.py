"""Probabilities of a table at other temperatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from saliscribe.core.names import CLASSES
from saliscribe.metrics.temperature import fit_temperature

Rows = Sequence[Mapping[str, Any]]


def at_temperature(rows: Rows, temperature: float) -> list[dict[str, Any]]:
    """The rows with ``p_<class>`` = softmax(logits / temperature)."""
    chances = special.softmax(_logits(rows) / temperature, axis=1)
    return [
        {**row, **{f"p_{name}": float(value) for name, value in zip(CLASSES, line, strict=True)}}
        for row, line in zip(rows, chances, strict=True)
    ]


def best_temperature(rows: Rows) -> float:
    """The temperature with the least negative log likelihood of the rows' labels (Guo 2017)."""
    truth = np.array([CLASSES.index(row["label"]) for row in rows])
    return fit_temperature(_logits(rows), truth)


def calibrate_across_folds(rows: Rows) -> list[dict[str, Any]]:
    """Each fold at the temperature that suits the rows of all other folds: no slice calibrates itself."""
    folds = sorted({row["fold"] for row in rows}, key=str)
    if len(folds) < 2:
        return [dict(row) for row in rows]
    fitted = {fold: best_temperature([row for row in rows if row["fold"] != fold]) for fold in folds}
    return [at_temperature([row], fitted[row["fold"]])[0] for row in rows]


def _logits(rows: Rows) -> NDArray[np.float64]:
    return np.array([[float(row[f"logit_{name}"]) for name in CLASSES] for row in rows], dtype=np.float64)
