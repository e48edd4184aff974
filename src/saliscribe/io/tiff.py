"""TIFF: a page is a picture, pages of one size are a stack; decoded in a separate, silent process."""

from __future__ import annotations

from saliscribe.core.volume import Volume
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.isolation import decode_isolated
from saliscribe.io.picture import picture_volume
from saliscribe.io.pixels import as_data

_DECODER = "saliscribe.io.decode_tiff:decode_tiff"


def read_tiff(file: FileBytes) -> Volume:
    """Read a one-page TIFF as (1, rows, columns, 1), pages of one size as (1, rows, columns, pages).

    Raises:
        InputError: damaged, coloured, of an impossible size, too many pages or pages of different sizes.
    """
    decoded = decode_isolated(_DECODER, file.path)
    pixels, notes = decoded.arrays["pixels"], tuple(decoded.facts["notes"])
    pages = pixels.shape[2]
    if pages == 1:
        return picture_volume(file, pixels[:, :, 0], notes)
    data, mended = as_data(pixels, file)
    stack = f"{pages} pages were read as a stack of slices; their order and distance are not stated"
    return Volume(data, file.source, warnings=(stack, *notes, *mended))
