"""The bytes of a chat completion -> one reply. Nothing in them is taken on trust."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, NoReturn

from pydantic import BaseModel, ValidationError

from saliscribe.reporting.chat import Reply, WriterFault

#: Characters of a report; several times what a long one has.
MAX_CHARACTERS = 20_000
#: What may be added to a model's name: revisions, dates, sizes, kinds of tuning and of number format.
_SAME = re.compile(
    r"(@[\w.]+|[-:_](\d{4}(-\d\d){0,2}|\d{6}|\d{8}|\d+(\.\d+)?[bm]|it|instruct|chat|preview|i?q\d\w*|b?f16|fp(8|16)|int[48]))*"
)


class _Message(BaseModel):
    role: Literal["assistant"]
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[Any] | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    model: str
    choices: list[_Choice]


def read_completion(body: bytes, content_type: str, model: str) -> Reply:
    """The only choice's text.

    Raises:
        WriterFault: not JSON, not of this form, not exactly one choice, from another model, refused, cut short,
            empty, or longer than a report can be.
    """
    found = _parse(body, content_type)
    if len(found.choices) != 1:
        raise WriterFault("not_one_choice")
    if not same_model(found.model, model):
        raise WriterFault("other_model")
    choice = found.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise WriterFault("refusal")
    if choice.message.tool_calls or choice.finish_reason in ("tool_calls", "function_call"):
        raise WriterFault("tool_call")
    if choice.finish_reason == "length":
        raise WriterFault("cut_short", text=checked_text(choice.message.content or ""))
    return Reply(text=checked_text(choice.message.content or ""), model=found.model)


def checked_text(text: str) -> str:
    """``text``, if it can be a report at all: not empty, not endless, and made of characters that can be saved."""
    if not text.strip():
        raise WriterFault("empty")
    if len(text) > MAX_CHARACTERS:
        raise WriterFault("too_long")
    if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text):
        raise WriterFault("bad_encoding")
    return text


def same_model(answered: str, asked: str) -> bool:
    """True where one name is the other with a path, a date, a size or the like added: "grok-4" and "grok-4-0709".

    "grok-4.3", "grok-4-mini" and "grok-4-by-somebody" are other models than "grok-4".
    """
    short, long = sorted((_stem(answered), _stem(asked)), key=len)
    return bool(short) and long.startswith(short) and bool(_SAME.fullmatch(long[len(short) :]))


def _stem(name: str) -> str:
    last = name.lower().replace("\\", "/").rstrip("/").rpartition("/")[2]
    return last.removesuffix(".gguf").removesuffix("-latest").removesuffix(":latest")


def _parse(body: bytes, content_type: str) -> _Completion:
    if not body.strip():
        raise WriterFault("empty")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise WriterFault("not_json")
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise WriterFault("bad_encoding") from None
    except (ValueError, RecursionError):
        raise WriterFault("not_json") from None
    try:
        return _Completion.model_validate(data)
    except (ValidationError, RecursionError):
        raise WriterFault("wrong_schema") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError("not a number")
