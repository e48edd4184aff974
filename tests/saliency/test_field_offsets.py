"""Where fields look: offsets worked out by hand, and maps that come to lie on what the network looked at."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from saliscribe.core.names import CLASSES
from saliscribe.core.records.prepared import Crop
from saliscribe.core.windows import paste_window
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.field_offsets import field_offsets
from saliscribe.models.network import load_network, save_network
from saliscribe.saliency.attribute import attribute
from saliscribe.study.find_networks import FoldNetwork


class BlurNet(nn.Module):
    """Three strided averages, then the mean: by hand, field ``i`` is centred on pixel ``8 i + first``."""

    def __init__(self, padding: tuple[int, int], kernel: int = 3) -> None:
        super().__init__()
        self.pad = nn.ZeroPad2d((*padding, *padding))
        self.average = nn.Conv2d(1, 1, kernel, stride=2, bias=False)
        nn.init.constant_(self.average.weight, 1.0 / kernel**2)
        self.last = nn.Identity()
        self.cam_layers = {"gradcam": "last"}
        self.cam_offsets: dict[str, tuple[float, float]] = {}

    def classify(self, x: Tensor) -> Tensor:
        """Logits (N, 3), all alike."""
        for _ in range(3):
            x = self.average(self.pad(x))
        logit: Tensor = self.last(x).mean(dim=(1, 2, 3))
        return logit[:, None].expand(-1, len(CLASSES))

    forward = classify


@pytest.mark.parametrize(
    ("padding", "kernel", "offset"),
    [
        ((1, 1), 3, -3.5),  # PyTorch's: centres 2 i, then 4 i, then 8 i; the middle of cell i is 8 i + 3.5
        ((0, 1), 3, 3.5),  # TensorFlow's "SAME" on even sides: 2 i + 1, 4 i + 3, 8 i + 7
        ((0, 0), 2, 0.0),  # pooling over cells
    ],
)
def test_offsets_are_those_worked_out_by_hand(padding: tuple[int, int], kernel: int, offset: float) -> None:
    pictures = np.random.default_rng(0).random((2, 128, 128)).astype(np.float32)
    found = field_offsets(cast(DualHeadNet, BlurNet(padding, kernel)), pictures)
    assert found["last"] == pytest.approx((offset, offset), abs=0.01)


@pytest.mark.parametrize("spot", [(40, 48), (40, 79), (51, 66)])
def test_a_map_lies_on_the_spot_that_was_looked_at(spot: tuple[int, int]) -> None:
    net = BlurNet((1, 1))
    picture = np.zeros((128, 128), dtype=np.float32)
    picture[spot] = 1.0

    def off() -> NDArray[np.float64]:
        found = attribute(net, picture, Crop(0, 0, 128), (128, 128), "glioma", ("gradcam",))["gradcam"].heat
        rows, columns = np.indices(found.shape)
        return np.array([(rows * found).sum(), (columns * found).sum()]) / found.sum() - spot

    assert off() == pytest.approx((3.5, 3.5), abs=1.5), "cells' middles, as other packages draw them"
    noise = np.random.default_rng(0).random((2, 128, 128), np.float32)
    net.cam_offsets = field_offsets(cast(DualHeadNet, net), noise)
    assert off() == pytest.approx((0.0, 0.0), abs=1.5)


def test_a_shift_of_one_cell_moves_a_map_by_one_cell() -> None:
    window = np.random.default_rng(2).random((8, 8)).astype(np.float32)
    crop = Crop(10, 20, 80)
    moved = paste_window(window, crop, (120, 120), shift=(1 / 8, -1 / 8))
    still = paste_window(window, crop, (120, 120))
    assert moved[20:90, 20:90] == pytest.approx(still[10:80, 30:100], abs=1e-6)
    assert not moved[:10].any()
    assert not moved[:, 100:].any()


def test_a_layer_without_gradient_is_left_out() -> None:
    net = BlurNet((1, 1))
    nn.init.zeros_(net.average.weight)
    assert field_offsets(cast(DualHeadNet, net), torch.rand(1, 64, 64).numpy()) == {}


def test_a_card_keeps_the_offsets_and_a_loaded_network_has_them(tmp_path: Path) -> None:
    net = DualHeadNet().eval()
    net.cam_offsets = {net.cam_layers["gradcam"]: (-3.5, 0.0)}
    card = save_network(net, tmp_path, {"name": "one", "input_size": 64, "temperature": 1.0})
    assert card["field_offsets"] == {net.cam_layers["gradcam"]: [-3.5, 0.0]}
    assert load_network(tmp_path, "cpu").net.cam_offsets == net.cam_offsets


def test_an_offset_decides_a_cell_of_the_study_only_where_it_moves_maps() -> None:
    network = FoldNetwork(Path("x"), 1, "0" * 64, field_offsets={"moved": [1.5, 0.0], "still": [0.0, 0.0]})
    assert network.placing("moved") == {"offset": [1.5, 0.0]}
    assert network.placing("still") == network.placing("never measured") == {}
