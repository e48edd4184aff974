"""Facts about the heat maps: does the explanation point at what was delineated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import CAM_METHOD_NAMES, CamMethod, MaskSource
from saliscribe.core.records.fact import Evidence, EvidenceFile
from saliscribe.core.records.facts import SaliencyFact
from saliscribe.core.records.mask import Mask
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.findings.measure_heat import energy_inside, heat_outside, overlap_dice, peak_inside

_HeatId = Literal["F11.1", "F11.2", "F11.3"]
_IDS: Mapping[CamMethod, _HeatId] = {"gradcam": "F11.1", "gradcam++": "F11.2", "scorecam": "F11.3"}


def heat_facts(
    maps: Mapping[CamMethod, SaliencyMap],
    masks: Mapping[MaskSource, Mask],
    mask_source: MaskSource,
    brain: NDArray[np.bool_],
) -> tuple[SaliencyFact, SaliencyFact, SaliencyFact]:
    """One fact per method, ``not_assessed`` where its map was not computed."""
    first, second, third = (
        _heat_fact(method, maps, masks, mask_source, brain) for method in CAM_METHOD_NAMES
    )
    return first, second, third


def _heat_fact(
    method: CamMethod,
    maps: Mapping[CamMethod, SaliencyMap],
    masks: Mapping[MaskSource, Mask],
    mask_source: MaskSource,
    brain: NDArray[np.bool_],
) -> SaliencyFact:
    if method not in maps:
        return SaliencyFact(id=_IDS[method], state="not_assessed", stage="attribute", method=method)
    heat, region, own = maps[method].heat, masks[mask_source].pixels, masks.get(method)
    compared = own is not None and method != mask_source and region.any()
    return SaliencyFact(
        id=_IDS[method],
        state="present",
        stage="attribute",
        evidence=(
            Evidence(file=cast(EvidenceFile, f"saliency_{method}.npz"), map=method),
            Evidence(file="mask.png"),
        ),
        method=method,
        overlap_dice=_rounded(overlap_dice(own.pixels, region)) if compared and own is not None else None,
        energy_inside=_rounded(energy_inside(heat, region, brain)),
        heat_outside_brain=_rounded(heat_outside(heat, brain)),
        peak_inside=peak_inside(heat, region, brain),
        threshold_percentile=None if own is None else _rounded(own.threshold_percentile),
        evaluated_fraction=_rounded(maps[method].evaluated_fraction),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 6)
