"""How well masks fit the tumour: network x method x rule, beside the head and two priors, and in subgroups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from saliscribe.metrics.bootstrap import Figure, bootstrap_mean
from saliscribe.metrics.compare_family import Family, compare_family
from saliscribe.study.settings import StudyPlan

BESIDE = ("segmentation_head", "gaussian_prior", "otsu")
KINDS = ("dice", "iou", "hd95_mm")
TERCILES = ("small", "medium", "large")


def overlap_statistics(masks: pd.DataFrame, maps: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    """Per network: figures of every mask, pointing and energy, subgroups at the reference rule, declared families."""
    if masks.empty:
        return {"networks": {}}
    found = {}
    for name, part in masks.groupby("network", sort=False):
        own_maps = maps[maps["network"] == name] if len(maps) else maps
        found[str(name)] = {
            "masks": mask_figures(part, plan),
            "maps": _map_figures(own_maps, plan),
            "groups": _groups(part, plan),
            "families": [family.as_dict() for family in _families(part, own_maps, plan)],
        }
    return {"networks": found}


def mask_figures(part: pd.DataFrame, plan: StudyPlan) -> list[dict[str, Any]]:
    """One entry per source and rule: Dice, IoU, Hausdorff 95, each with n and interval, and how many are undefined."""
    rows = []
    for (source, rule), its in part.groupby(["source", "rule"], sort=False):
        figures = {kind: mean_figure(its, kind, plan) for kind in KINDS}
        rows.append(
            {
                "source": source,
                "rule": rule,
                **{kind: None if one is None else one.as_dict() for kind, one in figures.items()},
                "no_distance": int(its["hd95_mm"].isna().sum()),
            }
        )
    return rows


def mean_figure(part: pd.DataFrame, column: str, plan: StudyPlan) -> Figure | None:
    """Mean of a column over the rows that have it; ``None`` where none has."""
    known = part[part[column].notna()]
    if known.empty:
        return None
    return bootstrap_mean(
        known[column].astype(float).to_numpy(),
        known["patient"].astype(str).tolist(),
        resamples=plan.resamples,
        seed=plan.seed,
    )


def _map_figures(maps: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    if maps.empty:
        return {}
    found: dict[str, Any] = {}
    for method, its in maps.groupby("method", sort=False):
        figures = {kind: mean_figure(its, kind, plan) for kind in ("pointing", "energy")}
        found[str(method)] = {kind: None if one is None else one.as_dict() for kind, one in figures.items()}
    return found


def _groups(part: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    """Dice by class, plane and size tercile of the true tumour: head, priors, and methods at the reference rule."""
    shown = part[part["rule"].isin(["-", plan.reference_rule])]
    sizes = shown.drop_duplicates("file")["true_area_px"].dropna()
    if sizes.empty:
        return {}
    cuts = np.quantile(sizes, (1 / 3, 2 / 3))
    keys = {
        "class": shown["label"],
        "plane": shown["plane"],
        "size": shown["true_area_px"].map(
            lambda area: TERCILES[int(np.searchsorted(cuts, area))], na_action="ignore"
        ),
    }
    groups: dict[str, Any] = {"size_cuts_px": [float(cut) for cut in cuts]}
    for group, values in keys.items():
        groups[group] = {
            str(value): {
                str(source): figure.as_dict()
                for source, its in shown[values == value].groupby("source", sort=False)
                if (figure := mean_figure(its, "dice", plan)) is not None
            }
            for value in values.dropna().unique()
        }
    return groups


def _families(part: pd.DataFrame, maps: pd.DataFrame, plan: StudyPlan) -> list[Family]:
    """The declared families of one network; each is corrected by itself."""
    wide = wide_values(part, "dice")
    at_reference = {s: v for (s, rule), v in wide.items() if rule in ("-", plan.reference_rule)}
    methods = {s: v for s, v in at_reference.items() if s not in BESIDE}
    families = [_family(f"methods: Dice at {plan.reference_rule}", methods, plan)]
    for other in BESIDE:
        if other in at_reference:
            against = {**methods, other: at_reference[other]}
            families.append(_family(f"methods against {other}: Dice", against, plan, against=other))
    for method in methods:
        rules = {rule: v for (source, rule), v in wide.items() if source == method}
        families.append(_family(f"rules for {method}: Dice", rules, plan))
    if len(maps):
        pointing = {
            str(method): its.set_index("file")["pointing"].astype(float)
            for method, its in maps.groupby("method", sort=False)
        }
        families.append(_family("methods: pointing game", _with_patients(pointing, maps), plan, labels=True))
    return [family for family in families if family is not None]


def wide_values(part: pd.DataFrame, column: str) -> dict[tuple[str, str], pd.DataFrame]:
    """(source, rule) -> values and patients by file, rows without a value left out."""
    known = part[part[column].notna()]
    return {
        (str(source), str(rule)): its.set_index("file")[[column, "patient"]].rename(columns={column: "value"})
        for (source, rule), its in known.groupby(["source", "rule"], sort=False)
    }


def _with_patients(columns: Mapping[str, pd.Series], table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    patients = table.drop_duplicates("file").set_index("file")["patient"]
    return {
        name: pd.DataFrame({"value": column, "patient": patients.reindex(column.index)}).dropna()
        for name, column in columns.items()
    }


def _family(
    name: str,
    members: Mapping[str, pd.DataFrame],
    plan: StudyPlan,
    *,
    against: str | None = None,
    labels: bool = False,
) -> Family | None:
    """The family on the files that every member has; ``None`` for fewer than two members."""
    if len(members) < 2:
        return None
    tables = list(members.values())
    files = [file for file in tables[0].index if all(file in one.index for one in tables[1:])]
    if not files:
        return None
    return compare_family(
        name,
        {member: its.loc[files, "value"].to_numpy(dtype=float) for member, its in members.items()},
        tables[0].loc[files, "patient"].astype(str).tolist(),
        against=against,
        labels=labels,
        alpha=plan.alpha,
        resamples=plan.resamples,
        seed=plan.seed,
    )
