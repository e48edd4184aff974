"""Labelled data sets, in any of the layouts that people have them in."""

from __future__ import annotations

import warnings
from pathlib import Path

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError
from saliscribe.io.layouts.protocol import Layout
from saliscribe.registry import Entry, Registry

#: Tried in this order; the first whose ``detect`` says yes reads the folder.
LAYOUTS = Registry(
    "data layout",
    {
        "csv": Entry(
            "saliscribe.io.layouts.csv_table:LAYOUT",
            "index.csv or one CSV table: file, class, patient, fold, plane",
        ),
        "figshare-mat": Entry(
            "saliscribe.io.layouts.mat_folder:LAYOUT",
            "folder of cjdata .mat files, with cvind.mat",
            needs=("h5py",),
        ),
        "brisc": Entry(
            "saliscribe.io.layouts.brisc:LAYOUT", "brisc2025_<split>_<n>_<class>_<plane>_t1.jpg and masks"
        ),
        "class-folders": Entry(
            "saliscribe.io.layouts.class_folders:LAYOUT",
            "glioma/ meningioma/ pituitary/ with or without masks",
        ),
    },
)


class LabelledDataWarning(UserWarning):
    """Something about a data set that makes its figures mean less than they seem to."""


def read_labelled(root: Path, *, layout: str = "auto") -> list[LabelledSlice]:
    """Every labelled slice under ``root`` (a folder, or a CSV table); ``layout`` is "auto" or a name of ``LAYOUTS``.

    Raises:
        InputError: nothing there, no layout fits, or a layout fits and holds no slice.
    """
    root = Path(root)
    if not root.exists():
        raise InputError("no such folder or table", expected="labelled data", where=str(root))
    name = _detect(root) if layout == "auto" else layout
    slices = _load(name).read(root)
    if not slices:
        raise InputError("no labelled slices", expected=LAYOUTS[name].summary, where=str(root))
    _warn_about(slices, root)
    return slices


def _detect(root: Path) -> str:
    for name in LAYOUTS:
        if _load(name).detect(root):
            return name
    layouts = "; ".join(f"{name} ({entry.summary})" for name, entry in LAYOUTS.items())
    raise InputError("no known layout of labelled data", expected=layouts, where=str(root))


def _load(name: str) -> Layout:
    layout: Layout = LAYOUTS.load(name)
    return layout


def _warn_about(slices: list[LabelledSlice], root: Path) -> None:
    unknown = sum(not item.patient_known for item in slices)
    if unknown:
        warnings.warn(
            f"{root}: patients are unknown for {unknown} of {len(slices)} slices; splits and intervals cannot be "
            "by patient, slices of one person may stand on both sides of a split, and every figure is optimistic: "
            "look for near-duplicates first",
            LabelledDataWarning,
            stacklevel=3,
        )
