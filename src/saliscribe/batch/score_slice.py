"""One row of an evaluation: what was said about a labelled slice, and how every mask fits the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import CLASSES, CamMethod
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.masking.baselines import gaussian_mask, otsu_mask
from saliscribe.masking.make_mask import mask_from_heat, mask_from_probability
from saliscribe.masking.settings import MaskSettings
from saliscribe.metrics.overlap import dice, iou
from saliscribe.metrics.pointing import energy_inside, pointing_game
from saliscribe.metrics.surface_distance import hausdorff95

Row = dict[str, Any]


@dataclass(frozen=True)
class MaskPlan:
    """Which masks are scored: CAM methods, each with one or more settings by name ("" is the default one).

    ``distances`` also measures the outlines of maps' masks and baselines (``hd95_mm_<source>``), which takes longer.
    """

    methods: tuple[CamMethod, ...] = ()
    variants: Mapping[str, MaskSettings] | None = None
    baselines: bool = True
    distances: bool = False

    @property
    def named_settings(self) -> Mapping[str, MaskSettings]:
        """The variants, or the default settings under an empty name."""
        return self.variants or {"": MaskSettings()}


def score_slice(
    item: LabelledSlice,
    prepared: Prepared,
    said: Prediction,
    maps: Mapping[CamMethod, SaliencyMap],
    truth: NDArray[np.bool_] | None,
    plan: MaskPlan,
) -> Row:
    """Labels, probabilities and logits, and per mask source ``dice_<source>``, ``iou_<source>``; ``None``
    where there is no truth.

    The segmentation head's columns are plain ``dice``, ``iou``, ``hd95_px`` and ``hd95_mm``.
    """
    row: Row = {
        "file": item.path.name,
        "patient": item.patient,
        "fold": item.fold,
        "plane": item.plane,
        "label": item.label,
        **{f"logit_{name}": value for name, value in zip(CLASSES, said.logits, strict=True)},
        **{f"p_{name}": said.probabilities[name] for name in CLASSES},
        "true_area_px": None if truth is None else int(truth.sum()),
        "warnings": len(prepared.warnings),
    }
    row |= _head_scores(item, prepared, said, truth)
    for method, saliency_map in maps.items():
        row |= _heat_scores(item, method, saliency_map, prepared, truth, plan)
    if plan.baselines:
        for source, mask in (
            ("gaussian_prior", gaussian_mask(prepared.brain)),
            ("otsu", otsu_mask(prepared.grey, prepared.brain)),
        ):
            row |= overlap_columns(source, mask, truth)
            row |= distance_column(item, source, mask, truth) if plan.distances else {}
    return row


def overlap_columns(source: str, mask: NDArray[np.bool_], truth: NDArray[np.bool_] | None) -> Row:
    """``dice_<source>`` and ``iou_<source>``; ``None`` where there is no truth."""
    names = (f"dice_{source}", f"iou_{source}") if source else ("dice", "iou")
    values: Sequence[float | None] = (None, None) if truth is None else (dice(mask, truth), iou(mask, truth))
    return dict(zip(names, values, strict=True))


def distance_column(
    item: LabelledSlice, source: str, mask: NDArray[np.bool_], truth: NDArray[np.bool_] | None
) -> Row:
    """``hd95_mm_<source>``; ``None`` without truth, pixel size, or where one mask is empty."""
    name = f"hd95_mm_{source}"
    if truth is None or item.spacing_mm is None:
        return {name: None}
    return {name: hausdorff95(mask, truth, spacing_mm=item.spacing_mm)}


def _head_scores(
    item: LabelledSlice, prepared: Prepared, said: Prediction, truth: NDArray[np.bool_] | None
) -> Row:
    if said.tumour_probability is None:
        return {}
    mask = mask_from_probability(said.tumour_probability, prepared.brain).pixels
    row = overlap_columns("", mask, truth)
    row["predicted_area_px"] = int(mask.sum())
    distance = None if truth is None else hausdorff95(mask, truth)
    row["hd95_px"] = distance
    row["hd95_mm"] = None if distance is None or item.spacing_mm is None else distance * item.spacing_mm
    return row


def _heat_scores(
    item: LabelledSlice,
    method: CamMethod,
    saliency_map: SaliencyMap,
    prepared: Prepared,
    truth: NDArray[np.bool_] | None,
    plan: MaskPlan,
) -> Row:
    row: Row = {}
    for name, its in plan.named_settings.items():
        mask = mask_from_heat(saliency_map, prepared.brain, prepared.grey, its)
        source = f"{method}@{name}" if name else method
        row |= overlap_columns(source, mask.pixels, truth)
        row |= distance_column(item, source, mask.pixels, truth) if plan.distances else {}
        row[f"percentile_{source}"] = mask.threshold_percentile
    hit = None if truth is None else pointing_game(saliency_map.heat, truth)
    row[f"pointing_{method}"] = None if hit is None else float(hit)
    row[f"energy_{method}"] = None if truth is None else energy_inside(saliency_map.heat, truth)
    return row
