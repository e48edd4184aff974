"""TIFF: a page is a picture, pages of one size are a stack; Pillow's blind spots are read from the tags."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from saliscribe.core.volume import Volume
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.picture import picture_volume
from saliscribe.io.pixels import MAX_VOXELS, as_data
from saliscribe.io.raster import grey_pixels, open_picture

_PHOTOMETRIC, _SAMPLE_FORMAT, _BITS = 262, 339, 258
_MAX_PAGES = 2000


def read_tiff(file: FileBytes) -> Volume:
    """Read a one-page TIFF as (1, rows, columns, 1), pages of one size as (1, rows, columns, pages).

    Raises:
        InputError: damaged, coloured, of an impossible size, too many pages or pages of different sizes.
    """
    with open_picture(file) as image:
        pages = getattr(image, "n_frames", 1)
        if pages == 1:
            grey, notes = _page(image, file)
            return picture_volume(file, grey, notes)
        return _stack(image, pages, file)


def _stack(image: Image.Image, pages: int, file: FileBytes) -> Volume:
    if pages > _MAX_PAGES or pages * image.width * image.height > MAX_VOXELS:
        raise file.damaged("the stack is too large", got=f"{pages} pages of {image.height} x {image.width}")
    sizes = set()
    for number in range(pages):
        image.seek(number)
        sizes.add(image.size)
    if len(sizes) > 1:
        raise file.damaged(
            "pages of different sizes", expected="one picture, or a stack of slices", do="export the one page that matters"
        )
    slices: list[NDArray] = []
    notes: list[str] = []
    for number in range(pages):
        image.seek(number)
        grey, page_notes = _page(image, file)
        slices.append(grey)
        notes += [note for note in page_notes if note not in notes]
    data, mended = as_data(np.stack(slices, axis=2), str(file.path))
    stack = f"{pages} pages were read as a stack of slices; their order and distance are not stated"
    return Volume(data, file.source, warnings=(stack, *notes, *mended))


def _page(image: Image.Image, file: FileBytes) -> tuple[NDArray, tuple[str, ...]]:
    grey, notes = grey_pixels(image, str(file.path))
    tags = getattr(image, "tag_v2", {})
    bits = int(np.max(tags.get(_BITS, 8)))
    kind = int(np.max(tags.get(_SAMPLE_FORMAT, 1)))
    if kind == 2 and bits == 8 and grey.dtype == np.uint8:
        grey = grey.view(np.int8)
    if kind == 1 and bits == 32 and grey.dtype == np.int32:
        grey = grey.view(np.uint32)
    inverted = tags.get(_PHOTOMETRIC) == 0 and image.mode not in ("L", "1")
    return (grey.max() - grey.astype(np.float64) if inverted else grey), notes
