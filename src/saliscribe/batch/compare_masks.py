"""Every way to cut a mask out of a saliency map, on the same unseen patients, beside the head and two priors.

``python -m saliscribe.batch.compare_masks DATA MODEL -o OUT`` writes ``slices.csv`` and ``masks.json`` (figures).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from saliscribe.batch.evaluate import Evaluation, evaluate
from saliscribe.batch.evaluation_report import save_evaluation
from saliscribe.batch.score_slice import MaskPlan, Row
from saliscribe.core.names import CAM_METHOD_NAMES, CLASSES, CamMethod
from saliscribe.masking.criteria import CRITERIA
from saliscribe.masking.settings import MaskSettings
from saliscribe.metrics.bootstrap import RESAMPLES, Figure, bootstrap_mean
from saliscribe.metrics.paired import holm, paired_permutation

#: Fixed percentiles that are compared; "class-tuned" chooses among them on the other folds.
FIXED = (80.0, 85.0, 90.0, 93.0, 95.0, 96.0, 97.0, 98.0, 99.0)
TUNED = "class-tuned"


@dataclass(frozen=True)
class MaskComparison:
    """``dice`` and ``iou`` figures by column name, p values of each against the segmentation head (Holm-adjusted
    within this family), and the percentiles tuned per method, fold and class."""

    dice: dict[str, Figure]
    iou: dict[str, Figure]
    p_against_head: dict[str, float]
    tuned: Mapping[str, dict[str, dict[str, float]]]
    evaluation: Evaluation

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "n": len(self.evaluation.rows),
            "exposure": self.evaluation.exposure,
            "dice": {name: figure.as_dict() for name, figure in self.dice.items()},
            "iou": {name: figure.as_dict() for name, figure in self.iou.items()},
            "p_against_head_holm": self.p_against_head,
            "tuned_percentiles": dict(self.tuned),
        }


def mask_variants() -> dict[str, MaskSettings]:
    """One setting per criterion of the table, and one per fixed percentile."""
    adaptive = [name for name in CRITERIA if name not in {"fixed", TUNED}]
    fixed = {
        f"fixed-{percentile:g}": MaskSettings(
            criterion="fixed", fixed_percentile=percentile, percentiles=(percentile,)
        )
        for percentile in FIXED
    }
    return {**{name: MaskSettings(criterion=name) for name in adaptive}, **fixed}


def compare_masks(
    data: str | Path,
    model: str | Path,
    methods: Sequence[CamMethod] = ("gradcam", "gradcam++"),
    *,
    limit: int | None = None,
    resamples: int = RESAMPLES,
    progress: bool = False,
) -> MaskComparison:
    """Score all variants on slices that the networks of ``model`` have not seen; needs masks and, for tuning, folds."""
    plan = MaskPlan(methods=tuple(methods), variants=mask_variants())
    done = evaluate(data, model=model, plan=plan, limit=limit, resamples=resamples, progress=progress)
    rows = [dict(row) for row in done.rows if row.get("true_area_px") is not None]
    tuned: dict[str, dict[str, dict[str, float]]] = {
        method: add_class_tuned(rows, method) for method in methods
    }
    figures: dict[str, dict[str, Figure]] = {"dice": {}, "iou": {}}
    for kind, found in figures.items():
        for name in (name for name in rows[0] if name == kind or name.startswith(f"{kind}_")):
            kept = [(float(row[name]), str(row["patient"])) for row in rows if row[name] is not None]
            if kept:
                values, patients = zip(*kept, strict=True)
                found[name] = bootstrap_mean(values, patients, resamples=resamples)
    return MaskComparison(
        figures["dice"], figures["iou"], _against_head(rows, list(figures["dice"])), tuned, done
    )


def add_class_tuned(rows: list[Row], method: CamMethod) -> dict[str, dict[str, float]]:
    """Fill ``dice_<method>@class-tuned`` (and iou) in place; returns the percentile per fold and told class.

    For each fold, each class gets the fixed percentile with the best mean Dice over the slices of the other folds
    that were told to be of that class; a fold's own truth takes no part. A class that no other fold has: 95.
    """
    folds = sorted({row["fold"] for row in rows}, key=str)
    chosen: dict[str, dict[str, float]] = {}
    for fold in folds:
        others = [row for row in rows if row["fold"] != fold]
        chosen[str(fold)] = {name: _best_percentile(others, method, name) for name in CLASSES}
    for row in rows:
        percentile = chosen[str(row["fold"])][_told(row)]
        for kind in ("dice", "iou"):
            row[f"{kind}_{method}@{TUNED}"] = row[f"{kind}_{method}@fixed-{percentile:g}"]
    return chosen


def _best_percentile(rows: Sequence[Row], method: CamMethod, label: str) -> float:
    mine = [row for row in rows if _told(row) == label]
    if not mine:
        return MaskSettings().fixed_percentile
    return max(FIXED, key=lambda p: float(np.mean([row[f"dice_{method}@fixed-{p:g}"] for row in mine])))


def _told(row: Row) -> str:
    return max(CLASSES, key=lambda name: float(row[f"p_{name}"]))


def _against_head(rows: Sequence[Row], names: Sequence[str]) -> dict[str, float]:
    if "dice" not in names:
        return {}
    patients = [str(row["patient"]) for row in rows]
    head = [float(row["dice"]) for row in rows]
    return holm(
        {
            name: paired_permutation([float(row[name]) for row in rows], head, patients)
            for name in names
            if name != "dice"
        }
    )


def main() -> None:
    """Command line of the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("model", help="folder of a cross-validation (fold_1, ...) or of one network")
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--cam", nargs="+", choices=CAM_METHOD_NAMES, default=["gradcam", "gradcam++"])
    parser.add_argument("--limit", type=int)
    chosen = parser.parse_args()
    done = compare_masks(chosen.data, chosen.model, chosen.cam, limit=chosen.limit, progress=True)
    save_evaluation(done.evaluation, chosen.out)
    (chosen.out / "masks.json").write_text(
        json.dumps(done.as_dict(), indent=2, allow_nan=False) + "\n", encoding="utf-8"
    )
    for name, figure in sorted(done.dice.items(), key=lambda pair: -pair[1].value):
        p = done.p_against_head.get(name)
        print(f"{name:34s} {figure}" + ("" if p is None else f"   p (Holm) {p:.4f}"))


if __name__ == "__main__":
    main()
