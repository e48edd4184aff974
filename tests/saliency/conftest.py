"""Small networks that the saliency tests explain."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from saliscribe.torchvision_shim import mend_torchvision

mend_torchvision()
torch = pytest.importorskip("torch")
nn = torch.nn


class TwoOutputs(NamedTuple):
    class_logits: torch.Tensor
    mask_logits: torch.Tensor


class TinyDual(nn.Module):
    """Two convolutions with batch normalisation, a classification head and a mask head."""

    def __init__(self, channels: int = 24) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 8, 3, 2, 1), nn.BatchNorm2d(8), nn.ReLU(inplace=True))
        self.deep = nn.Sequential(
            nn.Conv2d(8, channels, 3, 4, 1), nn.BatchNorm2d(channels), nn.ReLU(inplace=True)
        )
        self.cam_point = nn.Identity()
        self.head = nn.Linear(channels, 3)
        self.mask = nn.Conv2d(channels, 1, 1)

    def forward(self, x: torch.Tensor) -> TwoOutputs:
        deep = self.cam_point(self.deep(self.stem(x)))
        return TwoOutputs(self.head(deep.mean((2, 3))), self.mask(deep))

    def classify(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.cam_point(self.deep(self.stem(x))).mean((2, 3)))


def lively(net: nn.Module, seed: int = 0) -> nn.Module:
    """Random weights, with normalisation statistics that are not the identity and a head that separates
    scores.
    """
    torch.manual_seed(seed)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
        if isinstance(module, nn.Linear):
            module.weight.data.mul_(20)
    return net


@pytest.fixture(autouse=True, scope="session")
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def tiny() -> TinyDual:
    torch.manual_seed(1)
    return lively(TinyDual())


@pytest.fixture
def picture() -> torch.Tensor:
    return torch.rand(2, 1, 48, 48, generator=torch.Generator().manual_seed(3))
