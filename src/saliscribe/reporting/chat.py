"""What passes between this program and whoever writes: a request, a reply, or a reason why there is none."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import Field

from saliscribe.core.records.fact import Record

#: full: all rules, and the facts as JSON. short: few rules, two examples, and the facts as lines, for small models.
#: auto: what suits the writer.
PromptForm = Literal["auto", "full", "short"]


class Parameters(Record):
    """How a language model is asked. ``deadline_s`` is for the whole report, retries and regenerations included."""

    temperature: Annotated[float, Field(ge=0.0, le=2.0)] = 0.2
    top_p: Annotated[float, Field(gt=0.0, le=1.0)] = 1.0
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 7
    max_tokens: Annotated[int, Field(ge=16, le=8192)] = 1200
    deadline_s: Annotated[float, Field(gt=0.0, le=3600.0)] = 60.0
    prompt: PromptForm = "auto"


class Message(Record):
    """One turn of the conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(Record):
    """Everything that a writer is told. ``json_schema`` is set where the answer must be JSON.

    ``examples``: how many of the assistant's messages are not drafts but examples of the prompt.
    """

    messages: tuple[Message, ...]
    examples: int = 0
    json_schema: dict[str, Any] | None = None
    parameters: Parameters = Parameters()


def drafts_so_far(request: Request) -> int:
    """How many drafts the conversation holds already."""
    return sum(message.role == "assistant" for message in request.messages) - request.examples


class Reply(Record):
    """What came back, before anyone has judged it. ``model`` is the one that says it answered."""

    text: str
    model: str | None = None


class Author(Record):
    """Who is asked: the writer's name in the table, the server's address and the model, where there are any."""

    writer: str
    address: str | None = None
    model: str | None = None


@runtime_checkable
class Chat(Protocol):
    """A writer that answers requests: a model on a server, a model in this process, or a script."""

    @property
    def author(self) -> Author:
        """Who answers."""

    def __call__(self, request: Request, seconds: float) -> Reply:
        """The answer within ``seconds``; ``WriterFault`` where there is none."""


@runtime_checkable
class RemoteChat(Chat, Protocol):
    """A writer on a server."""

    def payload(self, request: Request) -> bytes:
        """Exactly the body that asking would send first; nothing is sent."""

    def check_key(self) -> None:
        """Raises MissingError where the server wants a key and there is none."""


#: Why there is no answer -> the words for it. Nothing that a server wrote ever becomes part of a reason.
FAULTS = {
    "refused": "the server could not be reached",
    "tls": "the server's certificate was not accepted",
    "reset": "the connection broke off",
    "deadline": "no answer within the deadline",
    "key_refused": "the server refused the key",
    "not_found": "the server does not know this model or address",
    "rate_limited": "the server had no capacity left for this key",
    "bad_request": "the server did not accept the request",
    "unavailable": "the server failed",
    "redirect": "the server pointed elsewhere, which is not followed",
    "other_status": "the server answered with an unexpected status",
    "too_long": "the answer was too long",
    "compressed": "the answer was compressed, which was not asked for",
    "not_json": "the answer was not JSON",
    "bad_encoding": "the answer was not valid text",
    "wrong_schema": "the answer did not have the form of a chat completion",
    "not_one_choice": "the answer did not hold exactly one choice",
    "other_model": "another model answered than the one that was asked",
    "refusal": "the model declined to answer",
    "cut_short": "the answer was cut short",
    "tool_call": "the model called a tool instead of answering",
    "empty": "the answer was empty",
    "local_model": "the model on this machine failed",
    "script": "the script had no text to give",
}  # fmt: skip


class WriterFault(Exception):
    """No usable answer.

    ``reason`` is a key of ``FAULTS``; ``wait_s`` is how long the server asked to be left alone; ``text`` is what an
    answer held that is not whole, for the record.
    """

    def __init__(
        self, reason: str, status: int | None = None, wait_s: float | None = None, text: str | None = None
    ) -> None:
        self.reason = reason
        self.status = status
        self.wait_s = wait_s
        self.text = text
        self.words = FAULTS[reason] + (f" (status {status})" if status else "")
        super().__init__(self.words)
