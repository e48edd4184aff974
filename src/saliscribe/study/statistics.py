"""All statistics of a study from its tables and its plan alone."""

from __future__ import annotations

from typing import Any

from saliscribe.study.classification_statistics import classification_statistics
from saliscribe.study.overlap_statistics import overlap_statistics
from saliscribe.study.settings import StudyPlan
from saliscribe.study.tables import Tables
from saliscribe.study.trust_statistics import trust_statistics


def statistics(tables: Tables, plan: StudyPlan) -> dict[str, Any]:
    """Plain data for JSON and for the page: every figure with n and interval, every test with its family."""
    return {
        "networks": tables["networks"]
        .astype(object)
        .where(tables["networks"].notna(), None)
        .to_dict("records"),
        "classification": classification_statistics(tables["predictions"], plan),
        "overlap": overlap_statistics(tables["masks"], tables["maps"], plan),
        "trust": trust_statistics(tables["trust"], tables["sanity"], plan),
    }
