"""How far a placement may be off: constants from measurements that docs/anatomy.md describes."""

from __future__ import annotations

from saliscribe.anatomy.level_prior import Opinion

#: Below this merit (similarity less penalties) nothing fits and the picture is not placed. White noise reaches 0.23,
#: photographs 0.30 to 0.49, and 99 % of 285 real slices 0.54 or more. A header, which fixes plane and pixel size,
#: leaves less to chance.
LEAST_SIMILARITY, LEAST_WITH_HEADER = 0.50, 0.42
#: Heads that the template does not look like (defaced, without a bright scalp, of another contrast) reach 0.24 to 0.68.
#: They are placed from this merit on if the level network is as sure as this of the plane and of the level (mm).
LEAST_WHEN_SURE, SURE_PROBABILITY, SURE_SPREAD_MM = 0.30, 0.995, 8.0
#: Or from this merit on if the network is fairly sure and the brain, once settled, is as similar as this. Half of the
#: real slices reach 0.57; of 336 cut-outs without a head none with a merit below 0.50 passes.
LEAST_WITH_BRAIN, ALIKE_BRAIN, FAIR_PROBABILITY, FAIR_SPREAD_MM = 0.33, 0.50, 0.90, 12.0
#: Sharpness of the softmax over the planes' best merits.
PLANE_SHARPNESS = 25.0
#: Below this probability of its plane a picture is refused.
LEAST_PLANE_PROBABILITY = 0.6
#: Half width of the 90 % level interval: this many times the network's spread made ``LEAST_SPREAD_MM`` larger. Near the
#: 90 % conformal quantile (1.50) of 733 slices of 53 patients and heads that trained nothing.
SPREADS, LEAST_SPREAD_MM = 1.55, 2.0


def least_merit(network: Opinion, header: bool, brain: float = 0.0) -> float:
    """The merit below which a picture is refused; ``brain`` is the similarity of its brain alone."""
    if network.probability >= SURE_PROBABILITY and network.spread_mm <= SURE_SPREAD_MM:
        return LEAST_WHEN_SURE
    fair = network.probability >= FAIR_PROBABILITY and network.spread_mm <= FAIR_SPREAD_MM
    if fair and brain >= ALIKE_BRAIN:
        return LEAST_WITH_BRAIN
    return LEAST_WITH_HEADER if header else LEAST_SIMILARITY


def level_error_mm(spread_mm: float) -> float:
    """Half width (mm) of the 90 % interval of the level, from the standard deviation that the level network gives."""
    return SPREADS * (spread_mm + LEAST_SPREAD_MM)
