"""The table of names that comes with a label map, in any usual form, read as the untrusted text it is."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

from saliscribe.errors import UsageError

TableSide = Literal["left", "right", "midline"]
FORMATS = (".csv", ".tsv", ".json", ".xml", ".txt", ".lut")
#: A table is some kilobytes; a name is a few words.
MOST_BYTES, MOST_ROWS, MOST_LETTERS = 5_000_000, 10_000, 80

_INDEX = ("index", "value", "label", "id")
_NAME = ("name", "structure", "region", "labelname", "label name", "label")
_SIDE = ("side", "hemisphere", "hemi")
_PARENT = ("parent", "lobe", "group")
_SIDES: dict[str, TableSide] = {
    "left": "left", "l": "left", "lh": "left",
    "right": "right", "r": "right", "rh": "right",
    "midline": "midline", "mid": "midline", "m": "midline",
}  # fmt: skip
#: A line of FreeSurfer's colour table, of ITK-SNAP's label file, or an index and a name. AAL's code behind it has four
#: digits; a shorter number belongs to the name ("Area 44").
_LINES = tuple(
    re.compile(form)
    for form in (
        r"(?P<index>\d+)\s+(?P<name>\S+)(\s+\d+){3,4}",
        r'(?P<index>\d+)(\s+[\d.]+){6}\s+"(?P<name>[^"]*)"',
        r"(?P<index>\d+)[\s,:;]+(?P<name>\D.*?)(\s+\d{4,})?",
    )
)
_BEFORE = ("left", "right", "ctx-lh", "ctx-rh", "lh", "rh")
_AFTER = ("l", "r", "left", "right")


@dataclass(frozen=True)
class LabelRow:
    """One label: its ``index`` in the file, its name without a side, the side if the table tells it, its parent."""

    index: int
    name: str
    side: TableSide | None
    parent: str | None


@dataclass(frozen=True)
class LabelTable:
    """``rows`` by rising index. ``from_zero``: FSL's tables number maps from 0, its label map has each plus 1."""

    rows: tuple[LabelRow, ...]
    space: str | None
    from_zero: bool


def read_label_table(path: Path) -> LabelTable:
    """A table with a column ``index``, a column ``name`` and, if it likes, ``side`` and ``parent``.

    JSON: a list of such records, ``{"1": "name"}``, or either under ``labels`` beside ``space``. ``.txt`` and ``.lut``:
    lines of FreeSurfer's colour table, of ITK-SNAP's label file, or of an index and a name. A side is also
    read from a name that starts with it or ends in it ("Left_Thalamus", "Precentral_R").

    Raises:
        UsageError: not such a table; two rows of one index; an index that is no whole number.
    """
    text = _text(path)
    space = None
    if path.suffix.lower() == ".xml":
        records: Iterable[Mapping[str, Any]] = _xml(path, text)
    elif path.suffix.lower() == ".json":
        records, space = _json(path, text)
    elif path.suffix.lower() in (".txt", ".lut"):
        records = _lines(path, text)
    else:
        head = next((line for line in text.splitlines() if line.strip()), "")
        records = csv.DictReader(text.splitlines(), delimiter=max(",;\t", key=head.count))
    rows = [row for row in (_row(path, record) for record in records) if row is not None]
    indices = [row.index for row in rows]
    if not rows or len(rows) > MOST_ROWS:
        raise _not_a_table(path, f"{len(rows)} named rows")
    twice = next((index for index in indices if indices.count(index) > 1), None)
    if twice is not None:
        raise UsageError(f"two rows of the label table have the index {twice}", where=path.name)
    return LabelTable(tuple(sorted(rows, key=lambda row: row.index)), space, path.suffix.lower() == ".xml")


def plain_text(value: object) -> str:
    """One line of printable text of at most ``MOST_LETTERS``: no control or formatting characters, no markup."""
    text = unicodedata.normalize("NFKC", str(value)).replace("_", " ")
    shown = "".join(letter if letter.isprintable() and letter not in "<>&`|" else " " for letter in text)
    return " ".join(shown.split())[:MOST_LETTERS].strip()


def _text(path: Path) -> str:
    if path.suffix.lower() not in FORMATS:
        raise _not_a_table(path, path.suffix or "a file without an ending")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _not_a_table(path, f"more than {MOST_BYTES:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError("cannot read the label table", where=path.name, got=error.strerror or "") from None
    if b"\0" in data:
        raise _not_a_table(path, "bytes that are no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _xml(path: Path, text: str) -> list[dict[str, Any]]:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise _not_a_table(path, "XML with a document type")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise _not_a_table(path, f"broken XML ({error})") from None
    return [{"index": label.get("index"), "name": "".join(label.itertext())} for label in root.iter("label")]


def _lines(path: Path, text: str) -> list[dict[str, Any]]:
    rows = []
    for line in text.splitlines():
        bare = line.split("#")[0].strip()
        if bare:
            found = next((match for form in _LINES if (match := form.fullmatch(bare))), None)
            if found is None:
                raise _not_a_table(path, f"the line {plain_text(bare)!r}")
            rows.append(found.groupdict())
    return rows


def _json(path: Path, text: str) -> tuple[list[Mapping[str, Any]], str | None]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise _not_a_table(path, "broken JSON") from None
    space = None
    if isinstance(content, dict) and "labels" in content:
        space, content = content.get("space"), content["labels"]
    if isinstance(content, dict):
        content = [
            {"index": index, **(one if isinstance(one, dict) else {"name": one})}
            for index, one in content.items()
        ]
    if not isinstance(content, list) or not all(isinstance(one, dict) for one in content):
        raise _not_a_table(path, "JSON of another shape")
    return content, None if space is None else plain_text(space)


def _row(path: Path, record: Mapping[str, Any]) -> LabelRow | None:
    """The row, or ``None`` for one without a name."""
    known = {str(key).strip().casefold(): value for key, value in record.items() if key is not None}
    index, name, side, parent = (
        next((known[key] for key in keys if known.get(key) not in (None, "")), None)
        for keys in (_INDEX, _NAME, _SIDE, _PARENT)
    )
    if index is None or not set(_NAME) & set(known):
        raise _not_a_table(path, "columns " + ", ".join(plain_text(key) for key in list(known)[:6]))
    try:
        number = int(str(index).strip())
    except ValueError:
        raise UsageError(
            "an index of the label table is no whole number", where=path.name, got=repr(plain_text(index))
        ) from None
    bare, told = _without_side(plain_text(name or ""))
    if not any(letter.isalpha() for letter in bare):
        return None
    stated = _SIDES.get(plain_text(side).casefold()) if side is not None else told
    return LabelRow(number, bare, stated, plain_text(parent) or None if parent is not None else None)


def _without_side(name: str) -> tuple[str, TableSide | None]:
    """ "Left Thalamus" and "Thalamus L" -> ("Thalamus", "left"); a name without a side stays as it is."""
    folded = name.casefold()
    for word in _BEFORE:
        if folded.startswith((f"{word} ", f"{word}-")):
            return name[len(word) + 1 :].strip(), _SIDES[word.removeprefix("ctx-")]
    for word in _AFTER:
        if folded.endswith((f" {word}", f"-{word}", f" ({word})")):
            return name[: folded.rindex(word)].rstrip(" -("), _SIDES[word]
    return name, None


def _not_a_table(path: Path, got: str) -> UsageError:
    return UsageError(
        "not a label table",
        where=path.name,
        expected="CSV, TSV, JSON or FSL XML with columns index and name (side, parent), or lines of a colour table",
        got=got,
    )
