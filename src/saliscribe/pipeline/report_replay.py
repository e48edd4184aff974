"""The same report again, from the replies that were kept: no network, no key, no model."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from saliscribe.errors import InputError
from saliscribe.io.runs import read_manifest
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.pipeline.report import Written, write_with
from saliscribe.reporting.chat import Reply, Request, WriterFault, drafts_so_far
from saliscribe.reporting.write_report import DEFAULT_PARAMETERS
from saliscribe.reporting.writing import Writing

REPLIES = "replies.json"


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
        InputError: not a result folder, or its replies cannot be read.
    """
    folder = Path(run)
    if read_manifest(folder) is None:
        raise InputError("not a result folder", expected="a folder with a manifest.json", where=str(folder))
    facts = read_findings(folder)
    file = folder / REPLIES
    if not file.exists():
        return write_with(facts, None, "template", "structured", DEFAULT_PARAMETERS)
    try:
        story = Writing.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as error:
        raise InputError("cannot read the replies", where=str(file), got=str(error).splitlines()[0]) from None
    return write_with(facts, Recorded(story), story.mode, story.style, story.parameters)
