"""The original figshare distribution: a folder of ``<n>.mat`` files (struct ``cjdata``) and ``cvind.mat``,
its five folds.
"""

from __future__ import annotations

import re
from pathlib import Path

from saliscribe.core.names import TumourClass
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError
from saliscribe.io.figshare_mat import LABELS, read_cjdata
from saliscribe.io.layouts.protocol import Layout

#: Published in-plane pixel at 512 pixels, millimetres (Cheng 2017).
FIGSHARE_PIXEL_MM, FIGSHARE_SIZE_PX = 0.49, 512


def detect(root: Path) -> bool:
    """True for a folder that holds, at any depth, a ``.mat`` file named by a number."""
    return root.is_dir() and any(path.stem.isdigit() for path in root.rglob("*.mat"))


def read(root: Path) -> list[LabelledSlice]:
    """One slice per numbered file, by number. Published ids that differ only in a last letter are one patient."""
    files = sorted(
        (path for path in root.rglob("*.mat") if path.stem.isdigit()), key=lambda path: int(path.stem)
    )
    folds = _folds(root)
    found: list[LabelledSlice] = []
    for path in files:
        label, pid, size = _facts(path)
        found.append(
            LabelledSlice(
                path=path,
                label=label,
                patient=re.sub(r"(?<=\d)[A-Za-z]$", "", pid) or f"file:{path.name}",
                fold=folds.get(int(path.stem)),
                mask_path=path,
                study=pid or None,
                patient_known=bool(pid),
                spacing_mm=FIGSHARE_PIXEL_MM if size == FIGSHARE_SIZE_PX else None,
            )
        )
    return found


def _facts(path: Path) -> tuple[TumourClass, str, int]:
    """Label, published patient id ("" if none) and side in pixels; v7.3 files are not read whole."""
    import h5py

    if not h5py.is_hdf5(path):
        record = read_cjdata(path)
        if record.label is None:
            raise InputError("a figshare file without a label", where=str(path))
        return record.label, record.patient or "", record.image.shape[0]
    try:
        with h5py.File(path) as handle:
            label = int(handle["cjdata/label"][()].ravel()[0])
            pid = "".join(chr(int(code)) for code in handle["cjdata/PID"][()].ravel())
            size = int(handle["cjdata/image"].shape[0])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            "not a figshare .mat file",
            expected="MATLAB v7.3 with a struct cjdata",
            got=str(error),
            where=str(path),
        ) from error
    if label not in LABELS:
        raise InputError("unknown label", expected="1, 2 or 3", got=str(label), where=str(path))
    return LABELS[label], pid, size


def _folds(root: Path) -> dict[int, int]:
    """File number -> fold 1 to 5 from ``cvind.mat`` where it lies in or beside the folder."""
    import h5py

    table = next((path for path in (root / "cvind.mat", root.parent / "cvind.mat") if path.is_file()), None)
    if table is None:
        return {}
    try:
        with h5py.File(table) as handle:
            values = handle["cvind"][()].ravel()
    except (OSError, KeyError) as error:
        raise InputError(
            "not the figshare fold file", expected="'cvind' in MATLAB v7.3", where=str(table)
        ) from error
    return {number: int(fold) for number, fold in enumerate(values, start=1)}


LAYOUT = Layout(detect, read)
