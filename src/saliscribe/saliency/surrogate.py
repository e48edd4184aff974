"""Predict the scores of channels that were not run from those that were: a Gaussian process over mask
patterns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

#: Candidate length scales (in median pattern distances) and noise shares; the likeliest pair is taken.
LENGTH_SCALES = (0.5, 1.0, 2.0, 4.0)
NOISE_SHARES = (0.01, 0.03, 0.1, 0.3)


@dataclass(frozen=True)
class ScoreModel:
    """Posterior over the scores of all channels: ``mean`` and ``variance`` (C,), and what draws are made
    of.
    """

    mean: Tensor
    variance: Tensor
    patterns: Tensor
    known: Tensor
    observed: Tensor
    length: float
    noise: float
    amplitude: float
    factor: Tensor
    cross: Tensor
    fitted_at: int

    def standardised_errors(self, channels: Tensor, scores: Tensor) -> Tensor:
        """Squared errors of the prediction for ``channels``, in units of its own variance (1 if well
        calibrated).
        """
        return (scores - self.mean[channels]).square() / self.variance[channels].clamp_min(1e-12)

    def draws(self, count: int, generator: torch.Generator, features: int = 256) -> Tensor:
        """Joint draws (count, C) from the posterior (Matheron's rule, random Fourier features for the
        prior).
        """
        single = self.patterns.float()
        frequencies = torch.randn(single.shape[1], features, generator=generator) / self.length
        basis = torch.cos(single @ frequencies + torch.rand(features, generator=generator) * (2 * torch.pi))
        prior = torch.randn(count, features, generator=generator) @ basis.T * (2.0 / features) ** 0.5
        prior += self.noise**0.5 * torch.randn(prior.shape, generator=generator)
        centre, spread = self.observed.mean(), self.amplitude**0.5
        pull = (self.observed - centre) / spread - prior[:, self.known]
        update = torch.cholesky_solve(pull.T, self.factor)
        return centre + spread * (prior + (self.cross @ update).T)


@dataclass(frozen=True)
class _Kernel:
    """A squared-exponential kernel with a noise share, and the Cholesky factor of its matrix at the known
    channels.
    """

    length: float
    noise: float
    amplitude: float
    factor: Tensor
    likelihood: float


def fit_scores(
    patterns: Tensor, known: Tensor, observed: Tensor, unit: float, previous: ScoreModel | None = None
) -> ScoreModel:
    """Fit a Gaussian process with a squared-exponential kernel to ``observed`` (n,) at the channels
    ``known`` (n,).

    ``unit`` is the typical distance between patterns. Length scale and noise share maximise the marginal
    likelihood
    with the amplitude profiled out (Rasmussen & Williams 2006, equation 5.8); those of ``previous`` are kept
    while
    fewer than a quarter more channels are known. Cost ``O(C n + n^3)``.
    """
    at = patterns[known]
    near = torch.cdist(at, at).square()
    centred = observed - observed.mean()
    if previous is not None and len(known) < 1.25 * previous.fitted_at:
        fitted_at = previous.fitted_at
        kernel = _kernel(near, centred, previous.length, previous.noise)
    else:
        fitted_at = len(known)
        options = [
            _kernel(near, centred, scale * unit, noise) for scale in LENGTH_SCALES for noise in NOISE_SHARES
        ]
        kernel = max(options, key=lambda option: option.likelihood)
    cross = torch.exp(-torch.cdist(patterns, at).square() / (2 * kernel.length**2))
    mean = observed.mean() + (cross @ torch.cholesky_solve(centred[:, None], kernel.factor))[:, 0]
    explained = torch.linalg.solve_triangular(kernel.factor, cross.T, upper=False).square().sum(dim=0)
    variance = ((1 + kernel.noise - explained) * kernel.amplitude).clamp_min(0.0)
    return ScoreModel(
        mean,
        variance,
        patterns,
        known,
        observed,
        kernel.length,
        kernel.noise,
        kernel.amplitude,
        kernel.factor,
        cross,
        fitted_at,
    )


def _kernel(near: Tensor, centred: Tensor, length: float, noise: float) -> _Kernel:
    count = len(centred)
    covariance = torch.exp(-near / (2 * length**2)) + noise * torch.eye(count, dtype=torch.float64)
    factor = torch.linalg.cholesky(covariance)
    white = torch.linalg.solve_triangular(factor, centred[:, None], upper=False)
    amplitude = float(white.square().mean().clamp_min(1e-12))
    likelihood = -0.5 * count * math.log(amplitude) - float(factor.diagonal().log().sum())
    return _Kernel(length, noise, amplitude, factor, likelihood)
