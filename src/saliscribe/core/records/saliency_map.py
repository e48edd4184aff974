"""Where the network looked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import CamMethod, TumourClass


@dataclass(frozen=True)
class SaliencyMap:
    """One class activation map on the input grid.

    ``heat`` (rows, columns) float32 in [0, 1], 0 outside the network's window; ``coarse`` is the map at the
    layer's own resolution, not normalised; ``raw_min`` and ``raw_max`` are the range before
    normalisation, so that strength can be compared across images.
    ``evaluated_fraction`` is the share of channels that an anytime ScoreCAM used. ``shift`` is how far the values
    stand from the middles of their cells, (rows, columns) as a share of the window; 0 where that was never measured.
    """

    method: CamMethod
    heat: NDArray[np.float32]
    coarse: NDArray[np.float32]
    raw_min: float
    raw_max: float
    target: TumourClass
    layer: str
    evaluated_fraction: float = 1.0
    shift: tuple[float, float] = (0.0, 0.0)
