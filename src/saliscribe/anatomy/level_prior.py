"""What the level network's guess means for the match: where to look, how firmly, and how much it counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

from saliscribe.anatomy.level_network import BIN_MM, LevelDistribution
from saliscribe.core.names import PLANES, Plane

#: Planes below this probability are not searched, nor levels in the outermost ``TAIL`` on either side.
LEAST_PLANE, TAIL = 0.01, 0.005
#: Weight of the network's log-probability on the similarity scale.
NETWORK_WEIGHT = 0.03
#: Least standard deviation (mm) of the network's level in the fine fit; that of a level that is stated, and how far
#: from it the search looks.
LEAST_SPREAD_MM, STATED_SPREAD_MM, STATED_REACH_MM = 3.0, 3.0, 6.0


@dataclass(frozen=True)
class Opinion:
    """The network's opinion of one plane: its probability, and the level (mm) with its standard deviation."""

    probability: float = 0.0
    level_mm: float = 0.0
    spread_mm: float = 0.0


NO_OPINION = Opinion()


def opinion(guess: LevelDistribution, plane: Plane) -> Opinion:
    """The distribution of one plane in three numbers; the level is the median."""
    return Opinion(guess.planes[plane], guess.quantile(plane, 0.5), guess.spread(plane))


def likely_planes(guess: LevelDistribution) -> tuple[Plane, ...]:
    """The planes worth searching."""
    return tuple(plane for plane in PLANES if guess.planes[plane] >= LEAST_PLANE)


def likely_levels(guess: LevelDistribution, plane: Plane, stated_mm: float | None) -> tuple[float, float]:
    """Lowest and highest level (mm) worth searching."""
    if stated_mm is not None:
        level = abs(stated_mm) if plane == "sagittal" else stated_mm
        return level - STATED_REACH_MM, level + STATED_REACH_MM
    return guess.quantile(plane, TAIL) - BIN_MM, guess.quantile(plane, 1 - TAIL) + BIN_MM


def expected_level(guess: LevelDistribution, plane: Plane, stated_mm: float | None) -> tuple[float, float]:
    """Level and standard deviation (mm) before the fine fit."""
    if stated_mm is not None:
        return abs(stated_mm) if plane == "sagittal" else stated_mm, STATED_SPREAD_MM
    return guess.quantile(plane, 0.5), max(guess.spread(plane), LEAST_SPREAD_MM)


def plane_likelihood(guess: LevelDistribution, plane: Plane) -> float:
    """What the network says for a plane, on the similarity scale: 0 where it is sure, less elsewhere."""
    return NETWORK_WEIGHT * log(max(guess.planes[plane], 1e-6))


def level_likelihood(guess: LevelDistribution, plane: Plane, level_mm: float) -> float:
    """What the network says for a level of a plane, on the similarity scale: 0 at its best level, less elsewhere."""
    return NETWORK_WEIGHT * (guess.log_density(plane, level_mm) - log(float(guess.density[plane].max())))
