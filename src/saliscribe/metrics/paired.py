"""Paired comparisons by patient, and Holm's correction inside a declared family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from saliscribe.metrics.bootstrap import RESAMPLES, SEED, cluster_codes


def patient_means(values: Sequence[float] | NDArray, patients: Sequence[str]) -> NDArray[np.float64]:
    """Mean of each patient's slices, in sorted order of patients."""
    codes, count = cluster_codes(patients)
    return np.bincount(codes, weights=np.asarray(values, dtype=float), minlength=count) / np.bincount(
        codes, minlength=count
    )


def paired_permutation(
    first: Sequence[float] | NDArray,
    second: Sequence[float] | NDArray,
    patients: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> float:
    """Two-sided p of "no difference of means", by swapping the two within whole patients (sign flips of
    summed differences).

    (1 + number at least as extreme) / (1 + resamples); every sign pattern is tried once where there are at most 2**13.
    """
    codes, count = cluster_codes(patients)
    differences = np.bincount(
        codes, weights=np.asarray(first, float) - np.asarray(second, float), minlength=count
    )
    observed = abs(differences.sum()) - 1e-12 * max(1.0, np.abs(differences).sum())
    if count <= 13:
        signs = 1.0 - 2.0 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
        return float((np.abs(signs @ differences) >= observed).mean())
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(resamples, count))
    return float((1 + (np.abs(signs @ differences) >= observed).sum()) / (1 + resamples))


def wilcoxon(
    first: Sequence[float] | NDArray, second: Sequence[float] | NDArray, patients: Sequence[str]
) -> float:
    """Two-sided p of Wilcoxon's signed-rank test on patients' means; 1 where no patient differs."""
    differences = patient_means(first, patients) - patient_means(second, patients)
    if not np.any(differences):
        return 1.0
    return float(stats.wilcoxon(differences).pvalue)


def mcnemar(first_right: Sequence[bool] | NDArray, second_right: Sequence[bool] | NDArray) -> float:
    """Exact two-sided p of McNemar's test on discordant slices (binomial with 1/2). Slices of one patient are not
    independent: use it beside ``paired_permutation`` on the same labels, which draws patients."""
    first, second = np.asarray(first_right, dtype=bool), np.asarray(second_right, dtype=bool)
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    if only_first + only_second == 0:
        return 1.0
    return float(stats.binomtest(only_first, only_first + only_second, 0.5).pvalue)


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjusted p values (Holm 1979) of a declared family, in the order given."""
    names = sorted(p_values, key=lambda name: p_values[name])
    adjusted: dict[str, float] = {}
    largest = 0.0
    for rank, name in enumerate(names):
        largest = max(largest, min(1.0, (len(names) - rank) * p_values[name]))
        adjusted[name] = largest
    return {name: adjusted[name] for name in p_values}
