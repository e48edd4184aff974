"""``saliscribe bench``: speed and memory beside the peers."""

from __future__ import annotations

from saliscribe.cli.options import JsonFlag


def bench(json: JsonFlag = False) -> None:
    """Time and peak memory of the saliency methods, side by side with the peers that are installed."""
    raise NotImplementedError
