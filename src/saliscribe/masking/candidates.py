"""The masks that every percentile of a sweep would give, for a criterion to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import TumourClass
from saliscribe.masking.clean import clean
from saliscribe.masking.settings import MaskSettings


@dataclass(frozen=True)
class Candidates:
    """A sweep over percentiles of the heat inside the brain, from low to high.

    ``masks`` (n, rows, columns) bool, after smoothing and cleaning; ``thresholds`` (n,) on ``heat``, which is
    smoothed and 0 outside ``brain``; ``grey`` in [0, 1]; ``target`` is the class the heat is for.
    """

    percentiles: NDArray[np.float64]
    thresholds: NDArray[np.float64]
    masks: NDArray[np.bool_]
    heat: NDArray[np.float32]
    brain: NDArray[np.bool_]
    grey: NDArray[np.float32]
    target: TumourClass

    @cached_property
    def areas(self) -> NDArray[np.float64]:
        """Pixels of each mask."""
        return np.count_nonzero(self.masks, axis=(1, 2)).astype(np.float64)

    def nearest(self, percentile: float) -> int:
        """Index of the candidate nearest to ``percentile``."""
        return int(np.argmin(np.abs(self.percentiles - percentile)))

    def nearest_threshold(self, threshold: float) -> int:
        """Index of the candidate nearest to a threshold on heat."""
        return int(np.argmin(np.abs(self.thresholds - threshold)))


def make_candidates(
    heat: NDArray[np.float32],
    brain: NDArray[np.bool_],
    grey: NDArray[np.float32],
    target: TumourClass,
    settings: MaskSettings,
    percentiles: tuple[float, ...],
) -> Candidates:
    """Masks of ``heat`` (already smoothed, 0 outside the brain) above each percentile of its values inside the brain.

    "Above" is strict: where much of the brain has the same heat, such as none at all, none of it is in the mask.
    """
    thresholds = np.percentile(heat[brain], percentiles)
    masks = [
        clean(
            (heat > threshold) & brain, min_area=settings.min_area, component_share=settings.component_share
        )
        for threshold in thresholds
    ]
    return Candidates(
        np.asarray(percentiles, dtype=np.float64),
        np.asarray(thresholds, dtype=np.float64),
        np.stack(masks),
        heat,
        brain,
        grey,
        target,
    )
