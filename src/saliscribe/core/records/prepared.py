"""What the network sees, and the way back to the pixels of the input."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Crop:
    """A square window of the input picture, in input pixels; may reach beyond the picture's border.

    ``top``/``left`` are the window's first row and column, ``size`` its side length.
    """

    top: int
    left: int
    size: int


@dataclass(frozen=True)
class Prepared:
    """A picture ready for any network.

    ``grey`` (rows, columns) float32 in [0, 1] on the input grid, robustly scaled; ``network_input``
    (S, S) float32 in [0, 1], the cropped and resized square; ``brain`` (rows, columns) bool, the rough
    brain region on the input grid; ``crop`` maps one to the other; ``warnings`` from the input gate.
    """

    grey: NDArray[np.float32]
    network_input: NDArray[np.float32]
    brain: NDArray[np.bool_]
    crop: Crop
    warnings: tuple[str, ...] = ()
