"""Whether a heat map points at a region: overlap, energy inside, hottest point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def overlap_dice(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float | None:
    """Dice = 2 |A and B| / (|A| + |B|); ``None`` when both are empty, because nothing was compared."""
    total = int(first.sum()) + int(second.sum())
    return None if total == 0 else 2.0 * float((first & second).sum()) / total


def energy_inside(
    heat: NDArray[np.float32], region: NDArray[np.bool_], brain: NDArray[np.bool_]
) -> float | None:
    """Share of the heat within the brain that lies in the region (energy-based pointing game).

    ``None`` for an empty region or a map without heat in the brain.
    """
    within = heat[brain | region].astype(np.float64).sum()
    if not region.any() or within <= 0.0:
        return None
    return min(1.0, float(heat[region].astype(np.float64).sum() / within))


def heat_outside(heat: NDArray[np.float32], brain: NDArray[np.bool_]) -> float | None:
    """Share of all heat outside the brain; ``None`` for a map without heat."""
    total = heat.astype(np.float64).sum()
    return None if total <= 0.0 else min(1.0, float(heat[~brain].astype(np.float64).sum() / total))


def peak_inside(
    heat: NDArray[np.float32], region: NDArray[np.bool_], brain: NDArray[np.bool_]
) -> bool | None:
    """Whether the hottest point within the brain lies in the region; a tie counts only if all of it does.

    ``None`` for an empty region or a map without heat: an empty mask never scores a hit.
    """
    searched = np.where(brain | region, heat, 0.0)
    if not region.any() or searched.max() <= 0.0:
        return None
    return bool(region[searched == searched.max()].all())
