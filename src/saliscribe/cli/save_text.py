"""Write one text file that the user named."""

from __future__ import annotations

from pathlib import Path

from saliscribe.errors import UsageError


def save_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path``.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError("cannot write the file", where=str(path), got=error.strerror or "") from None
