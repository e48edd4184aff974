"""A hard limit on waiting, whatever the other side does."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, Queue
from typing import TypeVar

from saliscribe.reporting.chat import WriterFault

Result = TypeVar("Result")


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """The result of ``work``, or ``WriterFault`` after ``seconds``.

    A time-out of the HTTP library counts from byte to byte and not at all while a name is looked up. Work that
    is late goes on in a thread that does not keep the program alive, and its result is dropped.
    """
    box: Queue[tuple[Result | None, BaseException | None]] = Queue(1)

    def run() -> None:
        try:
            box.put((work(), None))
        except BaseException as error:
            box.put((None, error))

    threading.Thread(target=run, daemon=True, name="saliscribe-writer").start()
    try:
        result, error = box.get(timeout=max(seconds, 0.0))
    except Empty:
        raise WriterFault("deadline") from None
    if error is not None:
        raise error
    return result  # type: ignore[return-value]
