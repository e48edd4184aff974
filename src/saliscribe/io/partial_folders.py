"""Temporary folders of unfinished results: claimed by a lock that dies with its process, cleaned when left behind."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"^\..+\.(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-[0-9a-f]{8}\.partial$")
#: A folder of another machine, whose processes cannot be asked, counts as left behind after this long.
_FOREIGN_AGE_S = 24 * 3600.0
#: An unlocked folder whose process id lives belongs to a process about to lock it, or to a reused id.
_SETTLED_S = 60.0
_CLEANED: set[Path] = set()


@dataclass(frozen=True)
class Partial:
    """A claimed temporary folder; ``lock`` is an open handle on it, or -1 where folders cannot be locked."""

    path: Path
    lock: int


def claim_partial(out_dir: Path) -> Partial:
    """Make a new temporary folder beside ``out_dir`` that no other process will clean while this one lives."""
    name = f".{out_dir.name[:60]}.{_host()}-{os.getpid()}-{secrets.token_hex(4)}.partial"
    path = out_dir.parent / name
    path.mkdir()
    return Partial(path, _lock(path))


def release_partial(partial: Partial) -> None:
    """Give up the claim and remove what is left of the folder (nothing, after it was renamed into place)."""
    if partial.lock >= 0:
        os.close(partial.lock)
    shutil.rmtree(partial.path, ignore_errors=True)


def clean_partials(parent: Path, *, again: bool = False) -> list[Path]:
    """Remove temporary folders that killed runs left in ``parent``; done once per process unless ``again``."""
    if parent in _CLEANED and not again:
        return []
    _CLEANED.add(parent)
    removed = []
    for entry in os.scandir(parent):
        match = _NAME.match(entry.name)
        if (
            match
            and entry.is_dir(follow_symlinks=False)
            and _left_behind(Path(entry.path), match["host"], int(match["pid"]))
        ):
            shutil.rmtree(entry.path, ignore_errors=True)
            removed.append(Path(entry.path))
    return removed


def _left_behind(path: Path, host: str, pid: int) -> bool:
    try:
        age = time.time() - path.stat().st_mtime
        if host != _host() or pid == os.getpid():
            return host != _host() and age > _FOREIGN_AGE_S
        handle = _lock(path)
    except OSError:
        return False
    if handle < 0:
        return age > _FOREIGN_AGE_S
    os.close(handle)
    return not _alive(pid) or age > _SETTLED_S


def _alive(pid: int) -> bool:
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _lock(path: Path) -> int:
    """An exclusive lock on the folder, as an open handle; -1 where another holds it or locks do not exist."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system
        return -1
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return -1
    return handle


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]
