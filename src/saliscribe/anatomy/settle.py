"""The last step of a placement: from where the head fits to where the brain does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.edge_agreement import edge_agreement
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.refine import (
    OUTLIER,
    Fit,
    Points,
    columns_of,
    correlation,
    descended,
    expectation,
    fields_at,
    position_of,
)
from saliscribe.anatomy.template_planes import brain_volume

#: The brain as an ellipsoid (MNI mm; Dice 0.91 with that of ICBM 2009a); what a pixel outside it counts.
BRAIN_MIDDLE_MM, BRAIN_HALF_AXES_MM = np.array([[0.0], [-21.0], [8.0]]), np.array([[73.0], [89.0], [71.0]])
OUTSIDE_BRAIN = 0.1
#: Edges and flat parts are looked at in an ellipsoid this much smaller, where outlines tell nothing.
WELL_WITHIN = 0.85
#: Normalised values as near to 0 as this are flat: their surroundings show nothing.
FLAT = 0.05
#: Every fit goes on from where it is, and from this far (mm) to either side of its plane.
DEPTHS_MM = (0.0, -8.0, 8.0)
#: At most so many fits go on.
FITS = 4
#: What the network thinks of a level counts more here than in the ranking of the whole heads: brains differ little
#: over some millimetres.
LIKELIHOOD_WEIGHT = 2.0


def settle(
    fits: list[Fit],
    points: Mapping[float, Points],
    rounds: int,
    fixed_scale: bool = False,
    expected: tuple[float, float] | None = None,
    likelihood: Callable[[float], float] = lambda level_mm: 0.0,
) -> Fit:
    """The first of ``fits`` moved on to where the brain fits best; it is still ranked by the similarity of the head.

    Scalp and skull find the place from far away, but heads differ in how the brain lies in them. So the others of the
    same plane go on as well, all from both sides of their plane too, and the one whose brain is most alike is kept.

    Args:
        fits: best first.
        points: of the picture, by ``scale_mm`` of the starts.
        rounds, fixed_scale, expected: as for ``refine``, of the plane of the first fit.
        likelihood: what is thought of a level (mm), on the scale of the similarity.
    """
    first = fits[0]
    same = [fit for fit in fits if fit.plane == first.plane and float(fit.right @ first.right) > 0]
    best, most = first, -np.inf
    for fit in same[:FITS]:
        for depth in DEPTHS_MM:
            settled = _settled(fit, depth, points[fit.start.scale_mm], rounds, fixed_scale, expected)
            worth = settled.alike + LIKELIHOOD_WEIGHT * likelihood(
                level_of(settled.affine((1, 1)), fit.plane)
            )
            if worth > most:
                best, most = settled, worth
    return replace(best, similarity=first.similarity, penalty=first.penalty, likelihood=first.likelihood)


def _settled(
    fit: Fit,
    depth_mm: float,
    points: Points,
    rounds: int,
    fixed_scale: bool,
    expected: tuple[float, float] | None,
) -> Fit:
    begun = fit.parameters.copy()
    begun[0] += depth_mm
    prior = expectation(fit.start, fixed_scale, expected)
    parameters = descended(fit.start, points, begun, prior, rounds, brain_volume(fit.plane), _importance)
    origin, down, right = columns_of(fit.start, parameters)
    moved = replace(fit, origin=origin, down=down, right=right, parameters=parameters)
    return _judged(moved, points)


def _judged(fit: Fit, points: Points) -> Fit:
    """With ``alike``, ``edges`` and ``flat``; outliers count little in the first, and so does what is not brain."""
    position = position_of(fit.start, points, fit.parameters)
    fields, inside = fields_at(brain_volume(fit.plane), position)
    weight = points.weight * inside
    robust = weight * _importance(position) / (1.0 + ((fields[0] - points.value) / OUTLIER) ** 2)
    within = weight * _in_brain(position, WELL_WITHIN)
    return replace(
        fit,
        alike=correlation(fields[0], points.value, robust),
        edges=edge_agreement(points.slope, np.stack([fit.down, fit.right]) @ fields[1:], within),
        flat=float(within[np.abs(points.value) < FLAT].sum()) / max(float(within.sum()), 1e-6),
    )


def _importance(position: NDArray[np.float64]) -> NDArray[np.float64]:
    return OUTSIDE_BRAIN + (1.0 - OUTSIDE_BRAIN) * _in_brain(position)


def _in_brain(position: NDArray[np.float64], size: float = 1.0) -> NDArray[np.float64]:
    """1 within the brain's ellipsoid, ``size`` times as large, 0 outside, linear over a tenth of the brain's to either
    side of its surface, for (3, N) points."""
    radius = np.linalg.norm((position - BRAIN_MIDDLE_MM) / BRAIN_HALF_AXES_MM, axis=0)
    return np.asarray(np.clip((size + 0.1 - radius) / 0.2, 0.0, 1.0))
