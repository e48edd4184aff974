"""Changes of a picture that should not change where a network looks, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]


class Harmless(NamedTuple):
    """``change`` a network input (S, S) in [0, 1]; ``undo`` brings a coarse map (h, w) of it back into place."""

    change: Callable[[Picture], Picture]
    undo: Callable[[Picture], Picture]


def _as_it_is(coarse: Picture) -> Picture:
    return coarse


def _mirrored(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture[:, ::-1])


def _noisy(picture: Picture) -> Picture:
    noise = np.random.default_rng(0).normal(0.0, 0.01, picture.shape)
    return np.clip(picture + noise, 0.0, 1.0).astype(np.float32)


def _brighter(picture: Picture) -> Picture:
    return np.clip(1.05 * picture, 0.0, 1.0).astype(np.float32)


def _darker_middle(picture: Picture) -> Picture:
    return np.power(picture, 1.1, dtype=np.float32)


#: One per cent noise, 5 % brighter, gamma 1.1, and the mirror image (which shows no side in these data).
HARMLESS = {
    "noise": Harmless(_noisy, _as_it_is),
    "brighter": Harmless(_brighter, _as_it_is),
    "gamma": Harmless(_darker_middle, _as_it_is),
    "mirror": Harmless(_mirrored, _mirrored),
}
