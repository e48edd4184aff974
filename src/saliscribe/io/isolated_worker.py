"""The other side of ``isolation``: a process that decodes files one by one, under a memory limit."""

from __future__ import annotations

import importlib
import json
import os
import sys
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np

from saliscribe.errors import SaliscribeError
from saliscribe.io.isolation import Decoded

_MEMORY_BYTES = 4 * 1024**3


def serve() -> None:
    """Answer requests from standard input until it closes."""
    requests = sys.stdin.buffer
    replies = os.fdopen(os.dup(1), "wb")
    _silence()
    _limit()
    warnings.simplefilter("ignore")
    for line in requests:
        request = json.loads(line)
        _reply(replies, *_answer(request["target"], Path(request["path"])))


def _silence() -> None:
    """Native libraries print where they like; keep that away from the replies and from the user."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _limit() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system: the time limit alone has to do
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY_BYTES if hard == resource.RLIM_INFINITY else min(hard, _MEMORY_BYTES)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _answer(target: str, path: Path) -> tuple[Decoded, dict[str, str] | None]:
    module, _, name = target.partition(":")
    try:
        return getattr(importlib.import_module(module), name)(path), None
    except SaliscribeError as error:
        return Decoded(), {
            "problem": error.problem,
            "expected": error.expected,
            "got": error.got,
            "do": error.do,
        }
    except MemoryError:
        return Decoded(), {"problem": "damaged, or too large to decode", "got": "out of memory"}
    except Exception as error:  # decoders raise anything on damaged bytes; the text goes to the user
        text = " ".join(str(error).split()) or type(error).__name__
        return Decoded(), {"problem": "cannot be decoded: damaged or an unusual variant", "got": text[:200]}


def _reply(replies: IO[bytes], decoded: Decoded, error: dict[str, str] | None) -> None:
    arrays = {name: np.ascontiguousarray(array) for name, array in decoded.arrays.items()}
    listed: list[dict[str, Any]] = [
        {"name": name, "dtype": array.dtype.str, "shape": array.shape, "bytes": array.nbytes}
        for name, array in arrays.items()
    ]
    head = json.dumps({"error": error, "facts": decoded.facts, "arrays": listed}).encode()
    replies.write(len(head).to_bytes(8, "little") + head)
    for array in arrays.values():
        replies.write(array.tobytes())
    replies.flush()
