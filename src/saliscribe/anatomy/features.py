"""What is compared between a slice and the template: intensity, locally normalised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

#: Width (mm) of the Gaussian neighbourhood that sets the local mean and spread.
NEIGHBOURHOOD_MM = 14.0
#: Spread below which a neighbourhood counts as flat; on a picture scaled so that its 98th percentile is 1.
FLAT = 0.08


def local_normalise(
    data: NDArray[np.float32], sigma: tuple[float, ...], weight: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """``(x - m) / sqrt(v + FLAT^2)`` with local Gaussian mean ``m`` and variance ``v`` (widths ``sigma`` in pixels).

    Removes contrast, brightness and bias field alike, so that slices of any T1 protocol can be compared.
    With ``weight``, pixels of weight 0 (the tumour) count neither in ``m`` nor in ``v``.
    """
    if weight is None:
        mean = ndimage.gaussian_filter(data, sigma)
        spread = ndimage.gaussian_filter(data * data, sigma) - mean * mean
    else:
        total = np.maximum(ndimage.gaussian_filter(weight, sigma), 1e-3)
        mean = ndimage.gaussian_filter(data * weight, sigma) / total
        spread = ndimage.gaussian_filter(data * data * weight, sigma) / total - mean * mean
    return ((data - mean) / np.sqrt(np.maximum(spread, 0.0) + FLAT * FLAT)).astype(np.float32)


def robust_scale(picture: NDArray) -> NDArray[np.float32]:
    """The picture with its background at 0 and the 98th percentile of its foreground at 1, clipped at 1.5."""
    values = np.asarray(picture, dtype=np.float32)
    low = float(np.percentile(values, 2))
    values = values - low
    top = float(values.max())
    if top <= 0:
        return np.zeros_like(values)
    foreground = values[values > 0.08 * top]
    bright = float(np.percentile(foreground, 98)) if foreground.size else top
    return np.clip(values / bright, 0.0, 1.5).astype(np.float32)


def head_region(scaled: NDArray[np.float32]) -> NDArray[np.bool_]:
    """The head (everything that is not air) in a picture from ``robust_scale``: largest piece, holes filled."""
    rough = ndimage.binary_opening(ndimage.gaussian_filter(scaled, 1.0) > 0.10, iterations=2)
    labels, count = ndimage.label(rough)
    if count == 0:
        return np.zeros(scaled.shape, dtype=bool)
    sizes = np.bincount(labels.ravel())[1:]
    return np.asarray(ndimage.binary_fill_holes(labels == 1 + int(np.argmax(sizes))))
