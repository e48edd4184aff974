"""The picture that shows heat and outline on the image."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

#: matplotlib's "inferno" at 17 equal steps (CC0): dark is cold, bright is hot, also in grey print.
_INFERNO = np.array(
    [
        (0, 0, 4), (11, 7, 36), (33, 12, 74), (61, 9, 101), (87, 16, 110), (113, 25, 110), (138, 34, 106), (163, 44, 97),
        (188, 55, 84), (210, 70, 68), (228, 90, 49), (241, 115, 29), (249, 142, 9), (252, 172, 17), (249, 203, 53),
        (242, 234, 105), (252, 255, 164),
    ],
    dtype=np.float64,
)  # fmt: skip
_OUTLINE = np.array([0, 229, 255], dtype=np.float64)
_STRONGEST = 0.65


def grey_picture(grey: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(rows, columns) in [0, 1] as 8-bit grey."""
    return np.asarray(np.rint(255.0 * np.clip(grey, 0.0, 1.0)), dtype=np.uint8)


def overlay_picture(
    grey: NDArray[np.float32], heat: NDArray[np.float32] | None, mask: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    """The image with the heat map blended in (more where it is hotter) and the mask's inner outline on top."""
    picture = np.repeat(grey_picture(grey)[:, :, None], 3, axis=2).astype(np.float64)
    if heat is not None:
        strength = np.clip(heat, 0.0, 1.0)
        opacity = (_STRONGEST * np.sqrt(strength))[:, :, None]
        picture = (1.0 - opacity) * picture + opacity * heat_colours(strength)
    picture[outline(mask)] = _OUTLINE
    return np.asarray(np.rint(picture), dtype=np.uint8)


def heat_colours(heat: NDArray[np.float32]) -> NDArray[np.float64]:
    """(rows, columns) in [0, 1] -> (rows, columns, 3) colours from 0 to 255."""
    steps = np.linspace(0.0, 1.0, len(_INFERNO))
    return np.stack([np.interp(heat, steps, _INFERNO[:, channel]) for channel in range(3)], axis=2)


def outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask's pixels that touch what is not mask; the border of the picture counts as outside."""
    return mask & ~ndimage.binary_erosion(mask, border_value=0)
