"""Drafts of a language model that were kept: scored as they came, as they would be shown, and beside the grammar."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from saliscribe.audit.verify import verify
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Style
from saliscribe.errors import InputError
from saliscribe.faithfulness.evaluate_reports import score_text
from saliscribe.pipeline.report import Written, report, write_with
from saliscribe.reporting.chat import Author, Reply, Request, WriterFault, drafts_so_far
from saliscribe.reporting.markdown import to_markdown
from saliscribe.reporting.modes import MODES
from saliscribe.reporting.modes.mode import Unreadable, with_limits
from saliscribe.reporting.write_report import DEFAULT_PARAMETERS
from saliscribe.study.cell_store import CellStore
from saliscribe.study.judged_by import judged_by
from saliscribe.study.settings import KeptDrafts

Line = Mapping[str, Any]


class Once:
    """A writer that gives one kept draft, its fault included, and has no other."""

    def __init__(self, writer: str, line: Line) -> None:
        self.author, self._line = Author(writer=writer), line

    def __call__(self, request: Request, seconds: float) -> Reply:
        if drafts_so_far(request):
            raise WriterFault("script")
        if self._line["fault"]:
            raise WriterFault(self._line["fault"], text=self._line["reply"])
        return Reply(text=self._line["reply"] or "")


def kept_cells(
    kept: KeptDrafts, styles: Sequence[Style], patients: Mapping[str, str], store: CellStore
) -> Iterator[pd.DataFrame]:
    """A cell for the drafts as they came, one for the reports shown after them, and one per style of the grammar.

    ``patients`` tells whose picture an id is. Of a report of the grammar the seconds are those of writing and audit.

    Raises:
        InputError: a file cannot be read.
    """
    drafts, findings = _lines(Path(kept.drafts)), _findings(Path(kept.findings))
    ids = [name for name in drafts if name in findings]
    facts = {
        "kind": "kept drafts", "judged by": judged_by(),
        "drafts": _digest(Path(kept.drafts)), "findings": _digest(Path(kept.findings)),
    }  # fmt: skip
    who = f"{kept.writer} ({kept.mode})"
    scores: dict[str, Callable[[str], Mapping[str, Any]]] = {
        f"{who}, as drafted": lambda name: as_drafted(findings[name], drafts[name], kept),
        f"{who}, as shown": lambda name: as_shown(findings[name], drafts[name], kept),
    }
    for style in styles:
        scores[f"template ({style})"] = partial(_by_grammar_of, findings, style)
    for writer, score in scores.items():

        def compute(writer: str = writer, score: Callable[[str], Mapping[str, Any]] = score) -> list[Line]:
            return [
                {"writer": writer, "picture": name, "patient": patients.get(name), **score(name)}
                for name in ids
            ]

        yield store.rows(f"reports/{writer}", {**facts, "writer": writer, "mode": kept.mode}, compute)


def as_drafted(findings: Findings, line: Line, kept: KeptDrafts) -> Mapping[str, Any]:
    """The model's own words. What it left out is judged with the sections that code writes put around them."""
    text = line["reply"] or " "
    own = score_text(text, verify(text, findings))
    try:
        draft = MODES[kept.mode].read(text, findings, "structured", kept.writer).report
    except Unreadable:
        return {**own, "omissions": None, "passes the audit": 0.0, "seconds": line["seconds"]}
    whole = verify(with_limits(draft, findings), findings)
    passes = float(whole.outcome == "pass" and not line["fault"])
    return {**own, "omissions": len(whole.omissions), "passes the audit": passes, "seconds": line["seconds"]}


def as_shown(findings: Findings, line: Line, kept: KeptDrafts) -> Mapping[str, Any]:
    """The report that a reader sees after this one draft: as written, repaired, or the grammar's."""
    start = time.perf_counter()
    written = write_with(findings, Once(kept.writer, line), kept.mode, "structured", DEFAULT_PARAMETERS)
    seconds = line["seconds"] + time.perf_counter() - start
    story = written.writing
    return {
        **_shown(written),
        "seconds": seconds,
        "as_written": None if story is None else float(story.result == "as_written"),
        "template instead": None if story is None else float(story.result == "template"),
    }


def by_grammar(findings: Findings, style: Style) -> Mapping[str, Any]:
    """The report of the grammar in a style."""
    start = time.perf_counter()
    written = report(findings, style=style)
    return {**_shown(written), "seconds": time.perf_counter() - start}


def _by_grammar_of(findings: Mapping[str, Findings], style: Style, name: str) -> Mapping[str, Any]:
    return by_grammar(findings[name], style)


def _shown(written: Written) -> Mapping[str, Any]:
    text = to_markdown(written.report)
    return score_text(text, verify(text, written.findings))


def _lines(path: Path) -> dict[str, Line]:
    """JSON lines by their id."""
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
        return {str(one["id"]): one for one in map(json.loads, text.splitlines())}
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            "kept lines cannot be read", where=str(path), expected="JSON lines with an id", got=str(error)
        ) from None


def _findings(path: Path) -> dict[str, Findings]:
    if path.is_dir():
        files = sorted(path.glob("*/findings.json"))
        return {one.parent.name: Findings.model_validate_json(one.read_bytes()) for one in files}
    return {name: Findings.model_validate(one["findings"]) for name, one in _lines(path).items()}


def _digest(path: Path) -> str:
    files = sorted(path.glob("*/findings.json")) if path.is_dir() else [path]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()
