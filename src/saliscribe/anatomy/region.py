"""The region of a lesion in a radiologist's words, from its points in MNI space."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.surroundings import (
    COMPARTMENTS,
    POSTERIOR_FOSSA_BOX,
    SELLAR_BOX,
    SUPRASELLAR_BOX,
    Surroundings,
    in_box,
)

SELLAR = "sellar and suprasellar region"
BRAIN_STEM = "brain stem"
CEREBELLUM = "posterior fossa (cerebellum)"
POSTERIOR_FOSSA = "posterior fossa"
OUTSIDE = "outside the cortical atlas"
#: Regions in which a cortical label under the mask is a neighbour within placement error, not the site.
NOT_CORTICAL = (SELLAR, BRAIN_STEM, CEREBELLUM, POSTERIOR_FOSSA, "third ventricle", "fourth ventricle")
#: A placed slice is some millimetres off; the sellar boxes are widened by this much (mm).
BOX_MARGIN_MM = 4.0
#: A second lobe is named with the first if it holds at least this share of what lies in lobes.
SECOND_LOBE_SHARE = 0.30
_LOBES = COMPARTMENTS[1:7]


def region_of(points_mm: NDArray[np.float64], around: Surroundings) -> str | None:
    """Words for where (N, 3) lesion points lie; ``None`` without points.

    In this order: sellar and suprasellar boxes, brain stem and cerebellum, ventricles, lobes, deep structures,
    outside. The first that holds at least half of the points names the region; lobes are named from 30 % on.
    """
    if len(points_mm) == 0:
        return None
    codes = around.look_up(points_mm)
    share = {name: float((codes == number).mean()) for number, name in enumerate(COMPARTMENTS)}
    fossa = (in_box(points_mm, POSTERIOR_FOSSA_BOX) & (codes == 0)).mean()
    sella = (
        in_box(points_mm, SELLAR_BOX, BOX_MARGIN_MM) | in_box(points_mm, SUPRASELLAR_BOX, BOX_MARGIN_MM)
    ).mean()
    if sella >= 0.5:
        return SELLAR
    if share["brain stem"] + share["cerebellum"] + share["fourth ventricle"] + fossa >= 0.5:
        return _infratentorial(share)
    ventricle = max(("lateral ventricle", "third ventricle"), key=lambda name: share[name])
    if share[ventricle] >= 0.5:
        return ventricle
    return _supratentorial(share, points_mm, around)


def _infratentorial(share: dict[str, float]) -> str:
    tissue = {name: share[name] for name in ("brain stem", "cerebellum", "fourth ventricle")}
    largest = max(tissue, key=lambda name: tissue[name])
    if tissue[largest] < 0.2:
        return POSTERIOR_FOSSA
    return CEREBELLUM if largest == "cerebellum" else largest


def _supratentorial(share: dict[str, float], points_mm: NDArray[np.float64], around: Surroundings) -> str:
    lobes = {name: share[name] for name in _LOBES}
    total = sum(lobes.values())
    if total >= 0.3:
        ranked = sorted(lobes, key=lambda name: -lobes[name])
        first, second = ranked[0], ranked[1]
        if lobes[second] / total >= SECOND_LOBE_SHARE:
            return _join(first, second)
        return first
    if share["deep grey matter"] + share["lateral ventricle"] + share["third ventricle"] >= 0.5:
        return "deep grey and white matter"
    nearest = _nearest_lobe(points_mm, around)
    return f"{OUTSIDE}; nearest: {nearest}" if nearest else OUTSIDE


def _nearest_lobe(
    points_mm: NDArray[np.float64], around: Surroundings, within_mm: float = 20.0
) -> str | None:
    """The lobe nearest to the middle of the points, if it is near at all."""
    step = np.abs(np.diag(around.affine)[:3])
    middle = points_mm.mean(axis=0)
    low, high = (
        np.maximum((middle + reach - around.affine[:3, 3]) // step, 0).astype(int)
        for reach in (-within_mm, within_mm + float(step.max()))
    )
    codes = around.codes[tuple(slice(*ends) for ends in zip(low, high + 1, strict=True))]
    index = np.argwhere((codes >= 1) & (codes <= 6)) + low
    if len(index) == 0:
        return None
    distance = np.linalg.norm(index * step + around.affine[:3, 3] - middle, axis=1)
    number = int(np.argmin(distance))
    return COMPARTMENTS[int(around.codes[tuple(index[number])])] if distance[number] <= within_mm else None


def _join(first: str, second: str) -> str:
    if first.endswith(" lobe") and second.endswith(" lobe"):
        return f"{first.removesuffix(' lobe')} and {second.removesuffix(' lobe')} lobes"
    return f"{first} and {second}"
