"""Near-duplicate slices (also mirrored ones) on two sides of a split: found and reported before training."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from saliscribe.io.labelled_pixels import read_pixels
from saliscribe.metrics.duplicates import find_duplicates, fingerprint
from saliscribe.training.splits import Split

logger = logging.getLogger(__name__)


def report_leakage(split: Split, folder: Path) -> int:
    """Write ``folder/near_duplicates.json`` and log a warning when the split leaks; returns how many pairs do.

    A pair counts when its two slices belong to two of the three parts of the split.
    """
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    slices = [one for part in parts.values() for one in part]
    sides = [side for side, part in parts.items() for _ in part]
    pairs = find_duplicates([fingerprint(read_pixels(one)[0]) for one in slices], groups=sides)
    found = [
        {
            "first": {"file": slices[pair.first].path.name, "part": sides[pair.first]},
            "second": {"file": slices[pair.second].path.name, "part": sides[pair.second]},
            "correlation": round(pair.correlation, 4),
            "mirrored": pair.mirrored,
        }
        for pair in pairs
    ]
    (folder / "near_duplicates.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if found:
        logger.warning(
            "%d near-duplicate pairs stand on two sides of the split (near_duplicates.json): "
            "figures on the held-out side are optimistic",
            len(found),
        )
    return len(found)
