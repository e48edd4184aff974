"""Statistics from tables: figures worked by hand, tests by other people's code."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from tests.study.synthetic_tables import masks, predictions

from saliscribe.metrics.compare_family import compare_family
from saliscribe.metrics.effect_size import cohens_dz, rank_biserial
from saliscribe.metrics.tie_groups import tie_groups
from saliscribe.study.claims import claims
from saliscribe.study.classification_statistics import classification_statistics
from saliscribe.study.overlap_statistics import overlap_statistics
from saliscribe.study.settings import StudyPlan

PLAN = StudyPlan(resamples=500, rules=("chan-vese", "fixed-90"))


def test_effect_sizes_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, standard deviation 1. Signed ranks of (-1, 2, 3): (2 + 3 - 1) / 6.
    assert cohens_dz(np.array([1.0, 2.0, 3.0])) == pytest.approx(2.0)
    assert rank_biserial(np.array([-1.0, 2.0, 3.0])) == pytest.approx(4 / 6)
    assert cohens_dz(np.array([1.0, 1.0])) is None
    assert rank_biserial(np.zeros(4)) is None


def test_tie_groups_are_the_letters_of_a_compact_letter_display() -> None:
    # a ~ b, b ~ c, a differs from c; d differs from all: groups {a, b}, {b, c}, {d}.
    p = {
        ("a", "b"): 0.4,
        ("b", "c"): 0.3,
        ("a", "c"): 0.01,
        ("a", "d"): 0.0,
        ("b", "d"): 0.0,
        ("c", "d"): 0.0,
    }
    values = {"c": 0.5, "a": 0.9, "d": 0.1, "b": 0.7}
    assert tie_groups(values, p, 0.05) == [["a", "b"], ["b", "c"], ["d"]]
    assert tie_groups(values, p, 0.05, higher=False) == [["d"], ["c", "b"], ["b", "a"]]


def test_family_agrees_with_scipy_and_statsmodels() -> None:
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    contingency = pytest.importorskip("statsmodels.stats.contingency_tables")
    rng = np.random.default_rng(3)
    patients = [f"P{at}" for at in range(40)]
    base = rng.random(40)
    values = {"a": base, "b": base + 0.02 + rng.normal(0, 0.03, 40), "c": base + rng.normal(0, 0.2, 40)}
    family = compare_family("three", values, patients, resamples=2000)
    adjusted = multitest.multipletests([one.p_permutation for one in family.comparisons], method="holm")[1]
    assert [one.p_holm for one in family.comparisons] == pytest.approx(list(adjusted))
    for one in family.comparisons:
        assert one.p_wilcoxon == pytest.approx(stats.wilcoxon(values[one.first] - values[one.second]).pvalue)
        exact = stats.permutation_test(
            (values[one.first], values[one.second]), lambda x, y, axis: np.mean(x - y, axis=axis),
            permutation_type="samples", n_resamples=20_000, vectorized=True, rng=1,
        )  # fmt: skip
        assert one.p_permutation == pytest.approx(exact.pvalue, abs=0.02)
    right = {name: (column > 0.5).astype(float) for name, column in values.items()}
    labels = compare_family("labels", right, patients, labels=True, resamples=500).comparisons[0]
    table = [[np.sum((right["a"] == i) & (right["b"] == j)) for j in (1, 0)] for i in (1, 0)]
    assert labels.p_mcnemar == pytest.approx(contingency.mcnemar(table, exact=True).pvalue)


def test_better_network_is_found_and_equal_ones_tie() -> None:
    found = classification_statistics(predictions({"good": 0.98, "also good": 0.96, "poor": 0.4}), PLAN)
    assert found["networks"]["good"]["n"] == 60
    assert found["networks"]["good"]["n_patients"] == 30
    assert sum(map(sum, found["networks"]["poor"]["confusion"])) == 60
    ties = found["family"]["ties"]
    assert sorted(ties[0]) == ["also good", "good"]
    assert ties[1] == ["poor"]
    by = {(one["first"], one["second"]): one for one in found["family"]["comparisons"]}
    assert by["good", "poor"]["p_holm"] < 0.01
    assert by["good", "poor"]["p_mcnemar"] < 0.01


def test_one_network_cannot_be_compared() -> None:
    assert classification_statistics(predictions({"alone": 0.9}), PLAN)["family"] is None


def test_temperature_helps_where_logits_are_too_small() -> None:
    """Logits of 2 say 79 % where 98 % are right: the temperature of the other folds must lower the ECE."""
    one = classification_statistics(predictions({"timid": 0.98}, patients=90), PLAN)["networks"]["timid"]
    assert one["ece_before"]["value"] > 0.12
    assert one["figures"]["ece"]["value"] < 0.06


def test_overlap_keeps_head_priors_methods_and_rules_apart() -> None:
    means = {
        ("segmentation_head", "-"): 0.8, ("gaussian_prior", "-"): 0.1, ("otsu", "-"): 0.12,
        ("gradcam", "chan-vese"): 0.30, ("gradcam", "fixed-90"): 0.36,
        ("scorecam", "chan-vese"): 0.30, ("scorecam", "fixed-90"): 0.2,
    }  # fmt: skip
    import pandas as pd

    net = overlap_statistics(masks(means), pd.DataFrame(), PLAN)["networks"]["net"]
    assert len(net["masks"]) == 7
    head = net["masks"][0]
    assert head["source"] == "segmentation_head"
    assert head["dice"]["value"] == pytest.approx(0.8, abs=0.03)
    assert (head["hd95_mm"]["n"], head["no_distance"]) == (29, 1)
    families = {one["name"]: one for one in net["families"]}
    assert families["methods: Dice at chan-vese"]["ties"] in (
        [["gradcam", "scorecam"]],
        [["scorecam", "gradcam"]],
    )
    against = families["methods against segmentation_head: Dice"]["comparisons"]
    assert {one["second"] for one in against} == {"segmentation_head"}
    assert all(one["difference"]["high"] < -0.4 for one in against)
    assert families["rules for scorecam: Dice"]["ties"] == [["chan-vese"], ["fixed-90"]]
    assert set(net["groups"]["size"]) == {"small", "medium", "large"}
    assert net["groups"]["class"]["glioma"]["segmentation_head"]["n"] == 10


ALIKE = ("from ImageNet weights", "from ImageNet weights")
OTHERWISE = ("from ImageNet weights", "from random weights")


@pytest.mark.parametrize(
    ("trainings", "absent", "verdict"),
    [(ALIKE, False, "held"), (OTHERWISE, False, "undecided"), (ALIKE, True, "undecided")],
)
def test_a_best_network_needs_all_networks_trained_alike(
    trainings: tuple[str, str], absent: bool, verdict: str
) -> None:
    plan = StudyPlan(resamples=200)
    rows = [
        {"network": name, "trained": True, "shuffled_labels": False, "training": training}
        for name, training in zip(("good", "poor"), trainings, strict=True)
    ]
    if absent:
        rows.append({"network": "absent", "trained": False, "shuffled_labels": False, "training": ""})
    figures = {
        "networks": rows,
        "classification": classification_statistics(predictions({"good": 0.95, "poor": 0.4}), plan),
        "overlap": {"networks": {}},
        "trust": {},
        "reports": {"writers": {}, "families": []},
    }
    best = claims(figures, plan)[0]
    assert best["verdict"] == verdict
    assert ("Not trained: absent." in best["why"]) == absent
    assert ("Trained in different ways" in best["why"]) == (trainings == OTHERWISE)
