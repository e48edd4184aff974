"""The words that data sets use for classes and planes, in our words."""

from __future__ import annotations

import re
from pathlib import Path

from saliscribe.core.names import Plane, TumourClass

#: Pictures that a layout looks for.
PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"})

_CLASS_STARTS: tuple[tuple[str, TumourClass], ...] = (
    ("gl", "glioma"),
    ("me", "meningioma"),
    ("pi", "pituitary"),
)
_CLASS_WORD = re.compile(
    r"(?:\d+[ _.-]*)?(gliomas?|gl|meningiomas?|menin|me|pituitary|pituitar|pituitary[ _-]?adenomas?|pi)"
    r"(?:[ _-]?tumou?rs?)?",
    re.IGNORECASE,
)
_NO_TUMOUR_WORD = re.compile(r"(no|non|without|healthy|normal|nt)(?:[ _-]?tumou?rs?)?", re.IGNORECASE)
_PLANE_STARTS: tuple[tuple[str, Plane], ...] = (
    ("ax", "axial"),
    ("tra", "axial"),
    ("co", "coronal"),
    ("sa", "sagittal"),
)


def class_of(word: str) -> TumourClass | None:
    """The tumour class a word means ("Glioma_tumor", "gl", "2" is not one), or ``None``."""
    text = word.strip()
    if not _CLASS_WORD.fullmatch(text):
        return None
    letters = re.sub(r"^[\d _.-]+", "", text).lower()
    return next(name for start, name in _CLASS_STARTS if letters.startswith(start))


def is_no_tumour(word: str) -> bool:
    """True for the words that data sets use for slices without a tumour."""
    return _NO_TUMOUR_WORD.fullmatch(word.strip()) is not None


def plane_of_word(word: str) -> Plane | None:
    """The plane a word means ("ax", "Axial", "cor"), or ``None``."""
    text = word.strip().lower()
    return next((plane for start, plane in _PLANE_STARTS if text.startswith(start)), None)


def pictures_under(root: Path) -> list[Path]:
    """Every picture file under ``root``, in path order; hidden files and folders are left out."""
    found = (path for path in root.rglob("*") if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file())
    return sorted(
        path for path in found if not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def is_mask_name(path: Path, root: Path) -> bool:
    """True for ``*_mask.png`` and for files under a folder of ``root`` that is named ``mask`` or ``masks``."""
    folders = path.relative_to(root).parts[:-1]
    return path.stem.lower().endswith("_mask") or any(part.lower() in {"mask", "masks"} for part in folders)
