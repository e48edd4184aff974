"""The prompts: Markdown files with a version, and the conversation that is made of one."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib import resources
from typing import Literal

from saliscribe.core.records.fact import Record
from saliscribe.reporting.chat import Message

_HEAD = re.compile(r"\A---\nversion: (\d+)\n---\n")
_TURN = re.compile(r"^### (Facts|Report)$", re.MULTILINE)
_ROLES: dict[str, Literal["user", "assistant"]] = {"Facts": "user", "Report": "assistant"}


class Prompt(Record):
    """``text`` is told to the model as it stands; ``sha256`` is that of the file."""

    name: str
    version: int
    sha256: str
    text: str

    def messages(self) -> tuple[Message, ...]:
        """The rules, and after them the examples that stand under "### Facts" and "### Report", as turns."""
        rules, *parts = _TURN.split(self.text)
        turns = zip(parts[::2], parts[1::2], strict=True)
        return (
            Message(role="system", content=rules.strip()),
            *(Message(role=_ROLES[who], content=text.strip()) for who, text in turns),
        )


@cache
def load_prompt(name: str) -> Prompt:
    """The prompt ``prompts/<name>.md`` of the package."""
    raw = (resources.files("saliscribe.reporting") / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    head = _HEAD.match(raw)
    if head is None:
        raise ValueError(f"prompt {name} does not begin with its version")
    digest = hashlib.sha256(raw.encode()).hexdigest()
    return Prompt(name=name, version=int(head[1]), sha256=digest, text=raw[head.end() :].strip())
