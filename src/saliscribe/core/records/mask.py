"""A tumour mask and how it was chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import MaskSource


@dataclass(frozen=True)
class SweepStep:
    """The mask that one other threshold would have given."""

    threshold: float
    mask: NDArray[np.bool_]


@dataclass(frozen=True)
class Mask:
    """A binary tumour mask on the input grid; an empty one is a valid result.

    ``threshold_percentile`` is the percentile inside the brain chosen for a heat map (``None`` for the
    segmentation head, which uses ``threshold`` on probability). ``criterion`` names the rule. ``sweep``
    holds the masks at neighbouring thresholds, for the stability of what is derived from this one.
    ``heat_outside_brain`` is the share of all heat that lies outside the brain and was not used. ``firmness``, of the
    segmentation head alone, is the mean tumour probability inside the region (``None`` where that is empty): a tumour
    is delineated with a steep edge, and where there is none the network's best guess fades.
    """

    pixels: NDArray[np.bool_]
    source: MaskSource
    threshold: float
    criterion: str
    threshold_percentile: float | None = None
    sweep: tuple[SweepStep, ...] = ()
    heat_outside_brain: float | None = None
    firmness: float | None = None

    @property
    def area_px(self) -> int:
        """Number of mask pixels."""
        return int(self.pixels.sum())
