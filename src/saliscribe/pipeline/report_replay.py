"""The same report again, from the replies that were kept: no network, no key, no model."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from saliscribe.errors import InputError
from saliscribe.io.runs import has_all_files, read_manifest
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.pipeline.report import Written, write_with
from saliscribe.reporting.chat import Reply, Request, WriterFault, drafts_so_far
from saliscribe.reporting.write_report import DEFAULT_PARAMETERS
from saliscribe.reporting.writing import Writing

FINDINGS, REPLIES = "findings.json", "replies.json"


class Recorded:
    """Answers as the writer of an earlier run did, faults included."""

    def __init__(self, writing: Writing) -> None:
        self.author = writing.author
        self._attempts = writing.attempts

    def __call__(self, request: Request, seconds: float) -> Reply:
        number = drafts_so_far(request)
        if number >= len(self._attempts):
            raise WriterFault("script")
        attempt = self._attempts[number]
        if attempt.fault is not None or attempt.reply is None:
            raise WriterFault(attempt.fault or "empty", attempt.status, text=attempt.reply)
        return Reply(text=attempt.reply, model=attempt.model)


def replay(run: str | Path) -> Written:
    """Write the report of a result folder again.

    Raises:
        InputError: not a result folder, or its findings or replies are missing, changed or unreadable.
    """
    folder = Path(run)
    manifest = read_manifest(folder)
    if manifest is None:
        raise InputError("not a result folder", expected="a folder with a manifest.json", where=str(folder))
    needed = {name: facts for name, facts in manifest["files"].items() if name in (FINDINGS, REPLIES)}
    if not has_all_files(folder, {"files": needed}, verify=True):
        raise InputError(
            "the result folder is not what was written",
            expected=f"{' and '.join(sorted(needed))} as the manifest lists them",
            got="a file that is missing or was changed",
            where=str(folder),
        )
    facts = read_findings(folder)
    if REPLIES not in needed:
        return write_with(facts, None, "template", manifest.get("style", "structured"), DEFAULT_PARAMETERS)
    file = folder / REPLIES
    try:
        story = Writing.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError("cannot read the replies", where=str(file), got=str(error).splitlines()[0]) from None
    return write_with(facts, Recorded(story), story.mode, story.style, story.parameters)
