"""The anytime loop on scores whose answer is known: it stops early, states an error, and the error holds."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from saliscribe.saliency.anytime import settle_scores
from saliscribe.saliency.masks_of_channels import channel_patterns
from saliscribe.saliency.surrogate import fit_scores


def world(seed: int, channels: int = 600) -> tuple[torch.Tensor, torch.Tensor]:
    """Smooth blobs on a 6x6 grid, and a score that is a smooth but not linear function of the mask."""
    generator = torch.Generator().manual_seed(seed)
    grid = torch.stack(torch.meshgrid(torch.arange(6.0), torch.arange(6.0), indexing="ij"))
    centres = torch.rand(channels, 2, 1, 1, generator=generator) * 5
    blobs = torch.exp(
        -((grid - centres) ** 2).sum(1) / (1 + 3 * torch.rand(channels, 1, 1, generator=generator))
    )
    blobs += 0.1 * torch.rand(channels, 6, 6, generator=generator)
    pull = torch.randn(36, generator=generator) / 4
    return blobs, torch.sin(blobs.flatten(1) @ pull) + 0.3 * blobs.flatten(1) @ pull


def heat(blobs: torch.Tensor, scores: torch.Tensor) -> np.ndarray:
    return torch.tensordot(torch.softmax(scores.double(), 0), blobs.double(), 1).relu().numpy().ravel()


@pytest.mark.parametrize("seed", range(4))
def test_it_stops_early_and_the_stated_correlation_holds(seed):
    blobs, scores = world(seed)
    asked: list[int] = []

    def evaluate(channels: torch.Tensor) -> torch.Tensor:
        asked.extend(channels.tolist())
        return 4 * scores[channels]

    patterns, ones = channel_patterns(blobs), torch.ones(len(blobs), dtype=torch.long)
    settled = settle_scores(evaluate, patterns, blobs, ones, correlation=0.99, batch_size=8, seed=seed)
    assert len(asked) == len(set(asked)) == int(settled.run.sum())
    assert len(asked) < len(blobs) / 2
    assert settled.correlation >= 0.99
    true = np.corrcoef(heat(blobs, settled.scores), heat(blobs, 4 * scores))[0, 1]
    assert true >= 0.985
    torch.testing.assert_close(settled.scores[settled.run], 4 * scores[settled.run].double())


def test_what_cannot_be_predicted_is_run_to_the_end():
    blobs, _ = world(9, channels=40)
    noise = 6 * torch.randn(40, generator=torch.Generator().manual_seed(1))
    patterns, ones = channel_patterns(blobs), torch.ones(40, dtype=torch.long)
    settled = settle_scores(lambda i: noise[i], patterns, blobs, ones, correlation=0.99999, batch_size=4)
    assert bool(settled.run.all())
    assert settled.correlation == 1.0


def test_the_same_seed_takes_the_same_channels():
    blobs, scores = world(2)
    patterns, ones = channel_patterns(blobs), torch.ones(len(blobs), dtype=torch.long)
    runs = [
        settle_scores(lambda i: scores[i], patterns, blobs, ones, correlation=0.98, batch_size=8, seed=5).run
        for _ in range(2)
    ]
    assert torch.equal(*runs)


def test_the_surrogate_agrees_with_scikit_learn():
    process = pytest.importorskip("sklearn.gaussian_process")
    blobs, scores = world(3, channels=80)
    patterns, known = channel_patterns(blobs), torch.arange(40)
    ours = fit_scores(patterns, known, scores[known].double(), unit=1.0)
    kernel = process.kernels.RBF(ours.length, "fixed")
    theirs = process.GaussianProcessRegressor(kernel, alpha=ours.noise, optimizer=None)
    theirs.fit(patterns[known], (scores[known] - scores[known].mean()).double())
    mean, deviation = theirs.predict(patterns, return_std=True)
    np.testing.assert_allclose(ours.mean, mean + float(scores[known].mean()), atol=1e-5)
    variance = ours.variance / ours.amplitude - ours.noise
    np.testing.assert_allclose(variance, deviation**2, atol=1e-6)
