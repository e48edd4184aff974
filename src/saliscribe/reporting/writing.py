"""How a report came to be: who was asked, with what, what came back each time, and what became of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from saliscribe.core.records.fact import Count, Record
from saliscribe.core.records.report import Style
from saliscribe.reporting.chat import FAULTS, Author, Parameters
from saliscribe.reporting.prompt import Prompt

#: as_written: a draft passed; repaired: sentences were replaced; template: the grammar wrote all of it.
Result = Literal["as_written", "repaired", "template"]


def _known(name: str) -> str:
    if name not in FAULTS:
        raise ValueError("not a known fault")
    return name


FaultName = Annotated[str, AfterValidator(_known)]


class Attempt(Record):
    """One request: the reply as it came, or the fault; and what the checks held against it."""

    request_sha256: str
    reply: str | None = None
    model: str | None = None
    fault: FaultName | None = None
    status: int | None = None
    failed: tuple[str, ...] = ()


class PromptUsed(Record):
    """Which prompt file was used."""

    name: str
    version: Count
    sha256: str

    @classmethod
    def of(cls, prompt: Prompt) -> PromptUsed:
        """Without the text, which the version of the program and the hash determine."""
        return cls(name=prompt.name, version=prompt.version, sha256=prompt.sha256)


class Writing(Record):
    """The story of one report; ``reason`` says in words why it is not as the writer wrote it."""

    schema_version: Literal["1.0"] = "1.0"
    author: Author
    mode: Literal["plan", "slots", "free"]
    style: Style
    parameters: Parameters
    prompts: tuple[PromptUsed, ...]
    attempts: tuple[Attempt, ...]
    result: Result
    reason: str | None = None
