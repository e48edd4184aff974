"""How well labels are told; labels are whole numbers from 0, probabilities (n, classes)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def confusion(truth: NDArray[np.integer], predicted: NDArray[np.integer], classes: int) -> NDArray[np.int64]:
    """(classes, classes) counts, rows true and columns predicted."""
    return np.bincount(np.asarray(truth) * classes + np.asarray(predicted), minlength=classes**2).reshape(
        classes, classes
    )


def accuracy(matrix: NDArray) -> NDArray[np.float64]:
    """Share on the diagonal of (..., classes, classes) confusion matrices."""
    return np.trace(matrix, axis1=-2, axis2=-1) / np.maximum(matrix.sum(axis=(-2, -1)), 1e-12)


def recalls(matrix: NDArray) -> NDArray[np.float64]:
    """Share of each true class that was told right, (..., classes); NaN for a class that does not occur."""
    return _ratio(np.diagonal(matrix, axis1=-2, axis2=-1), matrix.sum(axis=-1))


def precisions(matrix: NDArray) -> NDArray[np.float64]:
    """Share of each told class that was right, (..., classes); NaN for a class that was never told."""
    return _ratio(np.diagonal(matrix, axis1=-2, axis2=-1), matrix.sum(axis=-2))


def f1_scores(matrix: NDArray) -> NDArray[np.float64]:
    """2 TP / (2 TP + FP + FN) per class, (..., classes); NaN for a class that neither occurs nor was told."""
    return _ratio(2.0 * np.diagonal(matrix, axis1=-2, axis2=-1), matrix.sum(axis=-1) + matrix.sum(axis=-2))


def macro_f1(matrix: NDArray) -> NDArray[np.float64]:
    """Mean of the classes' F1 scores; classes that neither occur nor were told do not count."""
    return np.nanmean(f1_scores(matrix), axis=-1)


def auroc(scores: NDArray[np.floating], positive: NDArray[np.bool_]) -> float | None:
    """Probability that a positive scores above a negative, ties half (Mann-Whitney); ``None`` with one class only."""
    positive = np.asarray(positive, dtype=bool)
    n_positive, n_negative = int(positive.sum()), int((~positive).sum())
    if n_positive == 0 or n_negative == 0:
        return None
    ranks = stats.rankdata(scores)
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def macro_auroc(probabilities: NDArray[np.floating], truth: NDArray[np.integer]) -> float | None:
    """Mean of the one-against-rest AUROC of each class; ``None`` where a class does not occur."""
    parts = [auroc(probabilities[:, index], truth == index) for index in range(probabilities.shape[1])]
    known = [part for part in parts if part is not None]
    return float(np.mean(known)) if len(known) == len(parts) else None


def _ratio(above: NDArray, below: NDArray) -> NDArray[np.float64]:
    below = np.asarray(below, dtype=np.float64)
    return np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
