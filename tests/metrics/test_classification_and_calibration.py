"""Classification and calibration against scikit-learn and values by hand."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.metrics import classification
from saliscribe.metrics.calibration import brier, ece, equal_mass_bins, reliability_table
from saliscribe.metrics.recalibrate import at_temperature, best_temperature, calibrate_across_folds
from saliscribe.metrics.weighted_auroc import weighted_auroc

sklearn_metrics = pytest.importorskip("sklearn.metrics")


def _case(seed: int, n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, size=n, p=(0.5, 0.3, 0.2))
    return truth, rng.dirichlet(np.ones(3), size=n) * 0.6 + 0.4 * np.eye(3)[rng.choice(3, size=n)]


@pytest.mark.parametrize("seed", range(3))
def test_against_scikit_learn(seed: int) -> None:
    truth, probabilities = _case(seed)
    told = probabilities.argmax(axis=1)
    matrix = classification.confusion(truth, told, 3)
    assert (matrix == sklearn_metrics.confusion_matrix(truth, told)).all()
    assert classification.accuracy(matrix) == pytest.approx(sklearn_metrics.accuracy_score(truth, told))
    assert classification.macro_f1(matrix) == pytest.approx(
        sklearn_metrics.f1_score(truth, told, average="macro")
    )
    assert classification.recalls(matrix) == pytest.approx(
        sklearn_metrics.recall_score(truth, told, average=None)
    )
    assert classification.precisions(matrix) == pytest.approx(
        sklearn_metrics.precision_score(truth, told, average=None)
    )
    expected = sklearn_metrics.roc_auc_score(truth, probabilities, multi_class="ovr", average="macro")
    assert classification.macro_auroc(probabilities, truth) == pytest.approx(expected)
    assert brier(probabilities, truth)[:5] == pytest.approx(
        ((probabilities - np.eye(3)[truth]) ** 2).sum(1)[:5]
    )


def test_weighted_auroc_with_ties_agrees_with_scikit_learn() -> None:
    rng = np.random.default_rng(4)
    scores, positive = rng.integers(0, 6, 80) / 5, rng.random(80) < 0.4
    weights = rng.integers(0, 4, size=(6, 80)).astype(float)
    expected = [sklearn_metrics.roc_auc_score(positive, scores, sample_weight=line) for line in weights]
    assert weighted_auroc(scores, positive)(weights) == pytest.approx(expected)
    assert classification.auroc(scores, positive) == pytest.approx(
        sklearn_metrics.roc_auc_score(positive, scores)
    )


def test_one_class_has_no_auroc() -> None:
    assert classification.auroc(np.arange(4.0), np.ones(4, bool)) is None
    assert np.isnan(classification.recalls(np.array([[3, 0], [0, 0]]))[1])


def test_ece_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.7, 0.3], [0.6, 0.4]])
    truth = np.array([0, 1, 0, 0])
    # Two bins of two, by confidence: (0.6, 0.7) right 1.0, (0.8, 0.9) right 0.5.
    assert ece(probabilities, truth, bins=2) == pytest.approx(0.5 * abs(1.0 - 0.65) + 0.5 * abs(0.5 - 0.85))
    table = reliability_table(probabilities, truth, bins=2)
    assert [line["n"] for line in table] == [2, 2]
    assert table[0]["accuracy"] == 1.0


def test_bins_hold_equal_counts_also_with_ties() -> None:
    counts = np.bincount(equal_mass_bins(np.full(100, 0.999), 15))
    assert len(counts) == 15
    assert counts.max() - counts.min() <= 1


def test_temperature_recovers_what_was_done_to_the_logits() -> None:
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(4000, 3)) * 2
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = ("glioma", "meningioma", "pituitary")
    told = (chances.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
    rows = [
        {
            "label": names[its],
            "fold": index % 2,
            **{f"logit_{name}": 2.5 * value for name, value in zip(names, line, strict=True)},
        }
        for index, (its, line) in enumerate(zip(told, logits, strict=True))
    ]
    assert best_temperature(rows) == pytest.approx(2.5, rel=0.06)
    assert sum(at_temperature(rows[:1], 2.5)[0][f"p_{name}"] for name in names) == pytest.approx(1.0)
    one = calibrate_across_folds(rows)[0]
    assert one["p_glioma"] == pytest.approx(chances[0, 0], abs=0.03)
