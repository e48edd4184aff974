"""Placing a lone slice in the atlas: a small network guesses plane and level, matching the template does the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.features import head_region, robust_scale
from saliscribe.anatomy.level_network import LevelDistribution, level_distribution
from saliscribe.anatomy.level_prior import (
    expected_level,
    level_likelihood,
    likely_levels,
    likely_planes,
    opinion,
    plane_likelihood,
)
from saliscribe.anatomy.placement_error import (
    LEAST_PLANE_PROBABILITY,
    LEAST_SIMILARITY,
    PLANE_SHARPNESS,
    least_merit,
    level_error_mm,
)
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.refine import Fit, points_of, refine, settle
from saliscribe.anatomy.search import Start, search
from saliscribe.anatomy.turns import QUARTER_TURNS, UPRIGHT, Turn, turn_to_display
from saliscribe.core.axes import NORMAL_AXIS, plane_of
from saliscribe.core.names import PLANES, Orientation, Plane
from saliscribe.core.records.localisation import Placement

SPACE = "MNI152NLin6Asym"
#: MNI heads are larger than life: the mean in-plane size of the template over that of a patient.
TEMPLATE_OVER_LIFE = 1.07
#: Widths (template mm) that a whole picture may show, the usual one, and the spread of its logarithm.
FIELD_MM, USUAL_FIELD_MM, FIELD_SPREAD = (150.0, 340.0), 262.0, 0.20
#: Weight of the field-of-view prior on the similarity scale.
FIELD_WEIGHT = 0.02
#: Levels (MNI mm) between which a slice shows a fair piece of brain, and what every mm beyond costs in similarity.
BRAIN_LEVELS: dict[Plane, tuple[float, float]] = {
    "axial": (-56.0, 74.0),
    "coronal": (-96.0, 62.0),
    "sagittal": (-64.0, 64.0),
}
OUTSIDE_BRAIN_PER_MM = 0.015
#: Pictures are first brought to at most this many pixels per side.
LARGEST_PX = 256
#: Share of the match in the level, the network having the rest; half width (mm) of the interval of a stated level.
MATCH_SHARE, STATED_LEVEL_MM = 0.5, 3.0
#: Gauss-Newton steps of a fit at most.
ROUNDS = 14
#: Starts refined per plane, and how far below the best one (similarity) a start may be.
STARTS_PER_PLANE, STARTS_WITHIN = 4, 0.22


@dataclass(frozen=True)
class Known:
    """What is known before looking: any of plane, level (MNI mm), pixel size (mm), and whether the mirror is known."""

    plane: Plane | None = None
    level_mm: float | None = None
    spacing_mm: float | None = None
    mirror_known: bool = False


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
    shape = (int(picture.shape[0]), int(picture.shape[1]))
    tumour = np.zeros(shape, dtype=bool) if tumour is None else tumour
    if affine is not None:
        header_plane = plane_of(affine)
        turns: tuple[Turn, ...] = (turn_to_display(affine, header_plane),)
        known = Known(header_plane, level_mm, spacing_mm, mirror_known=True)
    else:
        turns = (Turn(flip_columns=orientation == "neurological" and plane != "sagittal"),)
        known = Known(plane, level_mm, spacing_mm)
    fits = [(fit, turns[0]) for fit in _fits(turns[0].apply(picture), turns[0].apply(tumour), known)]
    if (
        affine is None
        and orientation == "unknown"
        and (not fits or fits[0][0].similarity < LEAST_SIMILARITY + 0.1)
    ):
        for turn in QUARTER_TURNS:
            fits += [(fit, turn) for fit in _fits(turn.apply(picture), turn.apply(tumour), known)]
        fits.sort(key=lambda item: -_rank(item[0], item[1]))
    return _placement(fits, shape, known, header=affine is not None)


def _fits(picture: NDArray, tumour: NDArray[np.bool_], known: Known) -> list[Fit]:
    """Refined candidates, best first; their geometry is in pixels of the given picture."""
    shrink = max(1.0, max(picture.shape) / LARGEST_PX)
    scaled = robust_scale(_shrunk(picture, shrink))
    if float(scaled.std()) < 0.02:
        return []
    margin = max(1, round(0.012 * max(scaled.shape)))
    weight = 1.0 - _widened(_shrunk(tumour.astype(np.float32), shrink) > 0.3, margin).astype(np.float32)
    scales = _scales(scaled, known, shrink)
    guess = level_distribution(picture)
    planes = (known.plane,) if known.plane else likely_planes(guess)
    between = {plane: likely_levels(guess, plane, known.level_mm) for plane in planes}
    starts = [
        _with_prior(start, scaled, known, guess) for start in search(scaled, weight, scales, planes, between)
    ]
    chosen = _choose(sorted(starts, key=lambda start: -start.similarity), known)
    points = {scale: points_of(scaled, weight, scale, 5.0) for scale in {one.scale_mm for one in chosen}}
    fixed = known.spacing_mm is not None
    expected = {plane: expected_level(guess, plane, known.level_mm) for plane in planes}
    fits = [refine(one, points[one.scale_mm], ROUNDS, fixed, expected[one.place.plane]) for one in chosen]
    fits = [_with_network(fit, known, guess) for fit in fits]
    fits = fits if fixed else [_with_field(fit, max(scaled.shape)) for fit in fits]
    fits.sort(key=lambda fit: -_rank(fit, UPRIGHT))
    fits[:1] = [
        settle(fit, points[fit.start.scale_mm], ROUNDS, fixed, expected[fit.plane]) for fit in fits[:1]
    ]
    return [_in_pixels(fit, shrink) for fit in fits]


def _widened(region: NDArray[np.bool_], steps: int) -> NDArray[np.bool_]:
    """``region`` and what is up to ``steps`` pixels away from it; only its surroundings are looked at."""
    for box in ndimage.find_objects(region.astype(np.uint8)):
        near = tuple(slice(max(0, side.start - steps), side.stop + steps) for side in box)
        region[near] = ndimage.binary_dilation(region[near], iterations=steps)
    return region


def _scales(scaled: NDArray[np.float32], known: Known, shrink: float) -> NDArray[np.float64]:
    if known.spacing_mm is not None:
        return known.spacing_mm * shrink * TEMPLATE_OVER_LIFE * np.array([0.93, 1.0, 1.07])
    head = np.argwhere(head_region(scaled))
    side = max(scaled.shape)
    extent = float((head.max(axis=0) - head.min(axis=0)).max() + 1) if len(head) else float(side)
    lowest = max(FIELD_MM[0], min(110.0 * side / extent, 215.0))
    highest = min(FIELD_MM[1], 285.0 * side / extent)
    return np.asarray(np.geomspace(lowest, max(highest, lowest * 1.2), 6) / side)


def _with_prior(start: Start, scaled: NDArray[np.float32], known: Known, guess: LevelDistribution) -> Start:
    similarity = start.similarity
    if known.level_mm is None:
        similarity += level_likelihood(guess, start.place.plane, start.level_mm)
    if known.spacing_mm is None:
        similarity -= _field_penalty(start.scale_mm * max(scaled.shape))
    return replace(start, similarity=similarity)


def _with_network(fit: Fit, known: Known, guess: LevelDistribution) -> Fit:
    likelihood = 0.0 if known.plane is not None else plane_likelihood(guess, fit.plane)
    if known.level_mm is None:
        likelihood += level_likelihood(guess, fit.plane, level_of(fit.affine((1, 1)), fit.plane))
    return replace(fit, likelihood=likelihood, network=opinion(guess, fit.plane))


def _with_field(fit: Fit, side_px: int) -> Fit:
    size = float(np.sqrt(np.linalg.norm(fit.right) * np.linalg.norm(fit.down)))
    return replace(fit, penalty=_field_penalty(size * side_px))


def _field_penalty(field_mm: float) -> float:
    return FIELD_WEIGHT * (log(field_mm / USUAL_FIELD_MM) / FIELD_SPREAD) ** 2


def _choose(starts: list[Start], known: Known) -> list[Start]:
    """The best starts of each plane, far enough apart to lead to different places."""
    kept: list[Start] = []
    for start in starts:
        if known.mirror_known and start.place.plane == "sagittal" and start.place.right[1] > 0:
            continue
        same = [other for other in kept if other.place.plane == start.place.plane]
        if start.similarity < starts[0].similarity - STARTS_WITHIN or len(same) >= STARTS_PER_PLANE:
            continue
        if all(abs(start.level_mm - other.level_mm) > 8.0 or _opposite(start, other) for other in same):
            kept.append(start)
    return kept


def _opposite(a: Start, b: Start) -> bool:
    return float(a.place.right @ b.place.right) < 0


def _rank(fit: Fit, turn: Turn) -> float:
    """Merit and the network's opinion together: what fits are ordered by."""
    return _merit(fit, turn) + fit.likelihood


def _merit(fit: Fit, turn: Turn) -> float:
    """Similarity, less a little for pictures that would lie on their side or show no brain."""
    low, high = BRAIN_LEVELS[fit.plane]
    level = level_of(fit.affine((1, 1)), fit.plane)
    beyond = max(low - level, level - high, 0.0)
    aside = 0.0 if turn in (UPRIGHT, Turn(flip_columns=True)) else 0.05
    return fit.similarity - fit.penalty - OUTSIDE_BRAIN_PER_MM * beyond - aside


def _shrunk(picture: NDArray, shrink: float) -> NDArray[np.float32]:
    values = np.asarray(picture, dtype=np.float32)
    if shrink <= 1.0:
        return values
    count = tuple(max(8, round(n / shrink)) for n in values.shape)
    smooth = ndimage.gaussian_filter(values, 0.4 * shrink)
    offset = [(n - 1) / 2 - shrink * (m - 1) / 2 for n, m in zip(values.shape, count, strict=True)]
    return np.asarray(
        ndimage.affine_transform(smooth, np.array([shrink, shrink]), offset, count, order=1, mode="nearest")
    )


def _in_pixels(fit: Fit, shrink: float) -> Fit:
    return replace(fit, right=fit.right / shrink, down=fit.down / shrink)


def _placement(
    fits: list[tuple[Fit, Turn]], shape: tuple[int, int], known: Known, *, header: bool
) -> Placement:
    chance = None if known.plane or not fits else _plane_probability(fits)
    unclear = chance is not None and chance < LEAST_PLANE_PROBABILITY
    if not fits or unclear or _merit(*fits[0]) < least_merit(fits[0][0].network, header):
        residual = None if not fits else 1.0 - max(0.0, fits[0][0].similarity)
        how = "the plane is not clear" if unclear else "no slice of the head template fits the picture"
        return Placement(known.plane, "D", None, None, residual, None, SPACE, how)
    best, turn = _levelled(fits[0][0], known), fits[0][1]
    turned = (shape[1], shape[0]) if turn.swap else shape
    affine = best.affine(turned) @ turn.matrix(shape)
    level = level_of(affine, best.plane) if known.level_mm is None else known.level_mm
    error = STATED_LEVEL_MM if known.level_mm is not None else level_error_mm(best.network.spread_mm)
    others = tuple(
        (fit.plane, round(level_of(fit.affine(turned), fit.plane), 1), round(fit.similarity, 3))
        for fit, other_turn in fits[1:6]
        if other_turn == turn
    )
    return Placement(
        plane=best.plane,
        grade="B" if header else "C",
        level_mm=level,
        interval_mm=(level - error, level + error),
        residual=1.0 - min(1.0, best.similarity),
        affine=affine,
        space=SPACE,
        how=_how(known, header),
        plane_probability=chance,
        alternatives=others,
    )


def _levelled(fit: Fit, known: Known) -> Fit:
    """The fit moved along its normal to the middle between its own level and the network's."""
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


def _plane_probability(fits: list[tuple[Fit, Turn]]) -> float:
    """Softmax of the best rank of each plane; the sharpness is calibrated on real slices."""
    top = {
        plane: max((_rank(*item) for item in fits if item[0].plane == plane), default=0.0) for plane in PLANES
    }
    weights = {plane: exp(PLANE_SHARPNESS * (value - max(top.values()))) for plane, value in top.items()}
    return weights[fits[0][0].plane] / sum(weights.values())
