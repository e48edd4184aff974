"""Which way up a picture lies: a linear reading of what the level network's convolutions see in its four turns."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from saliscribe.anatomy.level_network import features
from saliscribe.anatomy.slice_window import slice_window
from saliscribe.anatomy.turns import QUARTER_TURNS, UPRIGHT, Turn

ASSET = "turn_weights.safetensors"
TURNS = (UPRIGHT, *QUARTER_TURNS)
#: Log-odds, before looking, that a picture lies as it should rather than in one of the other turns.
UPRIGHT_ODDS = 3.0


def turn_odds(picture: NDArray) -> dict[Turn, float]:
    """Log-odds of each turn against ``UPRIGHT``: which one makes the picture stand as heads are shown.

    A picture that was flipped from top to bottom is a mirrored one that was turned by half: mirrors are averaged.

    Args:
        picture: (rows, columns) grey values, any scale.
    """
    window = slice_window(picture)
    scores = {turn: _uprightness(turn.apply(window)) for turn in TURNS}
    prior = {turn: UPRIGHT_ODDS if turn == UPRIGHT else 0.0 for turn in TURNS}
    return {turn: scores[turn] - scores[UPRIGHT] + prior[turn] - prior[UPRIGHT] for turn in TURNS}


def _uprightness(window: NDArray[np.float32]) -> float:
    seen = features(window) + features(np.ascontiguousarray(window[:, ::-1]))
    return float(_weights() @ seen) / 2


@cache
def _weights() -> NDArray[np.float32]:
    resource = files("saliscribe") / "assets" / "anatomy" / ASSET
    return load(resource.read_bytes())["weight"].astype(np.float32)
