"""How a lesion's pixels spread over the structures of an atlas, for one placement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.atlas import Atlas
from saliscribe.core.names import Side


@dataclass(frozen=True)
class Shares:
    """Share of the lesion and of the structure's cut in the slice, by (name, side)."""

    of_lesion: dict[tuple[str, Side], float]
    of_structure: dict[tuple[str, Side], float]


def structure_shares(
    pixels: NDArray[np.bool_], affine: NDArray[np.float64], atlas: Atlas, sided: bool
) -> Shares:
    """Shares of every structure under the mask; left and right are counted together unless ``sided``."""
    lesion = lesion_shares(np.argwhere(pixels), affine, atlas, sided)
    cut = _counts(np.indices(pixels.shape).reshape(2, -1).T, affine, atlas, sided)
    total = int(pixels.sum())
    return Shares(lesion, {key: share * total / cut[key] for key, share in lesion.items()})


def lesion_shares(
    places: NDArray[np.intp], affine: NDArray[np.float64], atlas: Atlas, sided: bool
) -> dict[tuple[str, Side], float]:
    """Shares of the lesion's (N, 2) pixels alone: a few hundred look-ups instead of the whole picture's."""
    counts = _counts(places, affine, atlas, sided)
    return {key: count / len(places) for key, count in counts.items() if count}


def _counts(
    places: NDArray[np.intp], affine: NDArray[np.float64], atlas: Atlas, sided: bool
) -> dict[tuple[str, Side], int]:
    """How many of (N, 2) pixels fall in each structure."""
    found = atlas.tally(to_mm(affine, places)).tolist()
    counts: dict[tuple[str, Side], int] = {}
    for label in atlas.table:
        side: Side = label.side if sided or label.side == "midline" else "not_assessed"
        counts[(label.name, side)] = counts.get((label.name, side), 0) + found[label.value]
    return counts


def to_mm(affine: NDArray[np.float64], pixels: NDArray) -> NDArray[np.float64]:
    """MNI mm of (N, 2) row and column indices."""
    return np.asarray(pixels @ affine[:3, :2].T + affine[:3, 3], dtype=np.float64)
