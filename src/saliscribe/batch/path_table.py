"""Inputs named in CSV tables: the paths that they list take the place of the table."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from saliscribe.errors import InputError

#: The column that holds the paths, by its name in any case.
COLUMNS = ("path", "file")


def unfold_tables(inputs: Iterable[str]) -> Iterator[str]:
    """``inputs`` with every ``.csv`` file replaced by the paths in its column ``path`` or ``file``, in row order.

    A path begins at the table's folder, or at ``images/`` in it, where data sets keep theirs; it is passed on even
    where no file is, so that it gets its own error.

    Raises:
        InputError: a table without such a column, or not text.
    """
    for text in inputs:
        table = Path(text).expanduser()
        if table.suffix.lower() == ".csv" and table.is_file():
            yield from _paths(table)
        else:
            yield text


def _paths(table: Path) -> Iterator[str]:
    try:
        with table.open(newline="", encoding="utf-8-sig") as stream:
            rows = csv.DictReader(stream)
            header = list(rows.fieldnames or ())
            column = next((name for name in header if name.strip().lower() in COLUMNS), None)
            if column is None:
                raise InputError(
                    "a table of inputs needs a column of paths",
                    expected=" or ".join(COLUMNS),
                    got=", ".join(header) or "an empty file",
                    where=str(table),
                )
            for row in rows:
                if name := (row[column] or "").strip():
                    yield str(_place(table.parent, name))
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError("not a CSV table of UTF-8 text", got=str(error), where=str(table)) from None


def _place(folder: Path, name: str) -> Path:
    beside = folder / name
    below = folder / "images" / name
    return below if not beside.exists() and below.exists() else beside
