"""Any supported image file -> Volume: the first arrow of the line."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from saliscribe.core.volume import Volume
from saliscribe.errors import InputError
from saliscribe.io.decoding_errors import decoding_errors
from saliscribe.io.dicom_series import read_series
from saliscribe.io.file_bytes import Role, load_file
from saliscribe.io.group_series import ImageInput, group_series
from saliscribe.io.inputs import expand_inputs
from saliscribe.io.readers import READERS
from saliscribe.io.sniff import sniff_format
from saliscribe.io.spacing import Spacing, with_spacing


def read_volume(path: str | Path, *, spacing_mm: Spacing = None, role: Role = "scan") -> Volume:
    """Read one image file of any format in ``READERS``, or a folder that holds one DICOM series and nothing else.

    A picture gives (1, rows, columns, 1); a volume (1, I, J, K) with its RAS+ affine in millimetres.
    Intensities stay in the file's own units. Everything doubtful is a line in ``warnings``.

    Args:
        path: the file or folder.
        spacing_mm: pixel size in millimetres where the file does not say it or says it wrongly: one
            number, or across and down the picture (x, y), or with the slice distance (x, y, z).
        role: ``"mask"`` for a truth or label image, which may be constant or have two values.

    Raises:
        InputError: the file is missing, damaged, not supported, or holds no picture that can be explained.
        UsageError: ``spacing_mm`` is not one to three positive numbers.
        MissingError: the reader's library is not installed.
    """
    if os.path.isdir(path) and (series := _lone_series(Path(path))):
        return read_series(series.path, series.files, spacing_mm=spacing_mm)
    file = load_file(Path(path))
    label, renamed = sniff_format(file.path, file.data)
    reader = READERS.load(label)
    with decoding_errors(str(path), READERS[label].summary):
        volume: Volume = reader(replace(file, format=label, role=role))
    volume = replace(volume, warnings=(*renamed, *volume.warnings))
    return with_spacing(volume, spacing_mm)


def _lone_series(folder: Path) -> ImageInput | None:
    """The one series of a folder; None where there is no series at all."""
    try:
        found = group_series(expand_inputs([folder]))
    except InputError:
        return None
    series = [one for one in found.inputs if one.files]
    if found.notes and not series:
        raise InputError(
            "a folder without a volume",
            expected="a file, or a folder with one DICOM series and nothing else",
            got="; ".join(found.notes),
            where=str(folder),
            do="name one file, or let saliscribe explain read them all",
        )
    if series and len(found.inputs) > 1:
        raise InputError(
            f"a folder with {len(found.inputs)} images",
            expected="a file, or a folder with one DICOM series and nothing else",
            got="; ".join(found.notes),
            where=str(folder),
            do="name one, or let saliscribe explain read them all",
        )
    return series[0] if series else None
