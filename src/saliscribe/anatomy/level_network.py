"""A small learned guess of plane and level, run in plain NumPy: where the match should start, how far to trust it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from safetensors.numpy import load

from saliscribe.anatomy.slice_window import slice_window
from saliscribe.core.names import PLANES, Plane

ASSET = "level_network.safetensors"
#: Levels (MNI mm) between which each plane has bins of ``BIN_MM``; sagittal levels are distances from the midline.
BIN_MM = 4.0
LEVEL_RANGE: dict[Plane, tuple[float, float]] = {
    "axial": (-72.0, 92.0),
    "coronal": (-108.0, 80.0),
    "sagittal": (0.0, 76.0),
}
#: Layers (3 x 3 kernels, the last 1 x 1) with their strides, and those whose input is added to their output.
STRIDES = (2, 2, 1, 2, 1, 2, 1, 1)
ADDED = (2, 4, 6)


@dataclass(frozen=True)
class LevelDistribution:
    """``planes``: probability of each plane. ``density``: probability of each bin of a plane, given the plane."""

    planes: dict[Plane, float]
    density: dict[Plane, NDArray[np.float64]]

    def quantile(self, plane: Plane, share: float) -> float:
        """Level (mm) below which ``share`` of the probability lies, linear within a bin."""
        low, high = LEVEL_RANGE[plane]
        edges = np.arange(low, high + BIN_MM / 2, BIN_MM)
        return float(np.interp(share, np.concatenate([[0.0], np.cumsum(self.density[plane])]), edges))

    def spread(self, plane: Plane) -> float:
        """Half the distance (mm) between the 16th and the 84th percentile: one standard deviation of a normal curve."""
        return (self.quantile(plane, 0.84) - self.quantile(plane, 0.16)) / 2

    def log_density(self, plane: Plane, level_mm: float) -> float:
        """Logarithm of the probability per bin at a level, linear between the middles of bins, at least -12."""
        middles = level_bins(plane)
        value = float(
            np.interp(abs(level_mm) if plane == "sagittal" else level_mm, middles, self.density[plane])
        )
        return max(float(np.log(max(value, 1e-12))), -12.0)


def level_bins(plane: Plane) -> NDArray[np.float64]:
    """Middles (MNI mm) of the bins of a plane."""
    low, high = LEVEL_RANGE[plane]
    return np.arange(low + BIN_MM / 2, high, BIN_MM)


def level_distribution(picture: NDArray) -> LevelDistribution:
    """Plane and level as the network sees them, the picture and its mirror image averaged.

    Args:
        picture: (rows, columns) grey values, any scale, upright (``core.axes.DISPLAY_DIRECTIONS``, mirrored or not).
    """
    window = slice_window(picture)
    share = (_softmax(_logits(window)) + _softmax(_logits(window[:, ::-1]))) / 2
    ends = np.cumsum([len(level_bins(plane)) for plane in PLANES])[:-1]
    parts = dict(zip(PLANES, np.split(share, ends), strict=True))
    return LevelDistribution(
        planes={plane: float(part.sum()) for plane, part in parts.items()},
        density={plane: part / max(float(part.sum()), 1e-12) for plane, part in parts.items()},
    )


def _logits(window: NDArray[np.float32]) -> NDArray[np.float32]:
    weights = _weights()
    hidden = np.maximum(weights["f1.weight"] @ features(window) + weights["f1.bias"], 0.0)
    return np.asarray(weights["f2.weight"] @ hidden + weights["f2.bias"])


def features(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """(1152,) what the convolutions see in a window of ``slice_window``, before plane and level are read off it."""
    weights = _weights()
    x = window[None]
    for number, stride in enumerate(STRIDES):
        y = convolve(x, weights[f"c{number}.weight"], stride) + weights[f"c{number}.bias"][:, None, None]
        x = np.maximum(y + x if number in ADDED else y, 0.0)
    return x.ravel()


def convolve(x: NDArray[np.float32], kernel: NDArray[np.float32], stride: int) -> NDArray[np.float32]:
    """Cross-correlation of (C, H, W) with (O, C, K, K) kernels, K odd, zeros around: (O, H / stride, W / stride)."""
    reach = kernel.shape[2] // 2
    padded = np.pad(x, ((0, 0), (reach, reach), (reach, reach)))
    seen = sliding_window_view(padded, kernel.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    return np.asarray(np.tensordot(kernel, seen, axes=((1, 2, 3), (0, 3, 4))))


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    power = np.exp((logits - logits.max()).astype(np.float64))
    return np.asarray(power / power.sum())


@cache
def _weights() -> dict[str, NDArray[np.float32]]:
    resource = files("saliscribe") / "assets" / "anatomy" / ASSET
    return {name: part.astype(np.float32) for name, part in load(resource.read_bytes()).items()}
