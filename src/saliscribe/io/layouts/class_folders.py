"""Class folders: ``glioma/…``, ``meningioma_tumor/…``, at any depth; masks as ``enh_<n>_mask.png`` beside
``enh_<n>.png``, as the same name in a ``masks`` folder, or absent."""

from __future__ import annotations

import warnings
from pathlib import Path

from saliscribe.core.names import TumourClass
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.io.layouts.protocol import Layout
from saliscribe.io.layouts.words import PICTURE_SUFFIXES, class_of, is_mask_name, is_no_tumour, pictures_under

_SPLITS = {
    "train": "train",
    "training": "train",
    "test": "test",
    "testing": "test",
    "val": "val",
    "valid": "val",
}


def detect(root: Path) -> bool:
    """True where some folder under ``root`` is named after a tumour class and holds pictures."""
    return root.is_dir() and any(
        folder.is_dir()
        and class_of(folder.name)
        and any(_class_above(p, root) for p in pictures_under(folder))
        for folder in sorted(root.rglob("*"))
    )


def read(root: Path) -> list[LabelledSlice]:
    """One slice per picture that lies under a class folder and is not itself a mask; patients are unknown."""
    found: list[LabelledSlice] = []
    without_tumour = 0
    for path in pictures_under(root):
        if is_mask_name(path, root):
            continue
        label = _class_above(path, root)
        if label is None:
            without_tumour += any(is_no_tumour(part) for part in path.relative_to(root).parts[:-1])
            continue
        name = path.relative_to(root).as_posix()
        found.append(
            LabelledSlice(
                path=path,
                label=label,
                patient=f"file:{name}",
                mask_path=_mask_of(path, root),
                patient_known=False,
                split=_split_of(path, root),
            )
        )
    if without_tumour:
        warnings.warn(
            f"{root}: {without_tumour} slices without a tumour left out (no such class)", stacklevel=2
        )
    return found


def _class_above(path: Path, root: Path) -> TumourClass | None:
    folders = path.relative_to(root).parts[:-1]
    return next((label for part in reversed(folders) if (label := class_of(part))), None)


def _mask_of(path: Path, root: Path) -> Path | None:
    suffixes = dict.fromkeys((path.suffix, *sorted(PICTURE_SUFFIXES)))
    beside = (path.with_name(f"{path.stem}_mask{suffix}") for suffix in suffixes)
    inner = (
        path.parent / folder / f"{path.stem}{suffix}" for folder in ("mask", "masks") for suffix in suffixes
    )
    parts = path.relative_to(root).parts
    swapped = [
        root.joinpath(*parts[:at], folder, *parts[at + 1 : -1], f"{path.stem}{suffix}")
        for at, part in enumerate(parts[:-1])
        if part.lower() in {"image", "images"}
        for folder in ("mask", "masks")
        for suffix in suffixes
    ]
    return next((mask for mask in (*beside, *inner, *swapped) if mask.is_file()), None)


def _split_of(path: Path, root: Path) -> str | None:
    return next((_SPLITS[p.lower()] for p in path.relative_to(root).parts[:-1] if p.lower() in _SPLITS), None)


LAYOUT = Layout(detect, read)
