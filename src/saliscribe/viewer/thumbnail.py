"""Small pictures for the index."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path

from PIL import Image


@lru_cache(maxsize=2048)
def thumbnail(picture: Path, stamp: float, side: int) -> bytes:
    """JPEG bytes of ``picture``, at most ``side`` pixels wide and high.

    ``stamp`` tells a newer picture of that name from an older one.

    Raises:
        OSError: the file is gone or no picture.
    """
    out = io.BytesIO()
    with Image.open(picture) as image:
        small = image.convert("RGB")
        small.thumbnail((side, side), Image.Resampling.LANCZOS)
        small.save(out, format="JPEG", quality=82, optimize=True)
    return out.getvalue()
