"""PNG, JPEG and BMP pictures, whatever their mode, as one grey slice without geometry."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from saliscribe.core.volume import Volume
from saliscribe.io.colour import grey_from_colour
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.picture import picture_volume
from saliscribe.io.pixels import check_shape

_PILLOW_NAMES = {"png": "PNG", "jpeg": "JPEG", "bmp": "BMP", "tiff": "TIFF"}


def read_raster(file: FileBytes) -> Volume:
    """Read one picture as (1, rows, columns, 1).

    Raises:
        InputError: damaged, animated, coloured, of an impossible size, or a mask instead of a scan.
    """
    with open_picture(file) as image:
        frames = int(getattr(image, "n_frames", 1))
        if frames > 1:
            raise file.damaged(
                f"the file holds {frames} pictures", expected="one", do="export the one that matters"
            )
        grey, notes = grey_pixels(image, str(file.path))
    return picture_volume(file, grey, notes)


@contextmanager
def open_picture(file: FileBytes) -> Iterator[Image.Image]:
    """Pillow's view of the file, opened as the format its bytes say and of a sane declared size."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            image = Image.open(io.BytesIO(file.data), formats=[_PILLOW_NAMES[file.format]])
        except Image.DecompressionBombError as error:
            raise file.damaged("the image is too large", got=str(error)) from error
        with image:
            check_shape((image.height, image.width), str(file.path))
            yield image


def grey_pixels(image: Image.Image, where: str) -> tuple[NDArray, tuple[str, ...]]:
    """Grey (rows, columns) of the current frame of any mode: upright, composed on black, colour checked."""
    notes: tuple[str, ...] = ()
    turned = image.getexif().get(0x0112, 1) in range(2, 9)  # asked first: Pillow turns a TIFF and forgets why
    upright = ImageOps.exif_transpose(image)
    if turned:
        notes = ("turned upright as its EXIF orientation says",)
    if upright.mode == "1":
        return np.asarray(upright.convert("L")), notes
    plain = upright.mode in ("L", "I", "F") or upright.mode.startswith("I;16")
    if plain and "transparency" not in upright.info:
        return np.asarray(upright), notes
    alpha, alpha_notes = _alpha(upright)
    rgb = np.asarray(upright.convert("RGBA").convert("RGB") if alpha is not None else upright.convert("RGB"))
    grey, colour_notes = grey_from_colour(rgb, where)
    if alpha is not None:
        grey = grey * alpha
    return grey, (*notes, *alpha_notes, *colour_notes)


def _alpha(image: Image.Image) -> tuple[NDArray[np.float32] | None, tuple[str, ...]]:
    """Opacity in [0, 1] where it matters, else None."""
    if image.mode not in ("LA", "PA", "RGBA", "La", "RGBa") and "transparency" not in image.info:
        return None, ()
    alpha = np.asarray(image.convert("RGBA"))[..., 3]
    if alpha.min() == 255:
        return None, ()
    if alpha.max() == 0:
        return None, ("the whole picture is marked transparent; its transparency was ignored",)
    opacity = alpha.astype(np.float32) / 255.0
    if alpha.min() == alpha.max():
        return opacity, (f"the whole picture is {opacity[0, 0]:.0%} opaque; it was darkened evenly",)
    parts = (
        ((alpha == 0), "transparent and counts as black"),
        (((alpha > 0) & (alpha < 255)), "half transparent and was darkened"),
    )
    said = " and ".join(f"{float(where.mean()):.1%} is {what}" for where, what in parts if where.any())
    return opacity, (f"of the picture {said}",)
