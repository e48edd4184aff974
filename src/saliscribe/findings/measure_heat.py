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

    Where no brain was found the whole picture counts. ``None`` for an empty region or a map without heat there.
    """
    within = heat[_searched(region, brain)].astype(np.float64).sum()
    if not region.any() or within <= 0.0:
        return None
    return min(1.0, float(heat[region].astype(np.float64).sum() / within))


def heat_outside(heat: NDArray[np.float32], brain: NDArray[np.bool_]) -> float | None:
    """Share of all heat outside the brain; ``None`` for a map without heat, or where no brain was found."""
    total = heat.astype(np.float64).sum()
    if total <= 0.0 or not brain.any():
        return None
    return min(1.0, float(heat[~brain].astype(np.float64).sum() / total))


def peak_inside(
    heat: NDArray[np.float32], region: NDArray[np.bool_], brain: NDArray[np.bool_]
) -> bool | None:
    """Whether the hottest point within the brain lies in the region; a tie counts only if all of it does.

    ``None`` for an empty region or a map without heat: an empty mask never scores a hit.
    """
    searched = np.where(_searched(region, brain), heat, 0.0)
    if not region.any() or searched.max() <= 0.0:
        return None
    return bool(region[searched == searched.max()].all())


def _searched(region: NDArray[np.bool_], brain: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where heat counts: brain and region, or everywhere in a picture in which no brain was found."""
    return brain | region if brain.any() else np.ones_like(region)
