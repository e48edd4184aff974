"""The conversation with a writer: the first request, and the one after a draft that did not pass."""

from __future__ import annotations

from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Style
from saliscribe.reporting.chat import Message, Parameters, Request
from saliscribe.reporting.modes import MODES
from saliscribe.reporting.prompt import Prompt, load_prompt

#: Failed sentences that are told to the model, and characters of each.
_MOST_FAILED, _LONGEST = 20, 400


def first_request(findings: Findings, mode: str, style: Style, parameters: Parameters) -> Request:
    """The prompt of the mode, and the findings in words. Nothing else is in it."""
    chosen = MODES[mode]
    messages = (
        Message(role="system", content=load_prompt(chosen.prompt).text),
        Message(role="user", content=chosen.ask(findings, style)),
    )
    return Request(messages=messages, json_schema=chosen.schema(findings, style), parameters=parameters)


def next_request(request: Request, draft: str, failed: tuple[str, ...]) -> Request:
    """The same, with the last draft and what was wrong with it."""
    listed = "\n".join(f"- {line[:_LONGEST]}" for line in failed[:_MOST_FAILED])
    again = Message(role="user", content=f"{load_prompt('again').text}\n\n{listed}")
    return request.model_copy(
        update={"messages": (*request.messages, Message(role="assistant", content=draft), again)}
    )


def prompts_of(mode: str, drafts: int) -> tuple[Prompt, ...]:
    """The prompts that a conversation with so many drafts used."""
    first = load_prompt(MODES[mode].prompt)
    return (first, load_prompt("again")) if drafts > 1 else (first,)
