"""The last step of a placement: from where the head fits to where the brain does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.refine import (
    OUTLIER,
    Fit,
    Points,
    columns_of,
    correlation,
    descended,
    expectation,
    position_of,
    values_at,
)
from saliscribe.anatomy.template_planes import brain_volume

#: The brain as an ellipsoid (MNI mm; Dice 0.91 with that of ICBM 2009a); what a pixel outside it counts.
BRAIN_MIDDLE_MM, BRAIN_HALF_AXES_MM = np.array([[0.0], [-21.0], [8.0]]), np.array([[73.0], [89.0], [71.0]])
OUTSIDE_BRAIN = 0.1
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
            level = level_of(settled.affine((1, 1)), fit.plane)
            alike = _alike(settled, points[fit.start.scale_mm]) + LIKELIHOOD_WEIGHT * likelihood(level)
            if alike > most:
                best, most = settled, alike
    return replace(
        best,
        similarity=first.similarity,
        penalty=first.penalty,
        likelihood=first.likelihood,
        brain=_brain_similarity(best, points[best.start.scale_mm]),
    )


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
    return replace(fit, origin=origin, down=down, right=right, parameters=parameters)


def _alike(fit: Fit, points: Points) -> float:
    """Correlation with the weights of the fit itself: outliers count little, and so does what is not brain."""
    position = position_of(fit.start, points, fit.parameters)
    value, inside = values_at(brain_volume(fit.plane), position)
    weight = points.weight * inside * _importance(position)
    return correlation(value, points.value, weight / (1.0 + ((value - points.value) / OUTLIER) ** 2))


def _brain_similarity(fit: Fit, points: Points) -> float:
    position = position_of(fit.start, points, fit.parameters)
    value, inside = values_at(brain_volume(fit.plane), position)
    return correlation(value, points.value, points.weight * inside * _in_brain(position))


def _importance(position: NDArray[np.float64]) -> NDArray[np.float64]:
    return OUTSIDE_BRAIN + (1.0 - OUTSIDE_BRAIN) * _in_brain(position)


def _in_brain(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 within the brain's ellipsoid, 0 outside, linear over the tenth around its surface, for (3, N) points."""
    radius = np.linalg.norm((position - BRAIN_MIDDLE_MM) / BRAIN_HALF_AXES_MM, axis=0)
    return np.asarray(np.clip((1.1 - radius) / 0.2, 0.0, 1.0))
