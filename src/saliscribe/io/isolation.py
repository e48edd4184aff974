"""Run a decoder in a separate process: damaged files may crash, hang or exhaust native code, never this program."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.errors import InputError

#: Longer than any honest file needs; then the decoder is stopped and the file counts as damaged.
TIMEOUT_S = 60.0
_MAX_REPLY = 4 * 1024**3
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from saliscribe.io.isolated_worker import serve; serve()"
)


@dataclass(frozen=True)
class Decoded:
    """What a decoder hands back: named arrays, and plain JSON facts."""

    arrays: dict[str, NDArray] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


def decode_isolated(target: str, path: Path, *, timeout_s: float = TIMEOUT_S) -> Decoded:
    """Call ``target`` (``"module:function"``, ``Path -> Decoded``) on ``path`` in the worker process.

    The worker is started once, serves file after file, and is started again after a crash.

    Raises:
        InputError: what the decoder raised, or that it crashed, ran out of memory or took too long.
    """
    with _LOCK:
        worker = _the_worker()
        late = threading.Event()
        timer = threading.Timer(timeout_s, worker.stop, kwargs={"reason": late})
        timer.start()
        try:
            return worker.ask(target, path)
        except (EOFError, OSError, ValueError) as error:
            worker.stop()
            took = (
                f"decoding took longer than {timeout_s:g} s" if late.is_set() else "the decoder crashed on it"
            )
            raise InputError(f"the file is damaged: {took}", where=str(path)) from error
        finally:
            timer.cancel()


class _Worker:
    """One child process that answers requests in order."""

    def __init__(self) -> None:
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        places = json.dumps([os.path.abspath(place) for place in sys.path])
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _START, places],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )

    def usable(self) -> bool:
        """Alive, and started by this very process (a forked child must not share the pipes)."""
        return self.owner == os.getpid() and self.process.poll() is None

    def ask(self, target: str, path: Path) -> Decoded:
        requests, replies = self.process.stdin, self.process.stdout
        if requests is None or replies is None:
            raise EOFError("the worker has no pipes")
        requests.write(json.dumps({"target": target, "path": os.path.abspath(path)}).encode() + b"\n")
        requests.flush()
        reply = json.loads(_exactly(replies, int.from_bytes(_exactly(replies, 8), "little")))
        if reply["error"] is not None:
            problem = reply["error"].pop("problem")
            raise InputError(problem, **{**reply["error"], "where": str(path)})
        arrays = {}
        for item in reply["arrays"]:
            raw = _exactly(replies, item["bytes"])
            arrays[item["name"]] = np.frombuffer(raw, np.dtype(item["dtype"])).reshape(item["shape"])
        return Decoded(arrays, reply["facts"])

    def stop(self, reason: threading.Event | None = None) -> None:
        """Kill the process; ``reason`` is set first, so that the reader of the broken pipe can tell why."""
        if reason is not None:
            reason.set()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()


_LOCK = threading.Lock()
_WORKERS: list[_Worker] = []


def _the_worker() -> _Worker:
    if not _WORKERS or not _WORKERS[-1].usable():
        _WORKERS[:] = [_Worker()]
    return _WORKERS[-1]


def _exactly(stream: IO[bytes], count: int) -> bytes:
    if not 0 <= count <= _MAX_REPLY:
        raise ValueError("a reply of impossible length")
    raw = stream.read(count)
    if len(raw) < count:
        raise EOFError("the worker ended")
    return raw


def _forget_parent() -> None:
    """In a forked child the lock may be held by a thread that does not exist here."""
    global _LOCK
    _LOCK = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)


@atexit.register
def _stop_all() -> None:
    for worker in _WORKERS:
        worker.stop()
