"""A tumour mask, from the segmentation head's probability or from a saliency map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.records.mask import Mask, SweepStep
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.masking.candidates import Candidates, make_candidates
from saliscribe.masking.clean import clean, smooth
from saliscribe.masking.criteria import CRITERIA
from saliscribe.masking.settings import DEFAULT_MASK_SETTINGS, MaskSettings

#: Below this range a map is flat: it says nothing about place.
FLAT = 1e-6


def mask_from_probability(
    tumour_probability: NDArray[np.floating],
    brain: NDArray[np.bool_],
    *,
    settings: MaskSettings = DEFAULT_MASK_SETTINGS,
) -> Mask:
    """The segmentation head's mask: probability at or above ``settings.threshold``, holes filled, small parts dropped.

    The rough ``brain`` region does not cut it (tumours at the skull base would suffer);
    ``heat_outside_brain`` is the share of
    the probability that lies outside. ``sweep`` has the masks at the other thresholds. Empty is a valid result.
    """
    probability = smooth(np.asarray(tumour_probability, dtype=np.float32), settings.probability_smoothing)

    def at(threshold: float) -> NDArray[np.bool_]:
        return clean(
            probability >= threshold, min_area=settings.min_area, component_share=settings.component_share
        )

    pixels = at(settings.threshold)
    return Mask(
        pixels=pixels,
        source="segmentation_head",
        threshold=settings.threshold,
        criterion=f"probability at least {settings.threshold:g}",
        sweep=tuple(SweepStep(threshold, at(threshold)) for threshold in settings.sweep_thresholds),
        heat_outside_brain=_share_outside(probability, brain),
        firmness=float(np.asarray(tumour_probability)[pixels].mean()) if pixels.any() else None,
    )


def mask_from_heat(
    saliency_map: SaliencyMap,
    brain: NDArray[np.bool_],
    grey: NDArray[np.float32],
    settings: MaskSettings = DEFAULT_MASK_SETTINGS,
) -> Mask:
    """The mask of a saliency map at a percentile, inside the brain, that ``settings.criterion`` chooses for this image.

    Heat outside the brain is reported and not used; where no brain was found the whole picture serves. A flat map,
    or one with no heat in the brain, gives an empty mask.
    """
    heat = np.asarray(saliency_map.heat, dtype=np.float32)
    region = brain if brain.any() else np.ones(heat.shape, dtype=bool)
    outside = _share_outside(heat, region)
    inside = np.where(region, smooth(heat, settings.smoothing), np.float32(0.0))
    if float(inside[region].max()) - float(inside[region].min()) < FLAT:
        return _empty(saliency_map, settings, outside, "the map is flat inside the brain")
    percentiles = _percentiles(saliency_map, settings)
    candidates = make_candidates(inside, region, grey, saliency_map.target, settings, percentiles)
    chosen: int | None = CRITERIA.load(settings.criterion)(candidates, settings)
    if chosen is None:
        return _empty(saliency_map, settings, outside, "no threshold leaves a region")
    return Mask(
        pixels=candidates.masks[chosen],
        source=saliency_map.method,
        threshold=float(candidates.thresholds[chosen]),
        threshold_percentile=float(candidates.percentiles[chosen]),
        criterion=settings.criterion,
        sweep=_sweep(candidates),
        heat_outside_brain=outside,
    )


def _percentiles(saliency_map: SaliencyMap, settings: MaskSettings) -> tuple[float, ...]:
    """The sweep, with the exact percentile of a criterion that states one."""
    stated = {
        "fixed": settings.fixed_percentile,
        "class-tuned": settings.class_percentiles.get(saliency_map.target),
    }
    extra = stated.get(settings.criterion)
    return tuple(sorted({*settings.percentiles, *([] if extra is None else [extra])}))


def _sweep(candidates: Candidates) -> tuple[SweepStep, ...]:
    return tuple(
        SweepStep(float(threshold), mask)
        for threshold, mask in zip(candidates.thresholds, candidates.masks, strict=True)
    )


def _empty(saliency_map: SaliencyMap, settings: MaskSettings, outside: float | None, why: str) -> Mask:
    return Mask(
        pixels=np.zeros(saliency_map.heat.shape, dtype=bool),
        source=saliency_map.method,
        threshold=1.0,
        criterion=f"{settings.criterion}: {why}",
        heat_outside_brain=outside,
    )


def _share_outside(heat: NDArray[np.float32], brain: NDArray[np.bool_]) -> float | None:
    """Share of all heat outside the brain; ``None`` where there is no heat at all or no brain region."""
    total = float(heat.sum(dtype=np.float64))
    if total <= 0.0 or not brain.any():
        return None
    return float(heat[~brain].sum(dtype=np.float64)) / total
