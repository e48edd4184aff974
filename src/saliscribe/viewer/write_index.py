"""The index as one file that needs no server."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from saliscribe.errors import InputError
from saliscribe.io.cannot_write import cannot_write
from saliscribe.viewer.card import OVERLAY, REPORT_PAGE, Card
from saliscribe.viewer.page import render_index
from saliscribe.viewer.shelf import Shelf
from saliscribe.viewer.thumbnail import thumbnail

THUMBNAIL_PX = 192


def write_index(out: str | Path, file: str | Path) -> Path:
    """Write the index of the results below ``out`` as one self-contained page with small pictures inside.

    Its links lead to the reports relative to ``file``, so they work as long as both are moved together.

    Raises:
        InputError: ``out`` is no folder, or holds no complete result. UsageError: ``file`` cannot be written.
        MissingError: the disk is full.
    """
    file, shelf = Path(file), Shelf(out)
    cards = shelf.look().cards
    if not cards:
        raise InputError("no complete result", expected="folders that explain -o wrote", where=str(out))
    rows = [_row(card, file.parent) for card in cards.values()]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(render_index(shelf.root.resolve().name, rows), encoding="utf-8")
    except OSError as error:
        raise cannot_write(error, file) from None
    return file


def _row(card: Card, beside: Path) -> dict[str, Any]:
    link = None
    if REPORT_PAGE in card.files:
        page = os.path.relpath((card.folder / REPORT_PAGE).resolve(), beside.resolve())
        link = quote(Path(page).as_posix())
    return card.as_json() | {"thumbnail": _picture(card), "link": link}


def _picture(card: Card) -> str | None:
    """The small picture as a data URI; ``None`` where the result has none that can be read."""
    if OVERLAY not in card.files:
        return None
    try:
        small = thumbnail(card.folder / OVERLAY, card.finished, THUMBNAIL_PX)
    except OSError:
        return None
    return f"data:image/jpeg;base64,{base64.b64encode(small).decode()}"
