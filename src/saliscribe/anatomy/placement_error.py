"""How far a placement may be off: constants from measurements that docs/anatomy.md describes."""

from __future__ import annotations

from functools import cache

import numpy as np

from saliscribe.anatomy.head_template import head_template
from saliscribe.core.axes import NORMAL_AXIS
from saliscribe.core.names import Plane

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


def within_head(plane: Plane, low_mm: float, high_mm: float) -> tuple[float, float]:
    """The part of an interval of levels that lies in the template's head."""
    first, last = _head_ends(plane)
    return min(max(low_mm, first), last), max(min(high_mm, last), first)


@cache
def _head_ends(plane: Plane) -> tuple[float, float]:
    template, axis = head_template(), NORMAL_AXIS[plane]
    others = tuple(other for other in range(3) if other != axis)
    slices = np.flatnonzero((template.intensity > 0).any(axis=others))
    first, last = (float(template.origin_mm[axis] + template.step_mm * number) for number in slices[[0, -1]])
    return first, last
