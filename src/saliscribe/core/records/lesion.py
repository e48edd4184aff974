"""One connected region of a volume: its voxels and where they lie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Side


@dataclass(frozen=True, eq=False)
class LesionPlace:
    """Where a region lies in the template. ``lobes`` and ``structures`` hold (name[, side], share), largest first."""

    centre_mm: tuple[float, float, float]
    side: Side
    midline_mm: float
    region: str | None
    lobes: tuple[tuple[str, float], ...]
    structures: tuple[tuple[str, Side, float], ...]


@dataclass(frozen=True, eq=False)
class Lesion:
    """``voxels`` (N, 3) are array indices; ``place`` is ``None`` where the volume was not placed."""

    voxels: NDArray[np.intp]
    place: LesionPlace | None


@dataclass(frozen=True, eq=False)
class VolumeEvidence:
    """What tells a tumour from a network that had to find one; ``None`` where it could not be measured.

    ``slices_looked_at``, ``slices_with_region``, ``slices_agreeing``: counts. ``largest_share``: share of the whole
    delineated volume in its largest region. ``thickness_mm``: extent of the largest region across the slices.
    ``overlap``: mean Dice of neighbouring slices of the largest region. ``brightness``: median of the largest region
    over that of the brain. ``warned_share``: share of the slices with a region whose input check objected to the kind
    of image.
    """

    slices_looked_at: int
    slices_with_region: int
    slices_agreeing: int
    largest_share: float | None
    thickness_mm: float | None
    overlap: float | None
    brightness: float | None
    warned_share: float | None
