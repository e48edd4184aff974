"""Statistics and page of a study from its tables and its plan alone: no network, no pixel, no torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saliscribe.errors import InputError
from saliscribe.io.encode import json_bytes
from saliscribe.study.badges import badges
from saliscribe.study.checklist import checklist, checklist_page
from saliscribe.study.claims_page import claims_page
from saliscribe.study.page import render_study
from saliscribe.study.settings import StudyPlan
from saliscribe.study.statistics import statistics
from saliscribe.study.tables import read_tables

PLAN, STATISTICS, PAGE, TABLES = "plan.json", "statistics.json", "report.html", "tables"
CLAIMS, CHECKLISTS, PICTURES, BADGES = "claims.md", "checklists.md", "worst", "badges.json"


@dataclass(frozen=True)
class Study:
    """A finished study: its folder, page and figures, and how many cells were computed and found ready."""

    folder: Path
    page: Path
    statistics: dict[str, Any]
    computed: int = 0
    kept: int = 0


def from_tables(folder: str | Path) -> Study:
    """Statistics and page again, from the tables and the plan in ``folder`` alone: no network, no pixel.

    Raises:
        InputError: ``folder`` holds no study.
    """
    root = Path(folder)
    try:
        noted = json.loads((root / PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError("no study here", where=str(root), expected=PLAN) from None
    plan = StudyPlan.model_validate(noted["plan"])
    figures = statistics(read_tables(root / TABLES), plan)
    (root / STATISTICS).write_bytes(json_bytes(figures))
    (root / BADGES).write_bytes(json_bytes(badges(figures, noted)))
    page = root / PAGE
    pictures = {
        f"{path.stem}.png": path.read_bytes() for path in (root / PICTURES).glob("*.png") if plan.pictures
    }
    page.write_text(render_study(figures, plan, noted, pictures), encoding="utf-8")
    (root / CLAIMS).write_text(claims_page(figures["claims"], noted), encoding="utf-8")
    (root / CHECKLISTS).write_text(checklist_page(checklist(root)), encoding="utf-8")
    return Study(root, page, figures)
