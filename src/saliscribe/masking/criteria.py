"""Rules that choose one percentile of a sweep, each with its equation. ``CRITERIA`` is the table of them.

Every rule takes the candidates and the settings and returns an index, or ``None`` where nothing can be chosen.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.errors import UsageError
from saliscribe.masking.candidates import Candidates
from saliscribe.masking.settings import MaskSettings
from saliscribe.masking.thresholds import kapur_threshold, otsu_threshold
from saliscribe.registry import Entry, Registry

CRITERIA = Registry(
    "mask criterion",
    {
        "fixed": Entry("saliscribe.masking.criteria:fixed", "one percentile for every image"),
        "class-tuned": Entry(
            "saliscribe.masking.criteria:class_tuned", "one percentile per class, from validation patients"
        ),
        "otsu": Entry(
            "saliscribe.masking.criteria:otsu", "largest between-class variance of the heat (Otsu 1979)"
        ),
        "kapur": Entry(
            "saliscribe.masking.criteria:kapur", "largest sum of entropies of the heat (Kapur 1985)"
        ),
        "stability": Entry(
            "saliscribe.masking.criteria:stability", "smallest relative change of area (MSER, Matas 2002)"
        ),
        "knee": Entry(
            "saliscribe.masking.criteria:knee", "knee of heat over percentile (largest distance to the chord)"
        ),
        "contrast": Entry(
            "saliscribe.masking.criteria:contrast", "largest grey contrast of region against its ring"
        ),
        "edge": Entry("saliscribe.masking.criteria:edge", "largest mean grey gradient along the outline"),
        "chan-vese": Entry(
            "saliscribe.masking.criteria:chan_vese", "most grey variance explained in its neighbourhood"
        ),
    },
)

#: Width of the ring around a mask, as a share of the radius of a disc of its area, and its least width in pixels.
RING, RING_LEAST_PX = 0.5, 3.0


def fixed(candidates: Candidates, settings: MaskSettings) -> int | None:
    """The candidate nearest to ``settings.fixed_percentile``."""
    return candidates.nearest(settings.fixed_percentile)


def class_tuned(candidates: Candidates, settings: MaskSettings) -> int | None:
    """The candidate nearest to the class's percentile, which was tuned on validation patients."""
    if candidates.target not in settings.class_percentiles:
        raise UsageError(
            "no percentile tuned for this class",
            expected=candidates.target,
            got=", ".join(settings.class_percentiles) or "none",
            do="measure with `evaluate`, or choose another criterion",
        )
    return candidates.nearest(settings.class_percentiles[candidates.target])


def otsu(candidates: Candidates, settings: MaskSettings) -> int | None:
    """t* = argmax w0(t) w1(t) (m0(t) - m1(t))^2 over the heat inside the brain."""
    return candidates.nearest_threshold(otsu_threshold(candidates.heat[candidates.brain]))


def kapur(candidates: Candidates, settings: MaskSettings) -> int | None:
    """t* = argmax H(heat <= t) + H(heat > t), H the entropy of the normalised histogram part."""
    return candidates.nearest_threshold(kapur_threshold(candidates.heat[candidates.brain]))


def stability(candidates: Candidates, settings: MaskSettings) -> int | None:
    """p* = argmin |A(p-) - A(p+)| / A(p), A the area of the cleaned mask at the neighbouring candidates."""
    areas = candidates.areas
    if (areas > 0).sum() < 3:
        return _first_not_empty(areas)
    change = np.abs(areas[:-2] - areas[2:]) / np.maximum(areas[1:-1], 1.0)
    spans = candidates.percentiles[2:] - candidates.percentiles[:-2]
    change = np.where((areas[1:-1] > 0) & (areas[2:] > 0), change / spans, np.inf)
    return int(np.argmin(change)) + 1 if np.isfinite(change).any() else _first_not_empty(areas)


def knee(candidates: Candidates, settings: MaskSettings) -> int | None:
    """p* = argmax of the distance between the curve heat(p) and the chord of its ends, both axes scaled to [0, 1]."""
    heat, percentile = _to_unit(candidates.thresholds), _to_unit(candidates.percentiles)
    return int(np.argmax(percentile - heat))


def contrast(candidates: Candidates, settings: MaskSettings) -> int | None:
    """p* = argmax |m_in - m_ring| / sqrt((s_in^2 + s_ring^2) / 2) of grey; the ring has half the radius of
    an equal disc.
    """
    return _best(candidates, _contrast_to_noise)


def edge(candidates: Candidates, settings: MaskSettings) -> int | None:
    """p* = argmax of the mean gradient magnitude of lightly blurred grey along the outline."""
    gradient = ndimage.gaussian_gradient_magnitude(
        candidates.grey, max(1.0, 0.004 * max(candidates.grey.shape))
    )

    def along(mask: NDArray[np.bool_], _: Candidates) -> float:
        outline = mask & ~ndimage.binary_erosion(mask)
        return float(gradient[outline].mean())

    return _best(candidates, along)


def chan_vese(candidates: Candidates, settings: MaskSettings) -> int | None:
    """p* = argmin of (SS_in + SS_out) / SS_all in the neighbourhood of the largest candidate (Chan & Vese
    2001, no length term).
    """
    around = _grown(candidates.masks[int(np.argmax(candidates.areas))]) & candidates.brain
    grey = candidates.grey[around]
    total = float(grey.var()) * grey.size if grey.size else 0.0

    def explained(mask: NDArray[np.bool_], _: Candidates) -> float:
        own = mask[around]
        inside, outside = grey[own], grey[~own]
        if inside.size == 0 or outside.size == 0 or total <= 0.0:
            return -np.inf
        return 1.0 - (float(inside.var()) * inside.size + float(outside.var()) * outside.size) / total

    return _best(candidates, explained)


def _contrast_to_noise(mask: NDArray[np.bool_], candidates: Candidates) -> float:
    ring = _grown(mask) & candidates.brain & ~mask
    if not ring.any():
        return -np.inf
    inside, outside = candidates.grey[mask], candidates.grey[ring]
    spread = np.sqrt((float(inside.var()) + float(outside.var())) / 2.0)
    return abs(float(inside.mean()) - float(outside.mean())) / max(float(spread), 1e-6)


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """``mask`` and a ring around it; the distances are computed only where the ring can be."""
    if not mask.any():
        return mask
    width = max(RING_LEAST_PX, RING * float(np.sqrt(mask.sum() / np.pi)))
    reach = int(np.ceil(width)) + 1
    (box,) = ndimage.find_objects(mask.astype(np.uint8))
    near = tuple(slice(max(0, part.start - reach), part.stop + reach) for part in box)
    grown = mask.copy()
    grown[near] = ndimage.distance_transform_edt(~mask[near]) <= width
    return grown


def _best(candidates: Candidates, score: Callable[[NDArray[np.bool_], Candidates], float]) -> int | None:
    areas = candidates.areas
    scores = [
        score(mask, candidates) if area else -np.inf
        for mask, area in zip(candidates.masks, areas, strict=True)
    ]
    return int(np.argmax(scores)) if np.isfinite(scores).any() else None


def _first_not_empty(areas: NDArray[np.float64]) -> int | None:
    return int(np.argmax(areas > 0)) if (areas > 0).any() else None


def _to_unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    span = float(values[-1] - values[0])
    return (values - values[0]) / span if span > 0 else np.zeros_like(values)
