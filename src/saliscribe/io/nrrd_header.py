"""The text header of an NRRD file, checked line by line."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import LPS_TO_RAS
from saliscribe.io.file_bytes import FileBytes

_MAX_HEADER = 1 << 20
_MAX_AXES = 16

_TYPES: dict[str, str] = {
    **dict.fromkeys(("signed char", "int8", "int8_t"), "i1"),
    **dict.fromkeys(("uchar", "unsigned char", "uint8", "uint8_t"), "u1"),
    **dict.fromkeys(("short", "short int", "signed short", "signed short int", "int16", "int16_t"), "i2"),
    **dict.fromkeys(("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"), "u2"),
    **dict.fromkeys(("int", "signed int", "int32", "int32_t"), "i4"),
    **dict.fromkeys(("uint", "unsigned int", "uint32", "uint32_t"), "u4"),
    **dict.fromkeys(("longlong", "long long", "long long int", "signed long long", "int64", "int64_t"), "i8"),
    **dict.fromkeys(
        ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"), "u8"
    ),
    "float": "f4",
    "double": "f8",
}
_ENCODINGS: dict[str, str] = {
    "raw": "raw",
    **dict.fromkeys(("gzip", "gz"), "gzip"),
    **dict.fromkeys(("bzip2", "bz2"), "bzip2"),
    **dict.fromkeys(("ascii", "text", "txt"), "text"),
}
_SPACES: dict[str, NDArray[np.float64]] = {
    **dict.fromkeys(("right-anterior-superior", "ras"), np.eye(4)),
    **dict.fromkeys(("left-anterior-superior", "las"), np.diag([-1.0, 1.0, 1.0, 1.0])),
    **dict.fromkeys(("left-posterior-superior", "lps"), LPS_TO_RAS),
}


@dataclass(frozen=True)
class NrrdHeader:
    """What the header says. ``to_ras`` is None where the space is not a patient's; one entry per axis elsewhere."""

    sizes: tuple[int, ...]
    dtype: np.dtype
    encoding: str
    data_start: int
    line_skip: int
    byte_skip: int
    kinds: tuple[str, ...]
    spacings: tuple[float, ...]
    directions: tuple[tuple[float, ...] | None, ...]
    origin: tuple[float, ...]
    to_ras: NDArray[np.float64] | None


def parse_nrrd_header(file: FileBytes) -> NrrdHeader:
    """Parse the header up to its blank line.

    Raises:
        InputError: no blank line, a required field missing or not understood, or the data in another file.
    """
    fields, data_start = _fields(file)
    if "data file" in fields or "datafile" in fields:
        raise file.damaged(
            "the image data are in another file", expected="one .nrrd file", do="convert it to attached .nrrd"
        )
    try:
        return _header(fields, data_start)
    except (KeyError, ValueError, OverflowError) as error:
        raise file.damaged("the NRRD header is damaged", got=str(error)) from error


def _fields(file: FileBytes) -> tuple[dict[str, str], int]:
    end = re.search(rb"\r?\n\r?\n", file.data[:_MAX_HEADER])
    if end is None:
        raise file.damaged("the NRRD header has no end", expected="a blank line before the data")
    fields: dict[str, str] = {}
    for line in file.data[: end.start()].decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(": ")
        if colon and not line.startswith("#"):
            fields[name.strip().lower()] = value.strip()
    return fields, end.end()


def _header(fields: dict[str, str], data_start: int) -> NrrdHeader:
    dimension = int(fields["dimension"])
    sizes = tuple(int(word) for word in fields["sizes"].split())
    if (
        not 1 <= dimension <= _MAX_AXES
        or len(sizes) != dimension
        or not 1 <= min(sizes) <= max(sizes) < 2**40
    ):
        raise ValueError(f"dimension {dimension} with sizes {fields['sizes'][:60]}")
    order = ">" if fields.get("endian", "little").lower() == "big" else "<"
    encoding = fields["encoding"].lower()
    if encoding not in _ENCODINGS or fields["type"].lower() not in _TYPES:
        raise ValueError(f"type {fields['type'][:20]} in encoding {encoding[:20]}, which is not read")
    blank = ("",) * dimension
    kinds = tuple(word.lower() for word in fields["kinds"].split()) if "kinds" in fields else blank
    words = re.findall(r"none|\([^()]*\)", fields.get("space directions", ""))
    directions = (
        tuple(None if word == "none" else _vector(word) for word in words) if words else (None,) * dimension
    )
    spacings = tuple(float(word) for word in fields.get("spacings", "nan " * dimension).split())
    if not len(kinds) == len(directions) == len(spacings) == dimension:
        raise ValueError("a field with the wrong number of axes")
    origin = _vector(fields["space origin"]) if "space origin" in fields else (0.0, 0.0, 0.0)
    to_ras = _SPACES.get(fields.get("space", "").lower()) if len(origin) == 3 else None
    return NrrdHeader(
        sizes, np.dtype(order + _TYPES[fields["type"].lower()]), _ENCODINGS[encoding], data_start,
        max(0, int(fields.get("line skip", 0))), max(-1, int(fields.get("byte skip", 0))),
        kinds, spacings, directions, origin, to_ras,
    )  # fmt: skip


def _vector(word: str) -> tuple[float, ...]:
    return tuple(float(number) for number in word.strip("()").split(","))
