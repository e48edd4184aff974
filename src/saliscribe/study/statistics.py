"""All statistics of a study from its tables and its plan alone."""

from __future__ import annotations

from typing import Any

import pandas as pd

from saliscribe.study.claims import claims
from saliscribe.study.classification_statistics import classification_statistics
from saliscribe.study.control_statistics import control_statistics
from saliscribe.study.overlap_statistics import overlap_statistics
from saliscribe.study.report_statistics import report_statistics
from saliscribe.study.settings import StudyPlan
from saliscribe.study.tables import Tables
from saliscribe.study.trust_statistics import trust_statistics
from saliscribe.study.worst_cases import worst_cases


def statistics(tables: Tables, plan: StudyPlan) -> dict[str, Any]:
    """Plain data for JSON and for the page: every figure with n and interval, every test with its family."""
    said = own_predictions(tables)
    shuffled = tables["predictions"].drop(index=said.index)
    figures = {
        "networks": records(tables["networks"]),
        "classification": classification_statistics(said, plan),
        "overlap": overlap_statistics(tables["masks"], tables["maps"], plan),
        "trust": trust_statistics(tables["trust"], tables["sanity"], plan),
        "costs": records(tables["costs"]),
        "reports": report_statistics(tables["reports"], plan),
        "controls": control_statistics(tables["controls"], shuffled),
        "worst": worst_cases(said, plan),
    }
    return {**figures, "claims": claims(figures, plan)}


def own_predictions(tables: Tables) -> pd.DataFrame:
    """Predictions without those of networks that were trained on shuffled labels."""
    said, networks = tables["predictions"], tables["networks"]
    if said.empty or networks.empty:
        return said
    control = networks.loc[networks["shuffled_labels"].astype(str) == "True", "network"]
    return said[~said["network"].isin(control)]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain data; an unknown value is ``None``."""
    return [dict(row) for row in table.astype(object).where(table.notna(), None).to_dict("records")]
