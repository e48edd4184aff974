"""The badge of every network and method: trusted only where it beats all null maps and depends on what was learnt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from saliscribe.core.records.map_trust import TrustCheck
from saliscribe.metrics.bootstrap import Figure, bootstrap_mean
from saliscribe.metrics.paired import holm, paired_permutation
from saliscribe.study.settings import StudyPlan
from saliscribe.study.trust_names import (
    CASCADE,
    HARMLESS_NAMES,
    INVERTED,
    LABELS_SHUFFLED,
    NULLS,
    OWN,
    SHUFFLED,
)

#: What a map is judged by against a null map: the name, and how it is made of a row.
MEASURES = ("insertion minus deletion", "pointing")


def trust_statistics(trust: pd.DataFrame, sanity: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    """Per network and method: tests against null maps, likeness after shuffling and changes, checks, and the badge."""
    if trust.empty:
        return {}
    table = trust.assign(**{MEASURES[0]: trust["insertion"] - trust["deletion"]})
    found: dict[str, Any] = {}
    for (network, method), part in table.groupby(["network", "method"], sort=False):
        own = sanity[(sanity["network"] == network) & (sanity["method"] == method)] if len(sanity) else sanity
        found.setdefault(str(network), {})[str(method)] = _one(part, own, plan)
    return found


def _one(part: pd.DataFrame, sanity: pd.DataFrame, plan: StudyPlan) -> dict[str, Any]:
    tests = _against_nulls(part, plan)
    likeness = {
        str(change): _figure(its["likeness"], its["patient"], plan).as_dict()
        for change, its in (sanity.groupby("change", sort=False) if len(sanity) else ())
    }
    checks = _checks(tests, likeness, plan)
    return {
        "n": int(part["file"].nunique()),
        "layer": _layer(part),
        "means": {
            str(name): {measure: _known(its, measure, plan) for measure in MEASURES}
            for name, its in part.groupby("map", sort=False)
        },
        "tests": tests,
        "likeness": likeness,
        "taught": _taught(sanity),
        "checks": checks,
        "badge": badge([one["passed"] for one in checks]),
    }


def _layer(part: pd.DataFrame) -> str | None:
    """The layer that was explained, where all rows are of one."""
    named = sorted(set(part["layer"].dropna())) if "layer" in part else []
    return str(named[0]) if len(named) == 1 else None


def _taught(sanity: pd.DataFrame) -> dict[str, float]:
    """What the small networks of the label control are worth: change -> share of unseen slices called right."""
    if "unseen_accuracy" not in sanity:
        return {}
    known = sanity[sanity["unseen_accuracy"].notna()].drop_duplicates("change")
    return {str(row["change"]): float(row["unseen_accuracy"]) for row in known.to_dict("records")}


def badge(passed: list[bool | None]) -> str:
    """ "failed" where any check failed, "not_assessed" where one could not be made, else "trusted"."""
    if any(one is False for one in passed):
        return "failed"
    return "not_assessed" if not passed or None in passed else "trusted"


def _against_nulls(part: pd.DataFrame, plan: StudyPlan) -> list[dict[str, Any]]:
    """The map against each null map and its negative, on both measures; Holm over all of them."""
    rows: dict[str, dict[str, Any]] = {}
    for measure in MEASURES:
        wide = part.pivot(index="file", columns="map", values=measure).astype(float)
        patients = part.drop_duplicates("file").set_index("file")["patient"].astype(str)
        for other in (*NULLS, INVERTED):
            both = wide[[OWN, other]].dropna() if other in wide else pd.DataFrame()
            if both.empty:
                continue
            whose = patients.loc[both.index].tolist()
            settings = {"resamples": plan.resamples, "seed": plan.seed}
            rows[f"{measure}\0{other}"] = {
                "against": other,
                "measure": measure,
                "difference": _figure(both[OWN] - both[other], pd.Series(whose), plan).as_dict(),
                "p": paired_permutation(both[OWN].to_numpy(), both[other].to_numpy(), whose, **settings),
            }
    adjusted = holm({name: row["p"] for name, row in rows.items()})
    return [{**row, "p_holm": adjusted[name]} for name, row in rows.items()]


def _checks(tests: list[dict[str, Any]], likeness: dict[str, Any], plan: StudyPlan) -> list[dict[str, Any]]:
    nulls = [one for one in tests if one["against"] != INVERTED]
    turned = [one for one in tests if one["against"] == INVERTED and one["measure"] == MEASURES[0]]
    stable = [likeness[name] for name in HARMLESS_NAMES if name in likeness]
    most, least = plan.trust.most_similar_randomised, plan.trust.least_stable
    faithful, pointing = (
        [_beats(one, plan) for one in nulls if one["measure"] == measure] for measure in MEASURES
    )
    weights, labels = (
        [abs(likeness[change]["value"]) < most] if change in likeness else []
        for change in (f"{SHUFFLED} {CASCADE[-1]:g}", LABELS_SHUFFLED)
    )
    return [
        _check("faithfulness", f"beats every null map on {MEASURES[0]}", faithful),
        _check("pointing", f"beats every null map on {MEASURES[1]}", pointing),
        _check(
            "direction",
            "is the right way round (beats its negative)",
            [_beats(one, plan) for one in turned],
        ),
        _check("weights", f"forgets with its weights (mean |rank correlation| below {most:g})", weights),
        _check(
            "labels",
            f"forgets with its labels (mean |rank correlation| below {most:g})",
            labels,
        ),
        _check(
            "harmless",
            f"stays under harmless changes (mean rank correlation at least {least:g} for each)",
            [one["value"] >= least for one in stable],
        ),
    ]


def _check(code: TrustCheck, what: str, passed: list[bool]) -> dict[str, Any]:
    return {"code": code, "check": what, "passed": all(passed) if passed else None}


def _beats(test: dict[str, Any], plan: StudyPlan) -> bool:
    return bool(test["difference"]["value"] > 0 and test["p_holm"] < plan.trust.alpha)


def _known(part: pd.DataFrame, column: str, plan: StudyPlan) -> dict[str, Any] | None:
    known = part[part[column].notna()]
    return None if known.empty else _figure(known[column], known["patient"], plan).as_dict()


def _figure(values: pd.Series, patients: pd.Series, plan: StudyPlan) -> Figure:
    array = np.asarray(values, dtype=np.float64)
    return bootstrap_mean(array, patients.astype(str).tolist(), resamples=plan.resamples, seed=plan.seed)
