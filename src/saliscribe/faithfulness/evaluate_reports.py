"""Reports of any writer by the usual text metrics, with their faithfulness beside them."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from saliscribe.audit.verify import verify
from saliscribe.core.records.audit import Audit
from saliscribe.errors import InputError
from saliscribe.faithfulness.bench_tables import CAUTION
from saliscribe.io.runs import read_manifest
from saliscribe.metrics.bootstrap import Figure, bootstrap_mean
from saliscribe.metrics.text_coherence import coherence, has_embedding
from saliscribe.metrics.text_diversity import maas, mattr, mtld, ttr
from saliscribe.metrics.text_readability import count, flesch_kincaid_grade, flesch_reading_ease, gunning_fog
from saliscribe.metrics.text_words import sentences, words
from saliscribe.pipeline.read_findings import read_findings

_RESAMPLES = 2000
_VERDICTS = ("entailed", "contradicted", "unsupported")


@dataclass(frozen=True)
class ScoredReport:
    """One report: where, by which writer in which mode, about which picture, and its measures (NaN: undefined)."""

    folder: str
    writer: str
    picture: str
    measures: Mapping[str, float]


@dataclass(frozen=True)
class ReportsEvaluation:
    """All reports, and per writer the mean of every measure with a 95 % bootstrap interval by picture."""

    reports: tuple[ScoredReport, ...]
    writers: Mapping[str, Mapping[str, Figure]]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {
            "n": len(self.reports),
            "writers": {
                writer: {name: figure.as_dict() for name, figure in table.items()}
                for writer, table in self.writers.items()
            },
        }


def evaluate_reports(folder: Path) -> ReportsEvaluation:
    """Score every result folder in ``folder`` (one with ``report.md`` and ``findings.json``), at any depth.

    The writer is the one that the run recorded, with its mode; where no run says it, "not known". A sentence's
    verdict comes from the audit as it is now, on the report as it was shown.

    Raises:
        InputError: there is no such folder, or a file in it cannot be read.
    """
    places = sorted(
        path.parent for path in folder.rglob("report.md") if (path.parent / "findings.json").is_file()
    )
    if not places:
        raise InputError(
            "no reports", expected="result folders with report.md and findings.json", where=str(folder),
            do="name the folder that 'saliscribe explain -o' wrote",
        )  # fmt: skip
    reports = tuple(_scored(place) for place in places)
    names = dict.fromkeys(report.writer for report in reports)
    return ReportsEvaluation(
        reports, {name: _figures([r for r in reports if r.writer == name]) for name in names}
    )


def print_reports(evaluation: ReportsEvaluation, console: Console | None = None) -> None:
    """Measures down, writers across; every mean with its interval."""
    console = console or Console()
    table = Table("mean per report", *evaluation.writers, title=f"{len(evaluation.reports)} reports")
    counts = [next(iter(figures.values())) for figures in evaluation.writers.values()]
    table.add_row("reports / pictures", *(f"{figure.n} / {figure.n_patients}" for figure in counts))
    for name in evaluation.reports[0].measures:
        cells = [figures.get(name) for figures in evaluation.writers.values()]
        table.add_row(name, *("not known" if figure is None else str(figure) for figure in cells))
    console.print(table)
    console.print(f"Intervals are 95 % bootstrap intervals by picture. {CAUTION}")


def reports_csv(evaluation: ReportsEvaluation) -> str:
    """One row per report."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(evaluation.reports[0].measures)
    writer.writerow(["folder", "writer", "picture", *names])
    for report in evaluation.reports:
        values = ("" if math.isnan(value) else f"{value:.6g}" for value in report.measures.values())
        writer.writerow([report.folder, report.writer, report.picture, *values])
    return text.getvalue()


def _scored(place: Path) -> ScoredReport:
    text = _text(place / "report.md")
    audit = verify(text, read_findings(place / "findings.json"))
    manifest = read_manifest(place) or {}
    settings, picture = manifest.get("settings", {}), manifest.get("input", {})
    known = "writer" in settings
    writer = f"{settings['writer']} ({settings.get('mode', 'template')})" if known else "not known"
    same = str(picture.get("pixels_sha256") or place)
    return ScoredReport(str(place), writer, same, {**score_text(text, audit), **_gated(place)})


def score_text(text: str, audit: Audit) -> dict[str, float]:
    """Every measure of one text: wording from its words, faithfulness from its audit; NaN where one is undefined."""
    return {**_wording(text), **_faithfulness(audit)}


def _wording(text: str) -> dict[str, float]:
    parts, c = sentences(text), count(text)
    tokens = [word for part in parts for word in words(part)]
    measures = {
        "TTR": ttr(tokens), "MATTR": mattr(tokens), "MTLD": mtld(tokens), "Maas": maas(tokens),
        "Flesch reading ease": flesch_reading_ease(c), "Flesch-Kincaid grade": flesch_kincaid_grade(c),
        "Gunning fog": gunning_fog(c), "words": float(c.words), "sentences": float(c.sentences),
    }  # fmt: skip
    return measures | ({"coherence (MiniLM)": coherence(parts)} if has_embedding() else {})


def _faithfulness(audit: Audit) -> dict[str, float]:
    judged: list[str] = [sentence.verdict for sentence in audit.sentences if sentence.verdict != "harmless"]
    shares = {f"share {name}": judged.count(name) / len(judged) if judged else math.nan for name in _VERDICTS}
    return shares | {
        "omissions": float(len(audit.omissions)),
        "passes the audit": float(audit.outcome == "pass"),
    }


def _gated(place: Path) -> dict[str, float]:
    """What the gate had to replace before the report was shown, from the run's own ``audit.json``."""
    path = place / "audit.json"
    if not path.is_file():
        return {"repaired": math.nan, "sentences replaced": math.nan}
    audit = json.loads(_text(path))
    return {
        "repaired": float(audit.get("outcome") == "repaired"),
        "sentences replaced": float(len(audit.get("rejected", ()))),
    }


def _figures(reports: list[ScoredReport]) -> dict[str, Figure]:
    """Means over the reports in which a measure is defined."""
    figures = {}
    for name in reports[0].measures:
        known = [r for r in reports if not math.isnan(r.measures[name])]
        if known:
            values = [r.measures[name] for r in known]
            figures[name] = bootstrap_mean(values, [r.picture for r in known], resamples=_RESAMPLES)
    return figures


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError("cannot read the file", where=str(path), got=type(error).__name__) from None
