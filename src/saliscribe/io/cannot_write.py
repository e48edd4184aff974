"""A place that cannot be written to is no bug: the line and the exit code for it."""

from __future__ import annotations

import errno
from pathlib import Path

from saliscribe.errors import MissingError, SaliscribeError, UsageError

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))
_REFUSED = frozenset(
    (errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG)
)


def is_about_the_place(error: OSError) -> bool:
    """Whether the file system refused: it is full, read-only, closed to this user, or a file is in the way."""
    return error.errno in _FULL | _REFUSED


def cannot_write(error: OSError, where: str | Path) -> SaliscribeError:
    """A full disk is something missing (exit code 4); everything else is the wrong place (2)."""
    if error.errno in _FULL:
        return MissingError("no space left", where=str(where), do="free space or choose another place")
    reason = (error.strerror or str(error)).lower()
    return UsageError("cannot be written", got=reason, where=str(where), do="choose another place")
