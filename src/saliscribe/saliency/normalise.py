"""Bring a map to [0, 1] for showing; its raw range is kept beside it elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def min_max(raw: NDArray[np.float32]) -> NDArray[np.float32]:
    """``(raw - min) / (max - min)``: the largest value stays the largest; a constant map becomes 0
    everywhere.

    Arithmetic is float64, so that a map of tiny or huge values comes out right. Raises ValueError on NaN or
    infinity.
    """
    if not np.isfinite(raw).all():
        raise ValueError("min_max: expected finite values, got NaN or infinity")
    values = np.asarray(raw, dtype=np.float64)
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.zeros(raw.shape, dtype=np.float32)
    return ((values - low) / (high - low)).astype(np.float32)
