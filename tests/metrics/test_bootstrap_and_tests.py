"""Intervals that cover, tests that agree with scipy, Holm by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from saliscribe.errors import InputError
from saliscribe.metrics import classification
from saliscribe.metrics.bootstrap import bootstrap_mean, bootstrap_sums, bootstrap_weighted
from saliscribe.metrics.card_figures import card_figures, figures_by_group, read_table
from saliscribe.metrics.paired import holm, mcnemar, paired_permutation, patient_means, wilcoxon
from saliscribe.metrics.registry import METRICS


def test_interval_covers_the_truth_of_clustered_data() -> None:
    """Patients differ much more than slices of one patient: slice-level intervals would cover far too rarely."""
    rng = np.random.default_rng(0)
    clusters = np.repeat(np.arange(40), 10)
    hits = by_slice = 0
    for trial in range(200):
        values = rng.normal(size=40)[clusters] + 0.3 * rng.normal(size=400)
        figure = bootstrap_mean(values, clusters.astype(str), resamples=1000, seed=trial)
        alone = bootstrap_mean(values, np.arange(400).astype(str), resamples=200, seed=trial)
        assert figure.low is not None
        assert figure.high is not None
        assert alone.low is not None
        assert alone.high is not None
        hits += figure.low <= 0.0 <= figure.high
        by_slice += alone.low <= 0.0 <= alone.high
    assert 0.88 <= hits / 200 <= 0.99
    assert by_slice / 200 < 0.7


def test_agrees_with_scipy_where_every_patient_has_one_slice() -> None:
    values = np.random.default_rng(1).gamma(2.0, size=120)
    figure = bootstrap_mean(values, [str(i) for i in range(120)], resamples=20_000)
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=20_000, method="percentile", rng=2
    ).confidence_interval
    assert figure.value == pytest.approx(values.mean())
    assert (figure.low, figure.high) == pytest.approx(tuple(expected), abs=0.01)


def test_sums_and_weights_give_the_same_interval() -> None:
    rng = np.random.default_rng(3)
    values, clusters = rng.random(90), [f"P{i // 6}" for i in range(90)]
    mean = bootstrap_mean(values, clusters, resamples=800)
    weighted = bootstrap_weighted(lambda w: (w @ values) / w.sum(axis=1), clusters, resamples=800)
    assert (mean.value, mean.low, mean.high) == pytest.approx((weighted.value, weighted.low, weighted.high))


def test_one_patient_has_no_interval_and_nothing_is_no_figure() -> None:
    figure = bootstrap_mean([0.2, 0.4], ["a", "a"])
    assert (figure.value, figure.low, figure.high, figure.n, figure.n_patients) == (
        pytest.approx(0.3),
        None,
        None,
        2,
        1,
    )
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_mean([], [])
    with pytest.raises(ValueError, match="finite"):
        bootstrap_mean([np.nan], ["a"])


def test_macro_f1_of_resamples_without_a_class() -> None:
    one_hot = np.zeros((4, 3, 3))
    one_hot[[0, 1, 2, 3], [0, 0, 1, 2], [0, 0, 1, 2]] = 1
    figure = bootstrap_sums(one_hot, list("abcd"), classification.macro_f1, resamples=500)
    assert figure.value == 1.0
    assert figure.low == 1.0


def _table(n: int = 240) -> list[dict[str, object]]:
    rng = np.random.default_rng(7)
    names = ("glioma", "meningioma", "pituitary")
    rows: list[dict[str, object]] = []
    for index in range(n):
        its = int(rng.integers(3))
        chances = rng.dirichlet(np.ones(3) + 3 * np.eye(3)[its])
        rows.append(
            {
                "file": f"{index}.png",
                "patient": f"P{index // 8}",
                "label": names[its],
                "plane": "axial",
                "fold": index % 5,
                **{f"p_{name}": value for name, value in zip(names, chances, strict=True)},
                "dice": rng.random() if index % 10 else None,
                "true_area_px": int(rng.integers(50, 900)),
            }
        )
    return rows


def test_card_figures_agree_with_scikit_learn() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics")
    rows = _table()
    figures = card_figures(rows, resamples=300)
    truth = [row["label"] for row in rows]
    told = [max(("glioma", "meningioma", "pituitary"), key=lambda name: row[f"p_{name}"]) for row in rows]
    assert figures["accuracy"].value == pytest.approx(sklearn_metrics.accuracy_score(truth, told))
    assert figures["macro_f1"].value == pytest.approx(sklearn_metrics.f1_score(truth, told, average="macro"))
    chances = [[row[f"p_{name}"] for name in ("glioma", "meningioma", "pituitary")] for row in rows]
    assert figures["macro_auroc"].value == pytest.approx(
        sklearn_metrics.roc_auc_score(truth, chances, multi_class="ovr")
    )
    assert (figures["dice"].n, figures["accuracy"].n, figures["accuracy"].n_patients) == (216, 240, 30)
    for figure in figures.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.high
    groups = figures_by_group(rows, resamples=100)
    assert sum(its["accuracy"].n for its in groups["size"].values()) == 240
    assert set(groups) == {"class", "plane", "fold", "size"}


def test_a_table_without_probabilities_is_refused(tmp_path) -> None:
    (tmp_path / "t.csv").write_text("file,patient,label\na,b,glioma\n")
    with pytest.raises(InputError, match="no column p_glioma"):
        read_table(tmp_path / "t.csv")


def test_paired_permutation_is_exact_for_few_patients_and_agrees_with_scipy() -> None:
    rng = np.random.default_rng(8)
    first, second = rng.random(9) + 0.15, rng.random(9)
    patients = [str(i) for i in range(9)]
    expected = stats.permutation_test(
        (first, second), lambda a, b: np.mean(a - b), permutation_type="samples", n_resamples=np.inf
    ).pvalue
    assert paired_permutation(first, second, patients) == pytest.approx(expected)
    many = rng.random(60)
    p = paired_permutation(many + 0.02 + 0.05 * rng.normal(size=60), many, [str(i // 2) for i in range(60)])
    assert 0.0 < p < 1.0
    assert paired_permutation(many, many, [str(i) for i in range(60)]) == 1.0


def test_wilcoxon_mcnemar_holm() -> None:
    first, second = np.array([0.9, 0.8, 0.7, 0.95, 0.6, 0.5]), np.array([0.8, 0.75, 0.72, 0.7, 0.5, 0.1])
    patients = list("aabbcd")
    assert patient_means(first, patients) == pytest.approx([0.85, 0.825, 0.6, 0.5])
    assert wilcoxon(first, second, patients) == pytest.approx(
        stats.wilcoxon(patient_means(first, patients), patient_means(second, patients)).pvalue
    )
    assert wilcoxon(first, first, patients) == 1.0
    right, wrong = np.array([1] * 10 + [0] * 2, bool), np.array([0] * 10 + [1] * 2, bool)
    assert mcnemar(right, wrong) == pytest.approx(stats.binomtest(10, 12).pvalue)
    assert mcnemar(right, right) == 1.0
    assert holm({"a": 0.04, "b": 0.01, "c": 0.03}) == pytest.approx({"a": 0.06, "b": 0.03, "c": 0.06})
    assert list(holm({"a": 0.9, "b": 0.6})) == ["a", "b"]


@pytest.mark.parametrize("name", list(METRICS))
def test_every_metric_of_the_table_loads(name: str) -> None:
    assert callable(METRICS.load(name))
    assert METRICS[name].facts["better"] in {"higher", "lower"}
