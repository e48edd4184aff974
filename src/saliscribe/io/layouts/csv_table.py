"""A CSV table of slices: columns ``file`` and ``class``, and as many of ``patient``, ``study``, ``fold``, ``plane``,
``mask``, ``split``, ``spacing_mm`` and ``original_size_px`` as there are."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError
from saliscribe.io.layouts.protocol import Layout
from saliscribe.io.layouts.words import class_of, plane_of_word

_SAME = {
    "file": ("file", "path", "image", "filename", "image_path"),
    "class": ("class", "label", "tumour", "tumor", "tumour_class"),
    "patient": ("patient", "patient_id", "pid", "subject", "subject_id", "case"),
    "study": ("study", "study_id", "session"),
    "fold": ("fold",),
    "plane": ("plane", "view"),
    "mask": ("mask", "mask_path", "mask_file"),
    "split": ("split", "subset"),
    "spacing_mm": ("spacing_mm",),
    "original_size_px": ("original_size_px",),
}
#: Published in-plane pixel of the figshare slices, millimetres at 512 pixels (Cheng 2017).
FIGSHARE_PIXEL_MM, FIGSHARE_SIZE_PX = 0.49, 512


def table_of(root: Path) -> Path | None:
    """The table that describes ``root``: itself if a CSV file, else ``index.csv`` or its only CSV file."""
    if root.is_file():
        return root if root.suffix.lower() == ".csv" else None
    if (root / "index.csv").is_file():
        return root / "index.csv"
    tables = sorted(root.glob("*.csv"))
    return tables[0] if len(tables) == 1 else None


def detect(root: Path) -> bool:
    """True where a table has at least a file and a class column."""
    table = table_of(root)
    if table is None:
        return False
    columns = _columns(_header(table))
    return "file" in columns and "class" in columns


def read(root: Path) -> list[LabelledSlice]:
    """One slice per row, in row order.

    A file is looked for beside the table and in ``images/``; its mask in the ``mask`` column, else as
    ``masks/<file>``. InputError names the row of a missing file, an unknown class or a fold that is no number.
    """
    table = table_of(root)
    if table is None:
        raise InputError("no table of slices", expected="index.csv or one CSV file", where=str(root))
    columns = _columns(_header(table))
    with table.open(newline="", encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    return [
        _slice_of({word: (row.get(name) or "").strip() for word, name in columns.items()}, table, number)
        for number, row in enumerate(rows, start=2)
    ]


def _header(table: Path) -> list[str]:
    with table.open(newline="", encoding="utf-8-sig") as handle:
        return next(csv.reader(handle), [])


def _columns(header: list[str]) -> dict[str, str]:
    plain = {name.strip().lower(): name for name in header}
    found = {
        word: next((plain[name] for name in names if name in plain), None) for word, names in _SAME.items()
    }
    return {word: name for word, name in found.items() if name is not None}


def _slice_of(row: Mapping[str, str], table: Path, number: int) -> LabelledSlice:
    where = f"{table} line {number}"
    path = _find(row["file"], table.parent, ("", "images"))
    if path is None:
        raise InputError("a file of the table is not there", got=row["file"], where=where)
    label = class_of(row["class"])
    if label is None:
        raise InputError("unknown class", expected=", ".join(CLASSES), got=repr(row["class"]), where=where)
    fold = row.get("fold", "")
    if fold and not fold.isdigit():
        raise InputError("fold is not a whole number", got=repr(fold), where=where)
    patient = row.get("patient", "")
    return LabelledSlice(
        path=path,
        label=label,
        patient=patient or f"file:{row['file']}",
        fold=int(fold) if fold else None,
        plane=plane_of_word(row.get("plane", "")),
        mask_path=_mask_of(row, path, table.parent, where),
        study=row.get("study") or None,
        patient_known=bool(patient),
        spacing_mm=_spacing_of(row, path),
        split=row.get("split") or None,
    )


def _find(name: str, folder: Path, places: tuple[str, ...]) -> Path | None:
    candidates = (folder / place / name for place in places)
    return next((path for path in candidates if name and path.is_file()), None)


def _mask_of(row: Mapping[str, str], path: Path, folder: Path, where: str) -> Path | None:
    named = row.get("mask", "")
    if not named:
        return _find(row["file"], folder, ("masks",)) or _find(
            path.with_suffix(".png").name, folder, ("masks",)
        )
    mask = _find(named, folder, ("", "masks"))
    if mask is None:
        raise InputError("a mask of the table is not there", got=named, where=where)
    return mask


def _spacing_of(row: Mapping[str, str], path: Path) -> float | None:
    """Stated spacing, or the published figshare pixel where the original was 512 wide."""
    if row.get("spacing_mm"):
        return float(row["spacing_mm"])
    if row.get("original_size_px") != str(FIGSHARE_SIZE_PX):
        return None
    with Image.open(path) as picture:
        return FIGSHARE_PIXEL_MM * FIGSHARE_SIZE_PX / picture.width


LAYOUT = Layout(detect, read)
