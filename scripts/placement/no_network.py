"""Placement as it would be without the level network: every plane and level equally probable beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import numpy as np

from saliscribe.anatomy import candidates
from saliscribe.anatomy.level_network import LevelDistribution, level_bins
from saliscribe.core.names import PLANES

FLAT = LevelDistribution(
    planes=dict.fromkeys(PLANES, 1 / len(PLANES)),
    density={plane: np.full(len(level_bins(plane)), 1 / len(level_bins(plane))) for plane in PLANES},
)


@contextmanager
def without_network() -> Iterator[None]:
    """Within it all levels of all planes are searched, fitted from where the search found them, ranked by the match."""
    with (
        mock.patch.object(candidates, "level_distribution", return_value=FLAT),
        mock.patch.object(candidates, "expected_level", return_value=None),
        mock.patch.object(candidates, "settle", side_effect=lambda fits, *_: fits[0]),
    ):
        yield
