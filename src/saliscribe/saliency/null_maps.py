"""Maps that know nothing of the network: what a saliency map must beat to be trusted.

All are drawn at the resolution of the map that they stand against and enlarged like it, so that none gains or loses by
being smoother.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import ndimage

#: Half-width of the centred Gaussian, as a share of the window's side.
SPREAD = 0.2

Coarse = NDArray[np.float32]


def uniform_noise(shape: tuple[int, int], rng: np.random.Generator) -> Coarse:
    """Independent uniform values, (h, w)."""
    return rng.random(shape, dtype=np.float32)


def same_spectrum(coarse: Coarse, rng: np.random.Generator) -> Coarse:
    """Noise with the map's own amplitude spectrum: its Fourier magnitudes with the phases of white noise."""
    magnitude = np.abs(np.fft.fft2(coarse))
    phase = np.angle(np.fft.fft2(rng.standard_normal(coarse.shape)))
    return np.asarray(np.fft.ifft2(magnitude * np.exp(1j * phase)).real, dtype=np.float32)


def centred_gaussian_map(shape: tuple[int, int], spread: float = SPREAD) -> Coarse:
    """A Gaussian at the middle of the window."""
    sides = [np.exp(-0.5 * (((np.arange(n) + 0.5) / n - 0.5) / spread) ** 2) for n in shape]
    return np.asarray(np.outer(*sides), dtype=np.float32)


def edge_map(network_input: NDArray[np.float32], shape: tuple[int, int]) -> Coarse:
    """Mean strength of the input's edges (Sobel) in each cell; (S, S) -> (h, w)."""
    edges = np.hypot(ndimage.sobel(network_input, axis=0), ndimage.sobel(network_input, axis=1))
    cells = torch.nn.functional.adaptive_avg_pool2d(torch.from_numpy(edges.astype(np.float32))[None], shape)
    return np.asarray(cells[0].numpy(), dtype=np.float32)
