"""The bytes of one input file, read once; everything that is not an ordinary readable file is refused here."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from saliscribe.core.volume import Source
from saliscribe.errors import InputError

Role = Literal["scan", "mask"]

#: Larger files are refused before a byte is read.
MAX_FILE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class FileBytes:
    """A file held in memory, so that the hash and the pixels come from the same bytes.

    ``format`` is a key of ``READERS``, set once the bytes have been looked at; ``role`` is what the file is
    read for: a mask may be constant or have two values, a scan may not.
    """

    path: Path
    data: bytes
    format: str = ""
    role: Role = "scan"

    @cached_property
    def sha256(self) -> str:
        """Hash of the file as it was read."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def source(self) -> Source:
        """Where the image came from, for ``Volume.source``."""
        return Source(path=str(self.path), format=self.format, file_sha256=self.sha256)

    def damaged(self, problem: str, **facts: str) -> InputError:
        """An ``InputError`` about this file."""
        return InputError(problem, where=str(self.path), **facts)


def load_file(path: Path) -> FileBytes:
    """Read a regular file of bounded size.

    Opening a pipe or a device could block for ever, so the kind of file is asked first.

    Raises:
        InputError: missing, a folder, a pipe or device, unreadable, empty, or larger than ``MAX_FILE_BYTES``.
    """
    where = str(path)
    try:
        status = os.stat(path)
    except FileNotFoundError:
        raise InputError("no such file", where=where, do="check the path") from None
    except (OSError, ValueError) as error:
        raise InputError("this path cannot be looked up", got=_reason(error), where=where) from error
    if stat.S_ISDIR(status.st_mode):
        raise InputError("this is a folder", expected="an image file", where=where, do="name the files in it")
    if not stat.S_ISREG(status.st_mode):
        raise InputError(
            "not an ordinary file", expected="an image file", got="a pipe, socket or device", where=where
        )
    if status.st_size == 0:
        raise InputError("the file is empty (0 bytes)", expected="an image file", where=where)
    if status.st_size > MAX_FILE_BYTES:
        raise InputError(
            "the file is too large",
            expected=f"at most {MAX_FILE_BYTES:,} bytes",
            got=f"{status.st_size:,}",
            where=where,
        )
    try:
        return FileBytes(path, path.read_bytes())
    except OSError as error:
        do = "check its permissions" if isinstance(error, PermissionError) else ""
        raise InputError("the file cannot be opened", got=_reason(error), where=where, do=do) from error


def load_series(path: Path, files: Sequence[Path], label: str = "dicom") -> FileBytes:
    """Many files as one input called ``path``: what is hashed are the sorted hashes of the files, whatever their names.

    Raises:
        InputError: one of the files cannot be read, or together they are larger than ``MAX_FILE_BYTES``.
    """
    hashes = []
    total = 0
    for each in files:
        file = load_file(each)
        hashes.append(bytes.fromhex(file.sha256))
        total += len(file.data)
        if total > MAX_FILE_BYTES:
            raise InputError(
                "the series is too large",
                expected=f"at most {MAX_FILE_BYTES:,} bytes in all",
                where=str(path),
            )
    return FileBytes(path, b"".join(sorted(hashes)), label)


def _reason(error: Exception) -> str:
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text.lower() if text else type(error).__name__
