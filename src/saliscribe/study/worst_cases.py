"""The cases that went worst, from the tables, and in words what went wrong."""

from __future__ import annotations

from typing import Any

import pandas as pd

from saliscribe.core.names import CLASSES
from saliscribe.study.classification_statistics import calibrated_rows
from saliscribe.study.settings import StudyPlan

#: Dice below which the region counts as missed, and as poor.
MISSED, POOR = 0.1, 0.5


def worst_cases(predictions: pd.DataFrame, plan: StudyPlan) -> list[dict[str, Any]]:
    """Half wrong classes (the surest first), half right classes with the least overlap; at most one slice a patient.

    Of the first network of the plan that has predictions.
    """
    if predictions.empty or not plan.worst:
        return []
    name = predictions["network"].iloc[0]
    rows = calibrated_rows(predictions[predictions["network"] == name])
    sizes = sorted(float(row["true_area_px"]) for row in rows if row["true_area_px"] != "")
    small = sizes[len(sizes) // 3] if sizes else None
    told = [_told(row, small) for row in rows]
    wrong = _one_a_patient(sorted((one for one in told if not one["right"]), key=lambda one: one["p_truth"]))
    chosen = wrong[: (plan.worst + 1) // 2]
    seen = {one["patient"] for one in chosen}
    overlap = sorted(
        (one for one in told if one["right"] and one["dice"] is not None and one["patient"] not in seen),
        key=lambda one: one["dice"],
    )
    chosen += _one_a_patient(overlap)[: plan.worst - len(chosen)]
    return [{**one, "network": str(name), "wrong": what_went_wrong(one)} for one in chosen]


def what_went_wrong(case: dict[str, Any]) -> str:
    """One or two sentences on a case, from its figures alone."""
    parts = []
    if not case["right"]:
        how = "with confidence" if case["p_told"] >= 0.9 else "with doubt" if case["p_told"] < 0.6 else ""
        parts.append(" ".join(f"Told {case['told']} (p {case['p_told']:.2f}) {how}".split()) + ".")
    if case["dice"] is not None and case["dice"] < MISSED:
        parts.append("The head's region misses the tumour.")
    elif case["dice"] is not None and case["dice"] < POOR:
        parts.append("The head's region covers the tumour poorly.")
    if case["small"]:
        parts.append("The tumour is in the smallest third.")
    return " ".join(parts) or "No single fault stands out in the figures."


def _told(row: dict[str, Any], small: float | None) -> dict[str, Any]:
    told = max(CLASSES, key=lambda name: float(row[f"p_{name}"]))
    area = row["true_area_px"]
    dice = row.get("dice", "")
    return {
        "file": row["file"],
        "patient": row["patient"],
        "plane": row["plane"] or None,
        "fold": None if row["fold"] == "" else int(row["fold"]),
        "truth": row["label"],
        "told": told,
        "right": told == row["label"],
        "p_told": float(row[f"p_{told}"]),
        "p_truth": float(row[f"p_{row['label']}"]),
        "dice": None if dice == "" else float(dice),
        "small": small is not None and area != "" and float(area) < small,
    }


def _one_a_patient(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    first: dict[str, dict[str, Any]] = {}
    for case in cases:
        first.setdefault(case["patient"], case)
    return list(first.values())
