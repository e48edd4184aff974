"""Where a heat map points, against where the tumour is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def pointing_game(
    heat: NDArray[np.floating], truth: NDArray[np.bool_], *, tolerance_px: float = 0.0
) -> bool | None:
    """Whether the heat's maximum lies on the truth (Zhang 2018), within ``tolerance_px`` of it.

    An empty truth is no game: ``None``. A flat map points nowhere and is never a hit; of several equal
    maxima all must hit.
    """
    truth = np.asarray(truth, dtype=bool)
    if heat.shape != truth.shape:
        raise ValueError(f"pointing_game: expected one shape, got {heat.shape} and {truth.shape}")
    if not truth.any():
        return None
    if not np.isfinite(heat).all() or float(heat.max()) <= float(heat.min()):
        return False
    peaks = np.argwhere(heat == heat.max())
    where = np.argwhere(truth)
    gaps = np.sqrt(((peaks[:, None, :] - where[None, :, :]) ** 2).sum(axis=2)).min(axis=1)
    return bool((gaps <= tolerance_px).all())


def energy_inside(heat: NDArray[np.floating], truth: NDArray[np.bool_]) -> float | None:
    """Share of the heat's sum that lies on the truth (energy-based pointing game, Wang 2020).

    ``None`` where the truth is empty; 0 where there is no heat. Negative heat counts as none.
    """
    truth = np.asarray(truth, dtype=bool)
    if heat.shape != truth.shape:
        raise ValueError(f"energy_inside: expected one shape, got {heat.shape} and {truth.shape}")
    if not truth.any():
        return None
    strength = np.maximum(np.asarray(heat, dtype=np.float64), 0.0)
    total = float(strength.sum())
    return float(strength[truth].sum()) / total if total > 0 else 0.0
