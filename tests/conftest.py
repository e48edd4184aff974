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
