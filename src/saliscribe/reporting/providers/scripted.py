"""A writer that says what it is told: for tests, for teaching, and for texts written elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from saliscribe.errors import InputError, UsageError
from saliscribe.reporting.chat import Author, Reply, Request, WriterFault, drafts_so_far

MAX_BYTES = 1_000_000
Script = str | Sequence[str] | Callable[[Request], str]


class Scripted:
    """Answers with one text every time, with a list of texts one after the other, or with what a function returns.

    The last text of a list is repeated; which one is due is read off the request. A function gets the ``Request``
    and may raise ``WriterFault``.
    """

    author = Author(writer="scripted")

    def __init__(self, script: Script) -> None:
        self._script = [script] if isinstance(script, str) else script

    def __call__(self, request: Request, seconds: float) -> Reply:
        if callable(self._script):
            return Reply(text=self._script(request))
        if not self._script:
            raise WriterFault("script")
        return Reply(text=self._script[min(drafts_so_far(request), len(self._script) - 1)])


def open_file(argument: str) -> Scripted:
    """The text of the file ``argument``, or the list of texts that a ``.json`` file holds.

    Raises:
        UsageError: no file was named. InputError: it cannot be read as UTF-8 text of at most 1 MB, or is no list.
    """
    if not argument:
        raise UsageError("the scripted writer needs a file", expected="scripted:FILE", got="scripted")
    text = _read(argument)
    return Scripted(_list_of_texts(text, argument) if argument.lower().endswith(".json") else text)


def _read(name: str) -> str:
    try:
        raw = Path(name).read_bytes()
        if len(raw) > MAX_BYTES:
            raise InputError(
                "text is too long", expected=f"at most {MAX_BYTES} bytes", got=str(len(raw)), where=name
            )
        return raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "could not read the text", got=str(error), where=name, do="give a UTF-8 file"
        ) from None


def _list_of_texts(text: str, name: str) -> list[str]:
    try:
        texts = json.loads(text)
    except (ValueError, RecursionError):
        texts = None
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        raise InputError("not a list of replies", expected="a JSON list of texts", where=name)
    return texts
