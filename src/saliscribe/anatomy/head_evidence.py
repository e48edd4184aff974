"""How much speaks for a head in the picture, once it has settled: below 0 nothing is placed."""

from __future__ import annotations

from math import log

from saliscribe.anatomy.refine import Fit

#: Log-odds of a head against none: a logistic regression on real slices and on shapes filled with photographs and
#: textures, moved so that 1 % of the slices lie below 0 (``scripts/placement/fit_head_evidence.py``). The factors of
#: the parts, and the constant.
FACTORS, CONSTANT = (21.9, 2.6, -1.39, -0.84), -13.1
#: Added before the logarithm to the network's spread (mm) and to its doubt about the plane.
LEAST_SPREAD_MM, LEAST_DOUBT = 2.0, 1e-4
#: Where more of the brain than this is flat, there is none, whatever the outline; real slices reach 0.3.
LARGEST_FLAT, NONE = 0.5, -20.0


def head_evidence(fit: Fit) -> float:
    """Log-odds that the picture of a settled fit shows a head.

    The outline of an ellipse fits a head's. But what lies within it is not like the brain, and the level network, which
    has seen heads alone, wavers.
    """
    if fit.flat > LARGEST_FLAT:
        return NONE
    return CONSTANT + sum(factor * part for factor, part in zip(FACTORS, evidence_parts(fit), strict=True))


def evidence_parts(fit: Fit) -> tuple[float, float, float, float]:
    """Likeness of the brain and of its edges, logarithms of the network's spread and doubt."""
    doubt = max(1.0 - fit.network.probability, 0.0)
    return fit.alike, fit.edges, log(fit.network.spread_mm + LEAST_SPREAD_MM), log(doubt + LEAST_DOUBT)
