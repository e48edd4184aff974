"""Whether a picture was painted by ``saliscribe phantom``: then everything made from it says so."""

from __future__ import annotations

from pathlib import Path

from saliscribe.anatomy.phantom import NOTICE

_PNG = b"\x89PNG\r\n\x1a\n"
_HEAD_BYTES = 8192


def is_synthetic(path: Path) -> bool:
    """True for a PNG file that carries the phantom's notice in a text chunk."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return False
    return head.startswith(_PNG) and NOTICE.encode("latin-1") in head
