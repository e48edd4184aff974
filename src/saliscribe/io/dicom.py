"""Single DICOM files: a slice with its place in the patient, or an enhanced multi-frame stack."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from saliscribe.core.volume import Volume
from saliscribe.io.dicom_frames import grey_frame, stacked_volume
from saliscribe.io.dicom_geometry import Place, frame_affine, unusual_display
from saliscribe.io.dicom_stack import stack_places
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.isolation import Decoded, decode_isolated
from saliscribe.io.picture import picture_volume
from saliscribe.io.pixels import check_shape
from saliscribe.io.spacing import doubtful_spacing

#: Called in the worker process.
DECODER = "saliscribe.io.decode_dicom:decode_dicom"


def read_dicom(file: FileBytes) -> Volume:
    """Read one DICOM image, in a separate process; a slice keeps its stored grid.

    Values are after the modality transformation; the display window of the header is not applied, since the
    networks scale each slice by its own range. MONOCHROME1 is turned so that more signal is brighter.
    Of the header only geometry and modality are kept.

    Raises:
        InputError: damaged, no image inside, colour, or frames that are not one evenly spaced stack.
    """
    decoded = decode_isolated(DECODER, file.path)
    pixels, facts = decoded.arrays["pixels"], decoded.facts
    notes = header_notes(facts)
    if len(pixels) > 1:
        return _stack(file, decoded, notes)
    grey, colour_notes = grey_frame(pixels[0], str(file.path))
    volume = picture_volume(file, grey, (*notes, *colour_notes))
    return _placed(volume, facts["places"][0])


def _placed(volume: Volume, place: Place) -> Volume:
    affine = frame_affine(place)
    spacing = place["spacing"]
    if affine is None:
        known = (spacing[0], spacing[1], 1.0) if spacing and min(spacing) > 0 else None
        line = "the header does not say where the slice lies in the patient; sides not known"
        return replace(volume, spacing_mm=known, warnings=(*volume.warnings, line))
    lines = list(volume.warnings)
    if unusual_display(affine):
        lines.append(
            "the slice is stored turned or mirrored against the radiological convention and shown as stored"
        )
    rows, columns = volume.picture.shape
    doubt = doubtful_spacing((rows, columns), (spacing[0], spacing[1]))
    return replace(volume, affine=affine, warnings=(*lines, doubt) if doubt else tuple(lines))


def _stack(file: FileBytes, decoded: Decoded, notes: tuple[str, ...]) -> Volume:
    pixels, facts = decoded.arrays["pixels"], decoded.facts
    stack = stack_places(facts["places"], str(file.path))
    frames = ((frame, None) for frame in pixels)  # one file is turned at one value
    rows, columns = pixels.shape[1:3]
    check_shape((rows, columns, stack.size), str(file.path))
    volume = stacked_volume(file, stack, frames, (rows, columns))
    return replace(volume, warnings=(*notes, *volume.warnings))


def header_notes(facts: dict[str, Any]) -> tuple[str, ...]:
    """What the header of one file warns of."""
    lines = []
    if facts["modality"] not in ("MR", ""):
        lines.append(f"the header says modality {facts['modality'][:16]}, not MR; the networks know only MR")
    if facts["burned_in"]:
        lines.append("the header says that text is burned into the picture: it may name the patient")
    if facts["overlay"]:
        lines.append("overlay graphics in the header are not shown")
    return tuple(lines)
