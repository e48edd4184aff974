"""Work without a network connection, by word of the user."""

from __future__ import annotations

import os

#: What the libraries that could fetch something listen to.
_SWITCHES = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}


def forbid_network() -> None:
    """Forbid libraries to fetch anything, in this process and in its children."""
    os.environ.update(_SWITCHES)
