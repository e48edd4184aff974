"""Colour -> grey, only where colour carries nothing: equal channels or an even tint. A photo or overlay is refused."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.errors import InputError

#: Distance (of 255) between a channel and the picture's own tint above which a pixel counts as coloured.
_COLOURED = 16.0
#: Coloured share of the picture above which it is refused; below, coloured marks are reported.
_MAX_COLOURED = 0.01
#: Widest distance between channels that still counts as a tint (sepia, blue film) and not as false colour.
_MAX_TINT = 72.0
_SAMPLE = 200_000


def grey_from_colour(
    rgb: NDArray[np.uint8] | NDArray[np.uint16], where: str
) -> tuple[NDArray, tuple[str, ...]]:
    """The grey picture inside a (rows, columns, 3) one.

    Equal channels give the channel itself, untouched. Otherwise the tint, colour as a function of
    brightness, is estimated from the picture; what departs from it is coloured. The grey value is the
    Rec. 601 luma 0.299 R + 0.587 G + 0.114 B.

    Raises:
        InputError: more than one per cent of the picture is coloured, or the tint is a false-colour scale.
    """
    if np.array_equal(rgb[..., 0], rgb[..., 1]) and np.array_equal(rgb[..., 0], rgb[..., 2]):
        return rgb[..., 0], ()
    scaled = rgb.astype(np.float32) * (255.0 / (65535.0 if rgb.dtype == np.uint16 else 255.0))
    luma = scaled @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    levels, tint = _tint(luma.reshape(-1), scaled.reshape(-1, 3))
    departure = np.zeros_like(luma)
    for channel in range(3):
        expected = luma + np.interp(luma, levels, tint[:, channel])
        np.maximum(departure, np.abs(scaled[..., channel] - expected), out=departure)
    coloured = float((departure > _COLOURED).mean())
    if coloured > _MAX_COLOURED:
        raise InputError(
            "a colour picture (photo, colour map or overlay), not a grey slice",
            expected="grey pixels",
            got=f"colour on {coloured:.0%} of the picture"
            if coloured >= 0.02
            else f"colour on {coloured:.1%} of the picture",
            where=where,
            do="export the slice itself, without colours or overlays",
        )
    strength = float((tint.max(axis=1) - tint.min(axis=1)).max())
    if strength > _MAX_TINT:
        raise InputError(
            "a false-colour picture, not a grey slice",
            expected="grey pixels",
            where=where,
            do="export it with a grey scale",
        )
    return luma, _warnings(coloured, strength)


def _tint(luma: NDArray, pixels: NDArray) -> tuple[NDArray, NDArray]:
    """Median difference of the channels from the luma, at each of 16 brightness levels that is common."""
    step = max(1, luma.size // _SAMPLE)
    luma, pixels = luma[::step], pixels[::step]
    bins = np.minimum(luma / 16.0, 15.0).astype(np.intp)
    common = np.flatnonzero(np.bincount(bins, minlength=16) > _MAX_COLOURED * luma.size)
    tint = np.array(
        [np.median(pixels[bins == index] - luma[bins == index, None], axis=0) for index in common]
    )
    levels = np.array([np.median(luma[bins == index]) for index in common])
    return levels, tint


def _warnings(coloured: float, strength: float) -> tuple[str, ...]:
    lines = []
    if coloured > 0.0:
        lines.append(
            f"coloured marks cover {max(coloured, 0.0001):.2%} of the picture; their colour was dropped"
        )
    if strength > 8.0:
        lines.append("the picture is tinted; the tint was dropped")
    return tuple(lines)
