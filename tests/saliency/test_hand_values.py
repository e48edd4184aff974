"""Values worked out by hand on a network small enough to do so."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

from saliscribe.saliency.gradients import gradcam, gradcam_plus_plus, layer_gradients
from saliscribe.saliency.masks_of_channels import channel_masks, distinct_patterns
from saliscribe.saliency.normalise import min_max
from saliscribe.saliency.scorecam import ScoreCamSettings, scorecam


class Net(nn.Module):
    """Feature maps A1 = x and A2 = 3 - x on a 2x2 picture; score = 2 mean(A1) - mean(A2), or 4 mean(A1)
    alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Conv2d(1, 2, 1)
        self.features.weight.data = torch.tensor([1.0, -1.0]).reshape(2, 1, 1, 1)
        self.features.bias.data = torch.tensor([0.0, 3.0])
        self.head = nn.Linear(2, 2, bias=False)
        self.head.weight.data = torch.tensor([[2.0, -1.0], [4.0, 0.0]])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.features(x).mean((2, 3)))


X = torch.tensor([[[[0.0, 1.0], [2.0, 3.0]]]])


def first(outputs: torch.Tensor) -> torch.Tensor:
    return outputs[:, 0]


def test_gradcam_by_hand():
    # Each cell's gradient is the head's weight over 4 cells: 0.5 and -0.25, constant, so these are the
    # weights.
    # Map = 0.5 x - 0.25 (3 - x) = 0.75 x - 0.75, negative values cut.
    seen = layer_gradients(Net(), "features", first, X)
    assert seen.scores.item() == pytest.approx(2 * 1.5 - 1.5)
    np.testing.assert_allclose(gradcam(seen.activation, seen.gradient)[0], [[0, 0], [0.75, 1.5]], atol=1e-6)


def test_gradcam_plus_plus_by_hand():
    # Channel 1: g = 1/2, sum A = 6: alpha = (1/4) / (2/4 + 6/8) = 1/5, weight = 4 cells * 1/5 * 1/2 = 0.4.
    # Channel 2: g < 0 everywhere, so its weight is 0. Map = 0.4 x.
    seen = layer_gradients(Net(), "features", first, X)
    heat = gradcam_plus_plus(seen.activation, seen.gradient, epsilon=0.0)[0]
    np.testing.assert_allclose(heat, 0.4 * X[0, 0], atol=1e-6)


def test_scorecam_by_hand():
    # At 2x2 no upsampling happens. Masks: x / 3 and 1 - x / 3. Masked inputs: x^2 / 3 (mean 14/12) and
    # x - x^2 / 3 (mean 1/3). Score of an input with mean m: 2 m - (3 - m) = 3 m - 3, so 0.5 and -2.
    net = Net()
    result = scorecam(net, first, X, net.features(X)[0], ScoreCamSettings(batch_size=1))
    np.testing.assert_allclose(result.scores, [0.5, -2.0], atol=1e-5)
    w1 = 1 / (1 + math.exp(-2.5))
    np.testing.assert_allclose(result.weights, [w1, 1 - w1], atol=1e-6)
    np.testing.assert_allclose(result.heat, w1 * X[0, 0] + (1 - w1) * (3 - X[0, 0]), atol=1e-5)


def test_masks_run_from_0_to_1_and_keep_their_orientation():
    channel = torch.tensor([[[-2.0, 0.0], [0.0, 6.0]]])
    mask = channel_masks(channel, (4, 4))[0]
    assert mask[0, 0] == 0.0
    assert mask[3, 3] == pytest.approx(1.0)
    assert mask[0, 3] == pytest.approx(0.25)


def test_dead_and_proportional_channels_are_one_pattern():
    from saliscribe.saliency.masks_of_channels import channel_patterns

    hot = torch.tensor([[0.0, 1.0], [0.0, 0.0]])
    channels = torch.stack([torch.zeros(2, 2), hot, torch.full((2, 2), 0.7), 5 * hot + 2, -hot])
    leaders, group = distinct_patterns(channel_patterns(channels))
    assert leaders.tolist() == [0, 1, 4]
    assert group.tolist() == [0, 1, 0, 1, 2]


def test_min_max_keeps_the_largest_largest_and_a_constant_map_empty():
    np.testing.assert_allclose(
        min_max(np.array([[-1.0, 0.0], [1.0, 3.0]], np.float32)), [[0, 0.25], [0.5, 1]]
    )
    assert not min_max(np.full((3, 3), 4.2, np.float32)).any()
    tiny = min_max(np.array([0.0, 1e-20, 2e-20], np.float32))
    np.testing.assert_allclose(tiny, [0, 0.5, 1], atol=1e-6)
    with pytest.raises(ValueError, match="finite"):
        min_max(np.array([0.0, np.nan], np.float32))
