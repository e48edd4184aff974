"""Many DICOM files of one series -> one volume with its true affine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from saliscribe.core.volume import Volume
from saliscribe.errors import InputError
from saliscribe.io.decoding_errors import decoding_errors
from saliscribe.io.dicom import DECODER, header_notes
from saliscribe.io.dicom_frames import stacked_volume
from saliscribe.io.dicom_stack import stack_places
from saliscribe.io.file_bytes import load_series
from saliscribe.io.isolation import decode_isolated
from saliscribe.io.pixels import check_shape
from saliscribe.io.spacing import Spacing, with_spacing

#: Called in the worker process.
DESCRIBER = "saliscribe.io.describe_dicom:describe_dicom"


def read_series(path: Path, files: Sequence[Path], *, spacing_mm: Spacing = None) -> Volume:
    """Read ``files``, the single-frame images of one series, as the volume called ``path``.

    The slices are sorted by where they lie, never by name; ``data[0, :, :, k]`` is slice k as it is stored.
    Missing slices are left as background, copies left out; everything doubtful is a line in ``warnings``.

    Raises:
        InputError: a file is damaged, or the files are not one evenly spaced stack of equal slices.
        UsageError: ``spacing_mm`` is not one to three positive numbers.
    """
    whole = load_series(path, files)
    said: dict[str, None] = {}
    with decoding_errors(str(path), "a DICOM series"):
        headers = [decode_isolated(DESCRIBER, file).facts for file in files]
        _check_alike(headers, str(path))
        shape = headers[0]["rows"], headers[0]["columns"]
        stack = stack_places([header["places"][0] for header in headers], str(path))
        check_shape((*shape, stack.size), str(path))
        volume = stacked_volume(whole, stack, _frames(files, said), shape)
    return with_spacing(replace(volume, warnings=(*said, *volume.warnings)), spacing_mm)


def _frames(files: Sequence[Path], said: dict[str, None]) -> Iterator[tuple[NDArray, float | None]]:
    """Frame after frame, one in memory at a time; ``said`` gathers what their headers warn of, each line once."""
    for file in files:
        decoded = decode_isolated(DECODER, file)
        said.update(dict.fromkeys(header_notes(decoded.facts)))
        yield decoded.arrays["pixels"][0], decoded.facts["inverted_from"]


def _check_alike(headers: Sequence[dict[str, Any]], where: str) -> None:
    if any(header["frames"] != 1 for header in headers):
        raise InputError(
            "a multi-frame file among others", expected="single-frame files", where=where, do="name it alone"
        )
    sizes = sorted({(header["rows"], header["columns"]) for header in headers})
    if len(sizes) > 1:
        got = " and ".join(f"{rows} x {columns}" for rows, columns in sizes[:3])
        raise InputError("DICOM slices of different sizes", expected="one size", got=got, where=where)
