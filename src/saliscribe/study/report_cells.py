"""Reports of a study: written by every writer and mode of the plan, found in folders or kept as drafts, and scored."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from saliscribe.batch.explain_many import explain
from saliscribe.faithfulness.evaluate_reports import evaluate_reports
from saliscribe.pipeline.report import report
from saliscribe.pipeline.report_run import write_report_run
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import StudyData
from saliscribe.study.find_networks import StudyNetwork
from saliscribe.study.judged_by import judged_by
from saliscribe.study.kept_drafts import kept_cells
from saliscribe.study.settings import StudyPlan, WriterPlan

#: Raised by hand, as writing a report again may cost money; reports that exist are scored anew when the judge changes.
FORMAT = 4


def report_cells(
    networks: list[StudyNetwork], data: StudyData, plan: StudyPlan, store: CellStore
) -> list[pd.DataFrame]:
    """One cell per folder of reports, and per writer and mode: measures of every report, seconds, drafts."""
    patients = {one.path.stem: one.patient for one in data.slices}
    cells = [_folder_cell(Path(folder), store) for folder in plan.reports.folders]
    cells += [
        cell for kept in plan.reports.kept for cell in kept_cells(kept, plan.reports.styles, patients, store)
    ]
    trained = next((one for one in networks if one.folds), None)
    if trained is None or not plan.reports.writers or not plan.reports.patients:
        return cells
    fold = trained.folds[0]
    pictures = [one.path for one in fold.slices_of(data.map_slices)][: plan.reports.patients]
    root = store.folder / "reports"
    done = explain(pictures, root / "findings", model=str(fold.folder), cam="gradcam++")
    findings = [Path(str(one.out)) / "findings.json" for one in done if one.status == "ok"]
    for writer in plan.reports.writers:
        key = {
            "kind": "reports",
            "format": FORMAT,
            "weights": fold.weights_sha256,
            "pictures": [path.name for path in pictures],
            "writer": writer.model_dump(),
        }
        name = f"reports/{_words(writer)}"
        cells.append(store.rows(name, key, _write_all(findings, writer, root, patients)))
    return cells


def _write_all(
    findings: list[Path], writer: WriterPlan, root: Path, patients: Mapping[str, str]
) -> Callable[[], list[dict[str, Any]]]:
    def compute() -> list[dict[str, Any]]:
        place = root / _words(writer).replace("/", "-").replace(":", "-")
        told: dict[str, Mapping[str, Any]] = {}
        for path in findings:
            start = time.perf_counter()
            written = report(path, writer=writer.writer, mode=writer.mode)
            seconds = time.perf_counter() - start
            write_report_run(written, place / path.parent.name)
            story = written.writing
            told[path.parent.name] = {
                "seconds": seconds,
                "drafts": 0 if story is None else len(story.attempts),
                "as_written": 1.0 if story is None else float(story.result == "as_written"),
            }
        scored = evaluate_reports(place).reports
        return [
            {
                "writer": _words(writer),
                "picture": name,
                "patient": patients[name],
                **one.measures,
                **told[name],
            }
            for one in scored
            if (name := Path(one.folder).name) in told
        ]

    return compute


def _folder_cell(folder: Path, store: CellStore) -> pd.DataFrame:
    """Reports that were written elsewhere, with the writer that each run recorded."""
    files = sorted(folder.rglob("report.md"))
    key = {
        "kind": "report folder",
        "judged by": judged_by(),
        "files": [[str(p.relative_to(folder)), p.stat().st_size] for p in files],
    }
    return store.rows(
        f"reports/{folder.name}",
        key,
        lambda: [
            {"writer": one.writer, "picture": one.picture, **one.measures}
            for one in evaluate_reports(folder).reports
        ],
    )


def _words(writer: WriterPlan) -> str:
    return f"{writer.writer} ({writer.mode})"
