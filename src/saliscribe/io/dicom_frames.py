"""Pixels of DICOM frames into the slots of a stack: copies left out, contradictions refused, empty slots filled."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.volume import Volume
from saliscribe.errors import InputError
from saliscribe.io.colour import grey_from_colour
from saliscribe.io.dicom_stack import Stack
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.pixels import as_data
from saliscribe.io.spacing import doubtful_spacing


def stacked_volume(
    file: FileBytes, stack: Stack, frames: Iterable[tuple[NDArray, float | None]], shape: tuple[int, int]
) -> Volume:
    """The (1, rows, columns, slices) volume of ``frames``, which come in the order of ``stack.slots``.

    Each frame is (rows, columns[, 3]) with the value that MONOCHROME1 was turned at, or None: every file is turned
    at its own maximum, and brought to that of all here. ``file`` names the input in errors and in ``Volume.source``.

    Raises:
        InputError: frames of other sizes, colour, or two different pictures at one place.
    """
    data = np.zeros((*shape, stack.size), np.float32)
    turned: dict[int, float | None] = {}
    notes: list[str] = []
    copies = 0
    for slot, (frame, turned_at) in zip(stack.slots, frames, strict=True):
        grey, lines = grey_frame(frame, str(file.path))
        notes += [line for line in lines if line not in notes]
        if grey.shape != shape:
            raise file.damaged(
                "DICOM slices of different sizes", expected=_size(shape), got=_size(grey.shape)
            )
        with np.errstate(over="ignore"):  # beyond float32 is infinite, which as_data looks for
            picture = grey.astype(np.float32)
        if slot not in turned:
            data[:, :, slot], turned[slot] = picture, turned_at
        elif np.array_equal(data[:, :, slot], picture):
            copies += 1
        else:
            raise _contradiction(file, stack)
    _level(data, turned)
    if stack.missing:
        data[:, :, stack.missing] = min(float(data[:, :, slot].min()) for slot in turned)
    if copies:
        notes.append(f"{copies} of {len(stack.slots)} slices are copies of others and left out")
    spacing = np.linalg.norm(stack.affine[:3, :3], axis=0)
    doubt = doubtful_spacing(data.shape, [float(mm) for mm in spacing])
    whole, mended = as_data(data, file)
    lines = (*notes, *stack.notes, *((doubt,) if doubt else ()), *mended)
    return Volume(whole, file.source, affine=stack.affine, warnings=lines)


def grey_frame(frame: NDArray, where: str) -> tuple[NDArray, tuple[str, ...]]:
    """A (rows, columns[, 3]) frame as grey, with what is to be said about its colours."""
    if frame.ndim == 2:
        return frame, ()
    return grey_from_colour(frame if frame.dtype == np.uint8 else frame.astype(np.uint16), where)


def _level(data: NDArray[np.float32], turned: dict[int, float | None]) -> None:
    tops = [top for top in turned.values() if top is not None]
    for slot, top in turned.items():
        if top is not None and top != max(tops):
            data[:, :, slot] += max(tops) - top


def _contradiction(file: FileBytes, stack: Stack) -> InputError:
    places = len(set(stack.slots))
    return file.damaged(
        "several different images at one place: not one evenly spaced stack of slices",
        expected="one image for each place",
        got=f"{len(stack.slots)} images at {places} places (echoes, time points or diffusion directions?)",
        do="export one echo or time point by itself",
    )


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in shape)
