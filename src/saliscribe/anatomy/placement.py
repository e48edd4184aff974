"""Placing a lone slice in the atlas: a small network guesses plane and level, matching the template does the rest."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.candidates import Known, rank
from saliscribe.anatomy.contradiction import contradiction, lying
from saliscribe.anatomy.margin import Window, shape_of, shifted, without_margin
from saliscribe.anatomy.placement_error import (
    LEAST_PLANE_PROBABILITY,
    PLANE_SHARPNESS,
    level_error_mm,
    within_head,
)
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.refine import Fit
from saliscribe.anatomy.sighting import Sighting, sighting
from saliscribe.anatomy.turns import Turn, turn_to_display
from saliscribe.core.axes import NORMAL_AXIS, plane_of
from saliscribe.core.names import PLANES, Orientation, Plane
from saliscribe.core.records.localisation import Placement

SPACE = "MNI152NLin6Asym"
NOTHING_FITS = "no slice of the head template fits the picture"
#: Share of the match in the level, the network having the rest; half width (mm) of the interval of a stated level.
MATCH_SHARE, STATED_LEVEL_MM = 0.75, 3.0


def place(
    picture: NDArray,
    tumour: NDArray[np.bool_] | None = None,
    *,
    affine: NDArray[np.float64] | None = None,
    spacing_mm: float | None = None,
    plane: Plane | None = None,
    level_mm: float | None = None,
    orientation: Orientation = "unknown",
) -> Placement:
    """Where the slice lies in MNI space, or a ``Placement`` of grade D without affine when nothing fits.

    Args:
        picture: (rows, columns) grey values, any scale.
        tumour: (rows, columns) pixels that are left out of the match.
        affine: 4x4 scanner geometry (RAS+ mm) if a header states it: fixes plane and sides (grade B).
        spacing_mm: pixel size, if a header or the user states it and it can be trusted.
        plane, level_mm: stated by the user.
        orientation: whether the user says that the patient's left is on the right of the picture (radiological).
    """
    window = without_margin(picture)
    tumour = np.zeros(picture.shape, dtype=bool) if tumour is None else tumour
    picture, tumour = picture[window], tumour[window]
    if affine is not None:
        header_plane = plane_of(affine)
        turn = turn_to_display(affine, header_plane)
        known = Known(header_plane, level_mm, spacing_mm, mirror_known=True)
    else:
        turn = Turn(flip_columns=orientation == "neurological" and plane != "sagittal")
        known = Known(plane, level_mm, spacing_mm)
    seen = sighting(picture, tumour, known, turn, may_turn=affine is None)
    if seen is None:
        return _refused(known.plane, None, NOTHING_FITS)
    chance = None if known.plane else _plane_probability(seen.fits)
    residual = 1.0 - min(1.0, max(0.0, seen.fits[0].similarity))
    contradicted = contradiction(known, seen.guess, seen.fits[0].plane)
    if contradicted is not None:
        return _refused(None, residual, contradicted, (contradicted,))
    if chance is not None and chance < LEAST_PLANE_PROBABILITY:
        return _refused(None, residual, "the plane is not clear")
    if seen.evidence < 0:
        return _refused(known.plane, residual, NOTHING_FITS)
    aside = lying(seen.turn, orientation) if affine is None else None
    if aside is not None and orientation != "unknown":
        return _refused(known.plane, residual, aside, (aside,))
    placed = _placement(seen, window, known, chance, header=affine is not None)
    return replace(placed, notes=() if aside is None else (aside,))


def _refused(plane: Plane | None, residual: float | None, how: str, notes: tuple[str, ...] = ()) -> Placement:
    return Placement(plane, "D", None, None, residual, None, SPACE, how, notes=notes)


def _placement(
    seen: Sighting, window: Window, known: Known, chance: float | None, *, header: bool
) -> Placement:
    best = _levelled(seen.fits[0], known)
    shape = shape_of(window)
    turned = (shape[1], shape[0]) if seen.turn.swap else shape
    affine = best.affine(turned) @ seen.turn.matrix(shape) @ shifted(window)
    level = level_of(affine, best.plane) if known.level_mm is None else known.level_mm
    error = STATED_LEVEL_MM if known.level_mm is not None else level_error_mm(best.network.spread_mm)
    others = tuple(
        (fit.plane, round(level_of(fit.affine(turned), fit.plane), 1), round(fit.similarity, 3))
        for fit in seen.fits[1:6]
    )
    return Placement(
        plane=best.plane,
        grade="B" if header else "C",
        level_mm=level,
        interval_mm=within_head(best.plane, level - error, level + error),
        residual=1.0 - min(1.0, best.similarity),
        affine=affine,
        space=SPACE,
        how=_how(known, header),
        plane_probability=chance,
        alternatives=others,
    )


def _levelled(fit: Fit, known: Known) -> Fit:
    """The fit moved along its normal, a little towards the network's level."""
    if known.level_mm is not None:
        return fit
    axis = NORMAL_AXIS[fit.plane]
    affine = fit.affine((1, 1))
    level = level_of(affine, fit.plane)
    wanted = fit.network.level_mm if level >= 0 or fit.plane != "sagittal" else -fit.network.level_mm
    step = (wanted - level) * (1 - MATCH_SHARE) * affine[axis, 2]
    return replace(fit, origin=fit.origin + step * affine[:3, 2])


def _how(known: Known, header: bool) -> str:
    plane = (
        "plane from the header"
        if header
        else "plane stated by the user"
        if known.plane
        else "plane by the level network and matching"
    )
    level = (
        "level stated by the user"
        if known.level_mm is not None
        else "level by the level network and matching the head template"
    )
    return f"{plane}; {level}; in-plane affine and tilt by matching"


def _plane_probability(fits: tuple[Fit, ...]) -> float:
    """Softmax of the best rank of each plane; the sharpness is calibrated on real slices."""
    top = {plane: max((rank(fit) for fit in fits if fit.plane == plane), default=0.0) for plane in PLANES}
    weights = {plane: exp(PLANE_SHARPNESS * (value - max(top.values()))) for plane, value in top.items()}
    return weights[fits[0].plane] / sum(weights.values())
