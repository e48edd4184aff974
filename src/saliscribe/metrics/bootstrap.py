"""Cluster bootstrap: patients are drawn, with all their slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20_250_101


@dataclass(frozen=True)
class Figure:
    """A number with what it rests on: ``value``, its interval ``low`` to ``high`` at ``level``, n slices of n patients.

    ``low`` and ``high`` are ``None`` where there are fewer than two patients: no interval can be given.
    """

    value: float
    low: float | None
    high: float | None
    n: int
    n_patients: int
    level: float = 0.95

    def as_dict(self) -> dict[str, float | int | None]:
        """Plain data for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            return f"{self.value:.3f} (n = {self.n}, {self.n_patients} patient{'s' if self.n_patients != 1 else ''})"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def cluster_weights(n_clusters: int, resamples: int = RESAMPLES, seed: int = SEED) -> NDArray[np.float64]:
    """(resamples, n_clusters) how often each cluster is drawn when n_clusters are drawn with replacement."""
    draws = np.random.default_rng(seed).multinomial(
        n_clusters, np.full(n_clusters, 1.0 / n_clusters), size=resamples
    )
    return draws.astype(np.float64)


def cluster_codes(clusters: Sequence[str]) -> tuple[NDArray[np.intp], int]:
    """Whole numbers for cluster names (in sorted order), and how many there are."""
    names, codes = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)
    return codes.reshape(-1), len(names)


def bootstrap_sums(
    parts: NDArray[np.floating],
    clusters: Sequence[str],
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Figure:
    """Figure of any statistic that depends on the data only through sums over slices.

    ``parts`` (n, ...) are what is summed; ``statistic`` takes (r, ...) sums to (r,) values. Percentile
    interval (Efron); all resamples
    at once. Resamples where the statistic is undefined (NaN) are left out. Raises ValueError without any slice.
    """
    parts = np.asarray(parts, dtype=np.float64)
    if len(parts) == 0 or len(parts) != len(clusters):
        raise ValueError(
            f"bootstrap: expected one cluster per slice and at least one, got {len(parts)} and {len(clusters)}"
        )
    codes, count = cluster_codes(clusters)
    flat = parts.reshape(len(parts), -1)
    sums = np.stack([np.bincount(codes, weights=column, minlength=count) for column in flat.T], axis=1)
    value = float(statistic(sums.sum(axis=0).reshape(1, *parts.shape[1:]))[0])
    low = high = None
    if count > 1:
        drawn = cluster_weights(count, resamples, seed) @ sums
        values = statistic(drawn.reshape(resamples, *parts.shape[1:]))
        low, high = (float(np.nanquantile(values, share)) for share in ((1 - level) / 2, (1 + level) / 2))
    return Figure(value, low, high, len(parts), count, level)


def bootstrap_mean(
    values: Sequence[float] | NDArray[np.floating],
    clusters: Sequence[str],
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Figure:
    """Mean over slices, with the cluster-bootstrap percentile interval by patient."""
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError("bootstrap_mean: expected finite values; leave unscored slices out and say how many")
    parts = np.stack([array, np.ones_like(array)], axis=1)
    return bootstrap_sums(
        parts, clusters, lambda sums: sums[:, 0] / sums[:, 1], level=level, resamples=resamples, seed=seed
    )


def bootstrap_weighted(
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    clusters: Sequence[str],
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    chunk: int = 500,
) -> Figure:
    """Figure of a statistic of slice weights, (r, n) -> (r,): for AUROC and others that are no function of sums."""
    codes, count = cluster_codes(clusters)
    value = float(statistic(np.ones((1, len(codes))))[0])
    low = high = None
    if count > 1:
        weights = cluster_weights(count, resamples, seed)
        values = np.concatenate(
            [statistic(weights[at : at + chunk][:, codes]) for at in range(0, resamples, chunk)]
        )
        low, high = (float(np.nanquantile(values, share)) for share in ((1 - level) / 2, (1 + level) / 2))
    return Figure(value, low, high, len(codes), count, level)
