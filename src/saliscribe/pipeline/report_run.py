"""A report as a result folder, so that it can be read, checked and written again later."""

from __future__ import annotations

from pathlib import Path

import saliscribe
from saliscribe.io.encode import json_bytes
from saliscribe.io.runs import write_run
from saliscribe.pipeline.report import Written
from saliscribe.pipeline.report_replay import FINDINGS, REPLIES
from saliscribe.reporting.writing import Writing


def write_report_run(written: Written, out: Path) -> Path:
    """Findings, report, audit and, for a language model, its replies in the folder ``out``.

    Raises:
        UsageError: ``out`` cannot be written or is not a result folder. MissingError: the disk is full.
    """
    files = {
        FINDINGS: json_bytes(written.findings),
        "report.json": json_bytes(written.report),
        "report.md": written.markdown.encode(),
        "audit.json": json_bytes(written.audit),
        **reply_files(written.writing),
    }
    manifest = {
        "kind": "report",
        "saliscribe": saliscribe.__version__,
        "research_use_only": True,
        "style": written.report.style,
        **writing_facts(written.writing),
        "result": {"audit": written.audit.outcome},
    }
    return write_run(out, files, manifest)


def reply_files(writing: Writing | None) -> dict[str, bytes]:
    """Every reply as it came; no file for the template."""
    return {} if writing is None else {REPLIES: json_bytes(writing)}


def writing_facts(writing: Writing | None) -> dict[str, object]:
    """What the manifest tells of the writer: everything but the texts."""
    if writing is None:
        return {"prompt_sha256": None}
    plain = writing.model_dump(mode="json")
    plain["attempts"] = [
        {name: one[name] for name in ("request_sha256", "model", "fault", "status")}
        for one in plain["attempts"]
    ]
    return {"prompt_sha256": writing.prompts[0].sha256, "writing": plain}
