"""Inside the worker process: the pages of a TIFF as grey pixels; Pillow's blind spots are read from the tags."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from saliscribe.errors import InputError
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.isolation import Decoded
from saliscribe.io.pixels import MAX_VOXELS
from saliscribe.io.raster import grey_pixels, open_picture

_PHOTOMETRIC, _SAMPLE_FORMAT, _BITS = 262, 339, 258
_MAX_PAGES = 2000


def decode_tiff(path: Path) -> Decoded:
    """``pixels`` as (rows, columns, pages), with the fact ``notes``.

    Raises:
        InputError: coloured, of an impossible size, too many pages or pages of different sizes.
    """
    with open_picture(FileBytes(path, path.read_bytes(), "tiff")) as image:
        pages = int(getattr(image, "n_frames", 1))
        if pages > _MAX_PAGES or pages * image.width * image.height > MAX_VOXELS:
            raise InputError("the stack is too large", got=f"{pages} pages of {image.height} x {image.width}")
        _check_sizes(image, pages)
        slices: list[NDArray] = []
        notes: list[str] = []
        for number in range(pages):
            image.seek(number)
            grey, page_notes = _page(image, path)
            slices.append(grey)
            notes += [note for note in page_notes if note not in notes]
    return Decoded({"pixels": np.stack(slices, axis=2)}, {"notes": notes})


def _check_sizes(image: Image.Image, pages: int) -> None:
    """Asked before any page is decoded."""
    sizes = set()
    for number in range(pages):
        image.seek(number)
        sizes.add(image.size)
    if len(sizes) > 1:
        raise InputError(
            "pages of different sizes",
            expected="one picture, or a stack of slices",
            do="export the one page that matters",
        )


def _page(image: Image.Image, path: Path) -> tuple[NDArray, tuple[str, ...]]:
    grey, notes = grey_pixels(image, str(path))
    tags = getattr(image, "tag_v2", {})
    bits = int(np.max(tags.get(_BITS, 8)))
    kind = int(np.max(tags.get(_SAMPLE_FORMAT, 1)))
    if kind == 2 and bits == 8 and grey.dtype == np.uint8:
        grey = grey.view(np.int8)
    if kind == 1 and bits == 32 and grey.dtype == np.int32:
        grey = grey.view(np.uint32)
    inverted = tags.get(_PHOTOMETRIC) == 0 and image.mode not in ("L", "1")
    return (grey.max() - grey.astype(np.float64) if inverted else grey), notes
