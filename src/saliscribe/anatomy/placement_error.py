"""How far a placement may be off: constants from measurements that docs/anatomy.md describes."""

from __future__ import annotations

#: Sharpness of the softmax over the planes' best merits.
PLANE_SHARPNESS = 25.0
#: Below this probability of its plane a picture is refused.
LEAST_PLANE_PROBABILITY = 0.6
#: Half width of the 90 % level interval: this many times the network's spread made ``LEAST_SPREAD_MM`` larger. Near the
#: 90 % conformal quantile (1.50) of 733 slices of 53 patients and heads that trained nothing.
SPREADS, LEAST_SPREAD_MM = 1.55, 2.0


def level_error_mm(spread_mm: float) -> float:
    """Half width (mm) of the 90 % interval of the level, from the standard deviation that the level network gives."""
    return SPREADS * (spread_mm + LEAST_SPREAD_MM)
