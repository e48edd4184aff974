"""Cells that need a network and pixels: what it says about every slice, and how every mask fits the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from saliscribe.batch.evaluate import score_all
from saliscribe.batch.score_slice import MaskPlan
from saliscribe.batch.scoring_networks import Assignment, Exposure
from saliscribe.core.names import CLASSES, CamMethod
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import UsageError
from saliscribe.masking.settings import MaskSettings
from saliscribe.metrics.card_figures import read_table
from saliscribe.models.backbones import cam_layers
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import StudyData
from saliscribe.study.find_networks import FoldNetwork, StudyNetwork
from saliscribe.study.settings import FIXED, StudyPlan

#: Raised when a cell would come out differently from the same inputs.
FORMAT = 1
#: Largest difference of logits between a table and the network that made it (rounding, another processor).
SAME_LOGITS = 0.05
SLICE = ("file", "patient", "fold", "plane", "label", "true_area_px")
_SAID = (*SLICE, *(f"logit_{name}" for name in CLASSES), *(f"p_{name}" for name in CLASSES), "dice", "iou")


def rule_settings(rules: Sequence[str]) -> dict[str, MaskSettings]:
    """Mask settings by rule name; ``fixed-90`` is the 90th percentile in every image."""
    return {rule: _settings_of(rule) for rule in rules}


def _settings_of(rule: str) -> MaskSettings:
    if not rule.startswith(FIXED):
        return MaskSettings(criterion=rule)
    percentile = float(rule.removeprefix(FIXED))
    return MaskSettings(criterion="fixed", fixed_percentile=percentile, percentiles=(percentile,))


def prediction_cells(network: StudyNetwork, data: StudyData, store: CellStore) -> pd.DataFrame:
    """One row a slice: logits, probabilities at the network's own temperature, the head's Dice and IoU."""
    if network.plan.table is not None:
        return _from_table(network, data)
    cells = [
        store.rows(
            f"predictions/{network.name}/{fold_word(one)}",
            cell_key("predictions", one, one.slices_of(data.slices)),
            partial(_rows, one, one.slices_of(data.slices), MaskPlan(baselines=False), _SAID),
        )
        for one in network.folds
    ]
    return _joined(network, cells)


def mask_cells(
    network: StudyNetwork, data: StudyData, plan: StudyPlan, store: CellStore
) -> dict[str, pd.DataFrame]:
    """Rows of the map slices by mask source: "beside" (head, prior, Otsu) and every method with all its rules."""
    rules = rule_settings(plan.rules)
    layers = {str(method): layer for method, layer in cam_layers(network.plan.backbone).items()}
    plans: dict[str, MaskPlan] = {"beside": MaskPlan(distances=True)}
    for method in plan.methods:
        plans[method] = MaskPlan((method,), rules, baselines=False, distances=True)
    found = {}
    for source, its in plans.items():
        cells = []
        for one in network.folds:
            slices = one.slices_of(data.map_slices)
            own: dict[str, Any] = (
                {"rules": []}
                if source == "beside"
                else {"rules": plan.rules, "layer": layers[source], **one.placing(layers[source])}
            )
            key = cell_key("masks", one, slices, source=source, **own)
            cells.append(
                store.rows(
                    f"masks/{network.name}/{source}/{fold_word(one)}",
                    key,
                    partial(_rows, one, slices, its, None),
                )
            )
        found[source] = _joined(network, cells)
    return found


def cell_key(kind: str, network: FoldNetwork, slices: Sequence[LabelledSlice], **more: Any) -> dict[str, Any]:
    """All that decides a cell: the weights, the slices and their masks, and the settings given as ``more``."""
    return {
        "kind": kind,
        "format": FORMAT,
        "weights": network.weights_sha256,
        "slices": [(one.path.name, one.path.stat().st_size, one.patient, one.label) for one in slices],
        **{name: list(value) if isinstance(value, tuple) else value for name, value in more.items()},
    }


def _rows(
    network: FoldNetwork, slices: Sequence[LabelledSlice], plan: MaskPlan, columns: Sequence[str] | None
) -> list[Mapping[str, Any]]:
    if not slices:
        return []
    exposure: Exposure = "unseen" if network.fold is not None else "not_known"
    rows = score_all([Assignment(network.folder, exposure, tuple(slices))], plan, "auto", "float32")
    return [row if columns is None else {name: row.get(name) for name in columns} for row in rows]


def _from_table(network: StudyNetwork, data: StudyData) -> pd.DataFrame:
    """Rows of a table of out-of-fold predictions for the study's slices."""
    wanted = {one.path.name for one in data.slices}
    rows = [row for row in read_table(Path(str(network.plan.table))) if row["file"] in wanted]
    table = pd.DataFrame(rows, columns=[name for name in _SAID if name in rows[0]]).replace({"": None})
    numbers = [name for name in table if name not in {"file", "patient", "plane", "label"}]
    return _joined(network, [table.astype(dict.fromkeys(numbers, float))])


def _joined(network: StudyNetwork, cells: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [cell for cell in cells if len(cell)]
    if not filled:
        return pd.DataFrame()
    whole = pd.concat(filled, ignore_index=True)
    whole.insert(0, "network", network.name)
    return whole


def fold_word(network: FoldNetwork) -> str:
    """How a cell names the fold of its network."""
    return "all" if network.fold is None else f"fold_{network.fold}"


def check_table(said: pd.DataFrame, beside: pd.DataFrame, network: StudyNetwork) -> None:
    """A table of predictions must be of the weights beside it: logits agree on the slices that both have.

    Raises:
        UsageError: they do not.
    """
    if network.plan.table is None or said.empty or beside.empty:
        return
    names = [f"logit_{name}" for name in CLASSES]
    both = said.merge(beside, on="file", suffixes=("", "_again"))
    apart = max(float((both[name] - both[f"{name}_again"]).abs().max()) for name in names)
    if not apart < SAME_LOGITS:
        raise UsageError(
            "the table of predictions is not of these weights",
            expected=f"logits within {SAME_LOGITS}",
            got=f"{apart:.3g}",
            where=str(network.plan.table),
            do="name the table of the same cross-validation, or leave it out: the networks are then run",
        )


def tidy_masks(
    found: Mapping[str, pd.DataFrame], methods: Sequence[CamMethod], rules: Sequence[str]
) -> pd.DataFrame:
    """Long form: one row a slice, source and rule, with ``dice``, ``iou`` and ``hd95_mm``."""
    sources = [("beside", "segmentation_head", "-", ""), ("beside", "gaussian_prior", "-", "gaussian_prior")]
    sources.append(("beside", "otsu", "-", "otsu"))
    sources += [(method, method, rule, f"{method}@{rule}") for method in methods for rule in rules]
    parts = []
    for cell, source, rule, suffix in sources:
        wide = found[cell]
        names = {kind: f"{kind}_{suffix}" if suffix else kind for kind in ("dice", "iou", "hd95_mm")}
        if names["dice"] not in wide:
            continue
        part = wide[["network", *SLICE]].copy()
        part["source"], part["rule"] = source, rule
        for kind, name in names.items():
            part[kind] = wide.get(name)
        parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def tidy_maps(found: Mapping[str, pd.DataFrame], methods: Sequence[CamMethod]) -> pd.DataFrame:
    """One row a slice and method: whether the map points at the tumour, and the share of its heat inside."""
    parts = []
    for method in methods:
        wide = found[method]
        if len(wide):
            part = wide[["network", *SLICE]].copy()
            part["method"] = method
            part["pointing"], part["energy"] = wide[f"pointing_{method}"], wide[f"energy_{method}"]
            parts.append(part)
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
