"""All pairs of a declared family compared on the same slices, by patient, and its tie groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.metrics.bootstrap import RESAMPLES, SEED, Figure, bootstrap_mean
from saliscribe.metrics.effect_size import cohens_dz, rank_biserial
from saliscribe.metrics.paired import holm, mcnemar, paired_permutation, patient_means, wilcoxon
from saliscribe.metrics.tie_groups import tie_groups


@dataclass(frozen=True)
class Comparison:
    """``first`` minus ``second``: mean difference with its interval, p values and effect sizes.

    ``p_holm`` adjusts the permutation test inside the family; ``p_mcnemar`` only where values are right or wrong.
    """

    first: str
    second: str
    difference: Figure
    p_permutation: float
    p_holm: float
    p_wilcoxon: float
    p_mcnemar: float | None
    dz: float | None
    rank_biserial: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {**self.__dict__, "difference": self.difference.as_dict()}


@dataclass(frozen=True)
class Family:
    """A declared family: its members' means, all its comparisons, and groups that were not shown to differ."""

    name: str
    means: Mapping[str, Figure]
    comparisons: tuple[Comparison, ...]
    ties: tuple[tuple[str, ...], ...]
    alpha: float

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "name": self.name,
            "alpha": self.alpha,
            "means": {name: figure.as_dict() for name, figure in self.means.items()},
            "comparisons": [one.as_dict() for one in self.comparisons],
            "ties": [list(group) for group in self.ties],
        }


def compare_family(
    name: str,
    values: Mapping[str, Sequence[float] | NDArray[np.floating]],
    patients: Sequence[str],
    *,
    against: str | None = None,
    labels: bool = False,
    higher: bool = True,
    alpha: float = 0.05,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Family:
    """Compare every pair of ``values`` (one value a slice, in the order of ``patients``), or each with ``against``.

    ``labels``: values are 1 for right and 0 for wrong, and McNemar's test is added. ``higher`` is better. Raises
    ValueError where lengths differ or a value is not finite.
    """
    table = {member: np.asarray(column, dtype=np.float64) for member, column in values.items()}
    settings: dict[str, int] = {"resamples": resamples, "seed": seed}
    means = {member: bootstrap_mean(column, patients, **settings) for member, column in table.items()}
    pairs = [pair for pair in combinations(table, 2) if against is None or against in pair]
    pairs = [(b, a) if a == against else (a, b) for a, b in pairs]
    p = {f"{a}\0{b}": paired_permutation(table[a], table[b], patients, **settings) for a, b in pairs}
    adjusted = holm(p)
    comparisons = []
    for a, b in pairs:
        apart = patient_means(table[a], patients) - patient_means(table[b], patients)
        comparisons.append(
            Comparison(
                a, b,
                bootstrap_mean(table[a] - table[b], patients, **settings),
                p[f"{a}\0{b}"],
                adjusted[f"{a}\0{b}"],
                wilcoxon(table[a], table[b], patients),
                mcnemar(table[a] > 0.5, table[b] > 0.5) if labels else None,
                cohens_dz(apart),
                rank_biserial(apart),
            )
        )  # fmt: skip
    ties: list[list[str]] = []
    if against is None:
        ties = tie_groups(
            {member: figure.value for member, figure in means.items()},
            {(one.first, one.second): one.p_holm for one in comparisons},
            alpha,
            higher=higher,
        )
    return Family(name, means, tuple(comparisons), tuple(tuple(group) for group in ties), alpha)
