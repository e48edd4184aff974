"""Arrays derived from slow files, kept in the user's cache folder and checked by hash."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray]


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/saliscribe``, by default ``~/.cache/saliscribe``."""
    root = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(root) if root else Path("~/.cache").expanduser()) / "saliscribe"


def file_sha256(path: Path) -> str:
    """sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def cached_arrays(name: str, key: str, make: Callable[[], Arrays]) -> dict[str, NDArray]:
    """``make()``, or what an earlier call with the same ``name`` and ``key`` returned.

    ``key`` must change with everything that the arrays depend on. The entry starts with the sha256 of the rest:
    a damaged or half-written one is made again. A cache that cannot be read or written changes nothing but the time.
    """
    path = cache_folder() / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:20]}.npz"
    kept = _read(path)
    if kept is not None:
        return kept
    arrays = dict(make())
    _write(path, arrays)
    return arrays


def _read(path: Path) -> dict[str, NDArray] | None:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, body = content[:32], content[32:]
    if hashlib.sha256(body).digest() != digest:
        return None
    with np.load(io.BytesIO(body), allow_pickle=False) as parts:
        return {name: parts[name] for name in parts.files}


def _write(path: Path, arrays: Arrays) -> None:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    body = buffer.getvalue()
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as stream:
            temporary = Path(stream.name)
            stream.write(hashlib.sha256(body).digest() + body)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
