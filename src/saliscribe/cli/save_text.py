"""Write where the user said."""

from __future__ import annotations

from pathlib import Path

from saliscribe.errors import UsageError
from saliscribe.io.cannot_write import cannot_write


def save_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path``.

    Raises:
        UsageError: the file cannot be written. MissingError: the disk is full.
    """
    make_folder(path.parent)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(error, path) from None


def make_folder(folder: Path) -> None:
    """Make sure that results can have their place before long work begins.

    Raises:
        UsageError: there can be no such folder. MissingError: the disk is full.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UsageError(
            "cannot be a folder", got="a file of that name", where=str(folder), do="choose another place"
        ) from None
    except OSError as error:
        raise cannot_write(error, folder) from None
