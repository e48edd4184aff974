"""Where the tumour is, in named structures, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Grade, Plane, Side, Stability


@dataclass(frozen=True)
class Placement:
    """A slice placed in the atlas space.

    ``affine`` (4x4) takes (row, column, 0) of the input picture to ``space`` millimetres (RAS+), or is ``None``
    when nothing fits. ``level_mm`` is the MNI coordinate along the plane's normal, ``interval_mm`` an
    interval for it. ``residual`` is 1 - similarity to the template, in [0, 1]. ``plane_probability`` is
    ``None`` when the user or a header gave the plane. ``alternatives`` are other (plane, level_mm, similarity).
    ``notes`` warn of a picture that lies turned or contradicts what the user states.
    """

    plane: Plane | None
    grade: Grade
    level_mm: float | None
    interval_mm: tuple[float, float] | None
    residual: float | None
    affine: NDArray[np.float64] | None
    space: str
    how: str
    plane_probability: float | None = None
    alternatives: tuple[tuple[Plane, float, float], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Structure:
    """One named structure under the mask; shares in [0, 1], ``None`` where they cannot be known.

    ``probability``: in which part of the placements that the level's interval allows it would be named.
    ``index``: its number in the table of an atlas that the user gave.
    """

    name: str
    side: Side
    share_of_lesion: float
    share_of_structure: float | None
    stability: Stability
    atlas: str
    probability: float | None = None
    index: int | None = None


@dataclass(frozen=True)
class Localisation:
    """Everything said about place. ``side_basis`` tells why a side is known (or not)."""

    placement: Placement
    structures: tuple[Structure, ...]
    region: str | None
    share_outside_atlas: float | None
    side: Side
    side_basis: Literal["header", "user", "midline_of_slice", "not_known"]
    image_side: Literal["image-left", "image-right", "image-midline", "not_assessed"]
    atlas: str
    atlas_sha256: str | None
    notes: tuple[str, ...] = ()
