"""How writers differ: wording, faithfulness and cost, compared on the same pictures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from saliscribe.metrics.bootstrap import bootstrap_mean
from saliscribe.metrics.compare_family import compare_family
from saliscribe.study.settings import StudyPlan

#: The measures that writers are compared by, and whether more of it is better (``None``: neither).
DECLARED: dict[str, bool | None] = {
    "MTLD": True,
    "Flesch reading ease": True,
    "coherence (MiniLM)": True,
    "share unsupported": False,
    "share contradicted": False,
    "omissions": False,
    "words": None,
    "seconds": False,
}


def report_statistics(reports: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    """Per writer the mean of every measure; per declared measure a family of comparisons."""
    if reports.empty:
        return {}
    reports = reports.assign(patient=_patients(reports))
    measures = [name for name in reports if name not in {"writer", "picture", "patient"}]
    writers: dict[str, Any] = {}
    for writer, its in reports.groupby("writer", sort=False):
        own = writers.setdefault(str(writer), {"n": len(its), "figures": {}})
        for name in measures:
            known = its[its[name].notna()]
            if len(known):
                values = known[name].to_numpy(dtype=float)
                figure = bootstrap_mean(
                    values, known["patient"].astype(str).tolist(), resamples=plan.resamples, seed=plan.seed
                )
                own["figures"][str(name)] = figure.as_dict()
    families = [_family(reports, name, plan) for name in DECLARED if name in measures]
    return {
        "measures": [str(name) for name in measures],
        "writers": writers,
        "families": [one for one in families if one is not None],
    }


def _patients(reports: pd.DataFrame) -> pd.Series:
    """The patient of every report, or its picture where nobody says whose it is."""
    pictures = reports["picture"].astype(str)
    return reports["patient"].fillna(pictures).astype(str) if "patient" in reports else pictures


def _family(reports: pd.DataFrame, measure: str, plan: StudyPlan) -> dict[str, Any] | None:
    """All pairs of writers on the pictures that every writer has a value for; ``None`` where there are none."""
    wide = reports.pivot_table(index="picture", columns="writer", values=measure, aggfunc="mean").dropna()
    if wide.shape[1] < 2 or len(wide) < 2:
        return None
    whose = dict(zip(reports["picture"], reports["patient"], strict=True))
    return compare_family(
        f"writers: {measure}",
        {str(writer): wide[writer].to_numpy(dtype=float) for writer in wide},
        [whose[picture] for picture in wide.index],
        higher=DECLARED[measure] is not False,
        alpha=plan.alpha,
        resamples=plan.resamples,
        seed=plan.seed,
    ).as_dict()
