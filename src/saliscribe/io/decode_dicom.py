"""Inside the worker process: pixels and technical attributes of one DICOM file; nothing personal leaves it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import UID

from saliscribe.errors import InputError
from saliscribe.io.isolation import Decoded
from saliscribe.io.pixels import MAX_VOXELS, check_shape


def decode_dicom(path: Path) -> Decoded:
    """``pixels`` as (frames, rows, columns[, 3]) after sign, padding, rescale and MONOCHROME1, with technical facts.

    Raises:
        InputError: no image inside, an impossible size, or a compression that nothing installed can decode.
    """
    dataset = dcmread(path, force=True)
    _check_image(dataset)
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    frames = int(dataset.get("NumberOfFrames") or 1)
    check_shape((rows, columns), str(path))
    if frames < 1 or frames * rows * columns > MAX_VOXELS:
        raise InputError("the image is too large", got=f"{frames} frames of {rows} x {columns}")
    bits = _stored_bits(dataset)
    pixels = _decoded(dataset)
    samples = int(dataset.get("SamplesPerPixel") or 1)
    inverted_from = None
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        pixels, samples = apply_color_lut(pixels, dataset), 3
    if samples > 1:
        pixels = pixels[..., :3].reshape(frames, rows, columns, 3)
    else:
        pixels, inverted_from = _grey(pixels.reshape(frames, rows, columns), dataset, bits)
    return Decoded({"pixels": pixels}, header_facts(dataset, frames) | {"inverted_from": inverted_from})


def _check_image(dataset: Dataset) -> None:
    if not len(dataset):
        raise InputError("not a DICOM file, or cut off in its header")
    if (
        "PixelData" not in dataset
        and "FloatPixelData" not in dataset
        and "DoubleFloatPixelData" not in dataset
    ):
        kind = UID(str(dataset.get("SOPClassUID") or "")).name or "no image class"
        raise InputError(
            "a DICOM file without an image, or cut off before it", expected="an MR slice", got=kind
        )
    for name in ("Rows", "Columns", "BitsAllocated", "PhotometricInterpretation"):
        if dataset.get(name) in (None, ""):
            raise InputError("the DICOM header is incomplete", expected=f"the attribute {name}")
    if not getattr(dataset.file_meta, "TransferSyntaxUID", None):
        implicit = dataset.original_encoding[0] is not False
        dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2" if implicit else "1.2.840.10008.1.2.1")


def _decoded(dataset: Dataset) -> NDArray:
    try:
        return pixel_array(dataset)
    except (RuntimeError, ValueError, AttributeError, NotImplementedError) as error:
        syntax = UID(dataset.file_meta.TransferSyntaxUID)
        if "missing" in str(error).lower():
            raise InputError(
                "no installed decoder for this compression",
                got=syntax.name,
                do="pip install pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg, or save the file uncompressed",
            ) from error
        reason = " ".join(str(error).split())[:120]
        raise InputError(
            "the pixel data cannot be decoded: damaged or an unusual variant", got=f"{syntax.name}: {reason}"
        ) from error


def _stored_bits(dataset: Dataset) -> tuple[int, int]:
    """(bits above the stored ones, bits beside them in all); pydicom is kept from cutting bits off at the wrong end.

    A compressed frame says itself how many bits it has, and holds them from the lowest on.
    """
    allocated = int(dataset.BitsAllocated)
    stored = int(dataset.get("BitsStored") or allocated)
    above = allocated - 1 - int(dataset.get("HighBit", stored - 1))
    if not 0 < stored < allocated or not 0 <= above <= allocated - stored:
        return 0, 0
    if above < allocated - stored:
        if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
            return 0, 0
        dataset.BitsStored, dataset.HighBit = allocated, allocated - 1
    return above, allocated - stored


def _grey(pixels: NDArray, dataset: Dataset, bits: tuple[int, int]) -> tuple[NDArray, float | None]:
    """Stored values -> modality values, brighter meaning more signal; and the value that MONOCHROME1 was turned at."""
    above, beside = bits
    if beside and pixels.dtype.kind in "iu" and pixels.dtype.itemsize * 8 == int(dataset.BitsAllocated):
        pixels = (pixels << above) >> beside  # bits above and below the stored ones may hold overlays
    outside = _padded(pixels, dataset)
    values = _modality_values(pixels, dataset)
    turned_at = None
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        turned_at = float(values.max())
        values = turned_at - values.astype(np.float64)
    if outside is not None and outside.any() and not outside.all():
        values = np.where(outside, values[~outside].min(), values)
    return values, turned_at


def _padded(pixels: NDArray, dataset: Dataset) -> NDArray[np.bool_] | None:
    """Where the stored values are those that the header gives to the surroundings: one value, or a range."""
    first = dataset.get("PixelPaddingValue")
    if not isinstance(first, int):
        return None
    last = dataset.get("PixelPaddingRangeLimit")
    low, high = sorted((first, last if isinstance(last, int) else first))
    return np.asarray((pixels >= low) & (pixels <= high))


def _modality_values(pixels: NDArray, dataset: Dataset) -> NDArray:
    """Rescaled by what each frame says (enhanced images), else by what the file says."""
    groups = _frame_groups(dataset, len(pixels))
    scales = [
        (_stated(group, "PixelValueTransformationSequence", "RescaleSlope", 1),
         _stated(group, "PixelValueTransformationSequence", "RescaleIntercept", 1))
        for group in groups
    ]  # fmt: skip
    if all(slope is None for slope, _ in scales):
        return np.asarray(apply_modality_lut(pixels, dataset))
    factors = np.array([(slope or [1.0])[0] for slope, _ in scales])
    offsets = np.array([(intercept or [0.0])[0] for _, intercept in scales])
    return pixels * factors[:, None, None] + offsets[:, None, None]


def header_facts(dataset: Dataset, frames: int) -> dict[str, Any]:
    """Geometry and kind of image: with what ``describe_dicom`` adds, all that is ever kept of a header."""
    return {
        "modality": str(dataset.get("Modality") or ""),
        "burned_in": str(dataset.get("BurnedInAnnotation") or "").upper() == "YES",
        "overlay": bool(dataset.group_dataset(0x6000)),
        "places": [_place(dataset, holders) for holders in _frame_groups(dataset, frames)],
    }


def _frame_groups(dataset: Dataset, frames: int) -> list[tuple[Dataset, Dataset]]:
    """For each frame what it states itself and what all frames share; both empty in classic files."""
    per_frame = list(dataset.get("PerFrameFunctionalGroupsSequence") or [])
    shared = next(iter(dataset.get("SharedFunctionalGroupsSequence") or []), Dataset())
    own = per_frame if len(per_frame) == frames else [Dataset()] * frames
    return [(group, shared) for group in own]


def _stated(holders: tuple[Dataset, Dataset], sequence: str, name: str, count: int) -> list[float] | None:
    for holder in holders:
        inner = holder.get(sequence)
        if inner and inner[0].get(name) is not None:
            return finite_numbers(inner[0].get(name), count)
    return None


def _place(dataset: Dataset, holders: tuple[Dataset, Dataset]) -> dict[str, Any]:
    """Where one frame lies: by the frame itself, else by what the frames share, else by the file."""

    def numbers(sequence: str, name: str, count: int) -> list[float] | None:
        stated = _stated(holders, sequence, name, count)
        return stated if stated is not None else finite_numbers(dataset.get(name), count)

    return {
        "position": numbers("PlanePositionSequence", "ImagePositionPatient", 3),
        "orientation": numbers("PlaneOrientationSequence", "ImageOrientationPatient", 6),
        "spacing": numbers("PixelMeasuresSequence", "PixelSpacing", 2),
        "distance": numbers("PixelMeasuresSequence", "SpacingBetweenSlices", 1),
        "thickness": numbers("PixelMeasuresSequence", "SliceThickness", 1),
    }


def finite_numbers(value: Any, count: int) -> list[float] | None:
    """``count`` finite numbers of a header, or None where it gives anything else."""
    if value is None or value == "":
        return None
    items = [value] if count == 1 else list(value)
    floats = [float(item) for item in items]
    return floats if len(floats) == count and bool(np.isfinite(floats).all()) else None
