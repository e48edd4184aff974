"""The level network in NumPy against PyTorch's own layers, its quantiles by hand, and what it must not depend on."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import numpy as np
import pytest
import torch
from torch.nn import functional

from saliscribe.anatomy import level_network, turn_odds
from saliscribe.anatomy.level_network import LevelDistribution, convolve, level_bins, level_distribution
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.slice_window import BRIGHTEST, WINDOW_PX, slice_window
from saliscribe.core.names import PLANES


@pytest.mark.parametrize(("stride", "kernel"), [(1, 3), (2, 3), (1, 1)])
def test_convolution_is_that_of_torch(stride, kernel):
    random = np.random.default_rng(stride + kernel)
    x = random.normal(size=(3, 12, 10)).astype(np.float32)
    weights = random.normal(size=(5, 3, kernel, kernel)).astype(np.float32)
    torchs = functional.conv2d(
        torch.from_numpy(x)[None], torch.from_numpy(weights), stride=stride, padding=kernel // 2
    )
    assert np.allclose(convolve(x, weights, stride), torchs[0].numpy(), atol=1e-4)


def test_the_whole_network_is_that_of_torch():
    weights = {name: torch.from_numpy(part) for name, part in level_network._weights().items()}
    window = np.random.default_rng(0).random((WINDOW_PX, WINDOW_PX)).astype(np.float32)
    x = torch.from_numpy(window)[None, None]
    for number, stride in enumerate((2, 2, 1, 2, 1, 2, 1, 1)):
        kernel = weights[f"c{number}.weight"]
        y = functional.conv2d(x, kernel, weights[f"c{number}.bias"], stride, kernel.shape[2] // 2)
        x = functional.relu(y + x if number in (2, 4, 6) else y)
    hidden = functional.relu(functional.linear(x.flatten(), weights["f1.weight"], weights["f1.bias"]))
    torchs = functional.linear(hidden, weights["f2.weight"], weights["f2.bias"])
    assert np.allclose(level_network._logits(window), torchs.numpy(), atol=1e-3)


def test_quantiles_by_hand():
    density = {plane: np.zeros(len(level_bins(plane))) for plane in PLANES}
    density["axial"][[0, 1]] = 0.5  # two bins of 4 mm from -72 mm on
    found = LevelDistribution(dict.fromkeys(PLANES, 1 / 3), density)
    assert found.quantile("axial", 0.5) == pytest.approx(-68.0)
    assert found.quantile("axial", 0.25) == pytest.approx(-70.0)
    assert found.spread("axial") == pytest.approx((0.84 - 0.16) * 8 / 2)
    assert found.log_density("axial", -68.0) == pytest.approx(np.log(0.5))
    assert found.log_density("axial", 40.0) == -12.0


@pytest.mark.parametrize("plane", PLANES)
def test_a_painted_slice_is_near_its_level(plane):
    volume, _, truth = paint_phantom(11, "glioma", plane)
    found = level_distribution(volume.picture)
    assert sum(found.planes.values()) == pytest.approx(1.0)
    assert max(found.planes, key=found.planes.__getitem__) == plane
    level = abs(truth["level_mm"]) if plane == "sagittal" else truth["level_mm"]
    assert found.quantile(plane, 0.005) - 8 < level < found.quantile(plane, 0.995) + 8


def test_a_mirror_image_changes_nothing():
    volume, _, _ = paint_phantom(12, "meningioma", "axial")
    straight, mirrored = (level_distribution(p) for p in (volume.picture, volume.picture[:, ::-1]))
    assert straight.quantile("axial", 0.5) == pytest.approx(mirrored.quantile("axial", 0.5), abs=1.0)


def test_the_window_follows_the_head():
    volume, _, _ = paint_phantom(13, "glioma", "coronal")
    wide = np.pad(volume.picture, ((20, 60), (50, 10)))
    one, other = slice_window(volume.picture), slice_window(wide * 3 + 7)
    assert one.shape == (WINDOW_PX, WINDOW_PX)
    assert one.min() >= 0
    assert one.max() <= BRIGHTEST + 1e-6
    assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.97


def test_the_card_names_the_weights():
    folder = files("saliscribe") / "assets" / "anatomy"
    for asset in (level_network.ASSET, turn_odds.ASSET):
        digest = hashlib.sha256((folder / asset).read_bytes()).hexdigest()
        assert digest in (folder / "level_network.md").read_text(encoding="utf-8")
