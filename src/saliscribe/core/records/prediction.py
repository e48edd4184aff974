"""What the network said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import TumourClass


@dataclass(frozen=True)
class Prediction:
    """Calibrated class probabilities and, from a dual-head network, a tumour probability per pixel.

    ``probabilities`` sum to 1 and are temperature-scaled; ``logits`` are raw, in the order of ``CLASSES``;
    ``tumour_probability`` is (rows, columns) float32 in [0, 1] on the input grid, ``None`` for a single-head
    baseline; ``model`` and ``weights_sha256`` say which network it was.
    """

    label: TumourClass
    probabilities: Mapping[TumourClass, float]
    logits: tuple[float, ...]
    temperature: float
    tumour_probability: NDArray[np.float32] | None
    model: str
    weights_sha256: str
