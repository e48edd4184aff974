"""Where a slice could lie: what search and fit of the whole head find, and how its candidates are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log

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
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.refine import Fit, Points, points_of, refine
from saliscribe.anatomy.search import Start, search
from saliscribe.anatomy.settle import settle
from saliscribe.anatomy.turns import UPRIGHT, Turn
from saliscribe.core.names import Plane

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


@dataclass(frozen=True)
class Candidates:
    """Fits of a picture that was turned, best first, and what they were made of; sizes in pixels ``shrink`` wide."""

    turn: Turn
    fits: tuple[Fit, ...]
    points: Mapping[float, Points]
    expected: Mapping[Plane, tuple[float, float] | None]
    guess: LevelDistribution
    shrink: float

    def in_pixels(self) -> list[Fit]:
        """The fits in pixels of the picture."""
        return [_in_pixels(fit, self.shrink) for fit in self.fits]

    def settled(self, known: Known) -> Fit:
        """The first fit, moved on to where the brain fits best, in pixels of the picture."""
        plane = self.fits[0].plane

        def likelihood(level_mm: float) -> float:
            return 0.0 if known.level_mm is not None else level_likelihood(self.guess, plane, level_mm)

        fixed = known.spacing_mm is not None
        fits, expected = list(self.fits), self.expected[plane]
        return _in_pixels(settle(fits, self.points, ROUNDS, fixed, expected, likelihood), self.shrink)


def candidates(
    picture: NDArray, tumour: NDArray[np.bool_], known: Known, turn: Turn = UPRIGHT
) -> Candidates | None:
    """Search and fit of the picture in one turn; ``None`` for a picture that shows nothing."""
    picture, tumour = turn.apply(picture), turn.apply(tumour)
    shrink = max(1.0, max(picture.shape) / LARGEST_PX)
    scaled = robust_scale(_shrunk(picture, shrink))
    if float(scaled.std()) < 0.02:
        return None
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
    if not fits:
        return None
    fits.sort(key=lambda fit: -rank(fit))
    return Candidates(turn, tuple(fits), points, expected, guess, shrink)


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


def rank(fit: Fit) -> float:
    """Merit and the network's opinion together: what fits are ordered by."""
    return merit(fit) + fit.likelihood


def merit(fit: Fit) -> float:
    """Similarity of the head, less a little for slices that show no brain."""
    low, high = BRAIN_LEVELS[fit.plane]
    level = level_of(fit.affine((1, 1)), fit.plane)
    beyond = max(low - level, level - high, 0.0)
    return fit.similarity - fit.penalty - OUTSIDE_BRAIN_PER_MM * beyond


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
