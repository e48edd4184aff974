"""Inside the worker process: the few header facts by which the images of a folder are put together; no pixels."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from saliscribe.errors import InputError
from saliscribe.io.decode_dicom import finite_numbers, header_facts
from saliscribe.io.isolation import Decoded

#: What may tell images at the same place apart: name -> attribute. Numbers only.
_NUMBERS = {
    "echo": "EchoNumbers",
    "echo_time": "EchoTime",
    "time_point": "TemporalPositionIdentifier",
    "inversion_time": "InversionTime",
    "b_value": "DiffusionBValue",
    "acquisition": "AcquisitionNumber",
}
_READ = (
    *_NUMBERS.values(), "StudyInstanceUID", "SeriesInstanceUID", "SeriesNumber", "ImageType", "Rows", "Columns",
    "NumberOfFrames", "Modality", "BurnedInAnnotation", "ImagePositionPatient", "ImageOrientationPatient",
    "PixelSpacing", "SpacingBetweenSlices", "SliceThickness", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
)  # fmt: skip


def describe_dicom(path: Path) -> Decoded:
    """Which series an image belongs to, its size, its places and what may tell it from others at the same place.

    Identifiers and free text leave the worker only as digests (``series``, ``kind``), fit for comparing and no more.

    Raises:
        InputError: no image size or no series in the header.
    """
    dataset = dcmread(path, stop_before_pixels=True, force=True, specific_tags=list(_READ))
    if not dataset.get("SeriesInstanceUID") or not dataset.get("Rows") or not dataset.get("Columns"):
        raise InputError("not an image of a DICOM series")
    frames = int(dataset.get("NumberOfFrames") or 1)
    facts: dict[str, Any] = {
        "series": _digest(f"{dataset.get('StudyInstanceUID')} {dataset.SeriesInstanceUID}"),
        "series_number": _number(dataset, "SeriesNumber"),
        "kind": _digest(str(dataset.get("ImageType"))),
        "rows": int(dataset.Rows),
        "columns": int(dataset.Columns),
        "frames": frames,
    }
    facts |= {name: _number(dataset, attribute) for name, attribute in _NUMBERS.items()}
    places = header_facts(dataset, frames)["places"] if frames == 1 else []
    return Decoded({}, facts | {"places": places})


def _number(dataset: Dataset, name: str) -> float | None:
    value = dataset.get(name)
    stated = finite_numbers(value[0] if isinstance(value, MultiValue) and value else value, 1)
    return stated[0] if stated else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
