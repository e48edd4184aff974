"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

#: Test processes share the machine; more threads than that only make them wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "2")


def _shared_folder() -> Path | None:
    stated = os.environ.get("SALISCRIBE_SHARED")
    folder = Path(stated) if stated else Path(__file__).resolve().parents[2] / "shared"
    return folder if (folder / "data").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data, whose ``data/`` holds ``figshare``, ``volumes`` and ``dicom``."""
    folder = _shared_folder()
    if folder is None:
        pytest.skip(
            "real data not found: neither $SALISCRIBE_SHARED nor ../shared beside the project has data/"
        )
    return folder


@pytest.fixture(scope="session")
def random_network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small dual-head network with fixed random weights: the whole line runs, what it says is noise."""
    import torch

    from saliscribe.models.dual_head import DualHeadNet
    from saliscribe.models.network import save_network

    folder = tmp_path_factory.mktemp("network")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        net = DualHeadNet("efficientnet_lite0", "none")
    save_network(net, folder, {"name": "random", "input_size": 96, "temperature": 1.0})
    return folder


@pytest.fixture(scope="session")
def phantoms(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three painted slices, one of each class, as PNG files with their masks beside."""
    from saliscribe.anatomy.phantom import write_phantoms

    return write_phantoms(tmp_path_factory.mktemp("phantoms"), 3, seed=7)
