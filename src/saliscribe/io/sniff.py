"""What a file is, from its first bytes and its name; the bytes win, and a disagreement is said."""

from __future__ import annotations

import zlib
from pathlib import Path

from saliscribe.errors import InputError
from saliscribe.io.readers import READERS

#: Formats that people try and that have no reader, by their first bytes, with what to do instead.
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF8", "a GIF", "save the picture as PNG"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture", "save the picture as PNG"),
    (b"%PDF", "a PDF", "export the image itself as PNG or DICOM"),
    (b"PK\x03\x04", "a zip archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"BZh", "a bzip2 file", "unpack it first"),
    (b"<?xml", "XML or SVG text", "export the image itself as PNG"),
    (b"<svg", "an SVG drawing", "export the image itself as PNG"),
)


def sniff_format(path: Path, data: bytes) -> tuple[str, tuple[str, ...]]:
    """The key of ``READERS`` that can read ``data``, and warnings about a name that says otherwise.

    Raises:
        InputError: the bytes belong to no supported format.
    """
    found = format_of_bytes(data)
    named = format_of_name(path)
    if found is None and named == "dicom" and _bare_dicom(data):
        found = "dicom"
    if found is None:
        raise _unsupported(path, data, named)
    if named is not None and named != found:
        return found, (
            f"the name ends in {path.suffix} but the contents are {READERS[found].summary}; read as such",
        )
    return found, ()


def format_of_bytes(data: bytes) -> str | None:
    """The format whose signature ``data`` carries, or None."""
    if data[128:132] == b"DICM":  # first, because the 128 bytes before it may pose as a TIFF
        return "dicom"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "tiff"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return "bmp"
    if data.startswith(b"NRRD000"):
        return "nrrd"
    if data.startswith((b"MATLAB 5.0", b"MATLAB 7.3", b"\x89HDF\r\n\x1a\n")):
        return "mat"
    if _is_nifti(data) or (data.startswith(b"\x1f\x8b") and _is_nifti(_inflate_start(data))):
        return "nifti"
    return None


def format_of_name(path: Path) -> str | None:
    """The format that the file's name claims, or None."""
    name = path.name.lower()
    for label, entry in READERS.items():
        if name.endswith(tuple(entry.facts["extensions"])):
            return label
    return None


def _is_nifti(data: bytes) -> bool:
    return data[344:348] in (b"n+1\0", b"ni1\0") or data[4:8] in (b"n+2\0", b"ni2\0")


def _inflate_start(data: bytes, length: int = 540) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(data[:65536], length)
    except zlib.error:
        return b""


def _bare_dicom(data: bytes) -> bool:
    """A DICOM data set without the 128-byte preamble starts with a group 0002 or 0008 element."""
    little = data[:2] in (b"\x02\x00", b"\x08\x00") and data[3:4] == b"\x00"
    return little or data[:3] == b"\x00\x08\x00"


def _unsupported(path: Path, data: bytes, named: str | None) -> InputError:
    for magic, what, do in _FOREIGN:
        if data.startswith(magic):
            return InputError(f"this is {what}, which is not read", where=str(path), do=do)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return InputError(
            "this is a WebP picture, which is not read", where=str(path), do="save the picture as PNG"
        )
    start = data[:8].hex(" ")
    if named is not None:
        return InputError(
            f"the contents are not {READERS[named].summary}, or are damaged",
            got=f"first bytes {start}",
            where=str(path),
        )
    known = ", ".join(entry.summary for entry in READERS.values())
    return InputError(
        "not an image that can be read", expected=known, got=f"first bytes {start}", where=str(path)
    )
