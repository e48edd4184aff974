"""The conversation with a writer: the first request, and the one after a draft that did not pass."""

from __future__ import annotations

from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Style
from saliscribe.reporting.chat import Chat, Message, Parameters, PromptForm, Request
from saliscribe.reporting.modes import asked_as
from saliscribe.reporting.prompt import Prompt, load_prompt

#: Failed sentences that are told to the model, and characters of each.
_MOST_FAILED, _LONGEST = 20, 400


def settled(parameters: Parameters, chat: Chat) -> Parameters:
    """The parameters with the form of prompt that suits the writer, where none was named."""
    if parameters.prompt != "auto":
        return parameters
    form: PromptForm = getattr(chat, "prompt_form", "full")
    return parameters.model_copy(update={"prompt": form})


def first_request(findings: Findings, mode: str, style: Style, parameters: Parameters) -> Request:
    """The prompt of the mode, and the findings in words. Nothing else is in it."""
    chosen = asked_as(mode, parameters.prompt)
    prompt = load_prompt(chosen.prompt).messages()
    return Request(
        messages=(*prompt, Message(role="user", content=chosen.ask(findings, style))),
        examples=sum(message.role == "assistant" for message in prompt),
        json_schema=chosen.schema(findings, style),
        parameters=parameters,
    )


def next_request(request: Request, draft: str, failed: tuple[str, ...]) -> Request:
    """The same, with the last draft and what was wrong with it."""
    listed = "\n".join(f"- {line[:_LONGEST]}" for line in failed[:_MOST_FAILED])
    again = Message(role="user", content=f"{load_prompt('again').text}\n\n{listed}")
    return request.model_copy(
        update={"messages": (*request.messages, Message(role="assistant", content=draft), again)}
    )


def prompts_of(mode: str, form: PromptForm, drafts: int) -> tuple[Prompt, ...]:
    """The prompts that a conversation with so many drafts used."""
    first = load_prompt(asked_as(mode, form).prompt)
    return (first, load_prompt("again")) if drafts > 1 else (first,)
