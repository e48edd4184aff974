"""Many plausible placements of one slice, and how often each name comes up in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.atlas import Atlas
from saliscribe.anatomy.region import region_of
from saliscribe.anatomy.structure_shares import lesion_shares, to_mm
from saliscribe.anatomy.surroundings import Surroundings
from saliscribe.core.names import Side
from saliscribe.core.records.localisation import Placement

#: Equally probable levels that stand for the level's distribution.
LEVELS = 9
#: How far (mm) the slice may be off within its plane: the probable error of its middle along either axis.
IN_PLANE_MM = 3.0
#: Standard deviations between the middle and the end of a 90 % interval of a normal distribution.
END_OF_90 = 1.645


def plausible_affines(placement: Placement) -> Iterator[NDArray[np.float64]]:
    """Affines that the placement's interval allows, each as probable as the others: 9 levels, 5 places in the plane.

    Levels are the middles of equal parts of a normal distribution with the placement's 90 % interval.
    """
    if placement.affine is None or placement.interval_mm is None:
        return
    spread = (placement.interval_mm[1] - placement.interval_mm[0]) / 2 / END_OF_90
    down, right = (placement.affine[:3, axis] / np.linalg.norm(placement.affine[:3, axis]) for axis in (0, 1))
    normal = placement.affine[:3, 2] / np.linalg.norm(placement.affine[:3, 2])
    for part in range(LEVELS):
        depth = spread * NormalDist().inv_cdf((part + 0.5) / LEVELS)
        for y, x in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)):
            moved = placement.affine.copy()
            moved[:3, 3] += depth * normal + IN_PLANE_MM * (y * down + x * right)
            yield moved


def structure_probabilities(
    pixels: NDArray[np.bool_], placement: Placement, atlas: Atlas, sided: bool, least_share: float
) -> dict[tuple[str, Side], float]:
    """In which part of the plausible placements each structure holds at least ``least_share`` of the lesion."""
    counts: Counter[tuple[str, Side]] = Counter()
    total = 0
    places = np.argwhere(pixels)
    for affine in plausible_affines(placement):
        total += 1
        shares = lesion_shares(places, affine, atlas, sided)
        counts.update(key for key, share in shares.items() if share >= least_share)
    return {key: count / total for key, count in counts.items()}


def region_probability(
    region: str, pixels: NDArray[np.bool_], placement: Placement, around: Surroundings
) -> float:
    """In which part of the plausible levels the lesion lies in ``region``, or in one that shares a part with it."""
    affines = [affine for number, affine in enumerate(plausible_affines(placement)) if number % 5 == 0]
    at = np.argwhere(pixels)
    others = [region_of(to_mm(affine, at), around) for affine in affines]
    return sum(bool(_parts(region) & _parts(other or "")) for other in others) / max(len(affines), 1)


def _parts(region: str) -> set[str]:
    """The lobes in "frontal and temporal lobes"; any other region is its own only part."""
    lobes = region.removesuffix(" lobes")
    return {f"{one} lobe" for one in lobes.split(" and ")} if lobes != region else {region}
