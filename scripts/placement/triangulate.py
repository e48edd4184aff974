"""Where real slices truly lie: the level of a slice from the pictures that the same study has in the other two planes.

    python scripts/placement/triangulate.py --data ../shared/data/figshare -o truth.csv

Nearly every study of the figshare data shows its tumour in axial, coronal and sagittal slices. The middle of the
tumour seen in coronal and sagittal slices tells how high it lies; the axial slices, numbered from below upwards, are
laid around that height, and the other planes likewise. Nothing of the picture whose level is found enters but its tilt,
which is the median of its stack. The two other planes give one estimate each: ``gap_mm`` is how far they differ.

Slices are 7 mm apart (6 mm and a gap of 1 mm), but those of pituitary tumours about 4: where the tumour's second moment
in the other planes says less than 5.8 mm, the step that fits is taken. Coronal stacks go backwards, but some of the
gliomas' forwards: there the levels found decide.

Every slice is placed with plane and pixel size told, by the match alone; where the match is sure of a wrong level, the
levels of its stack outvote it. Single pictures of the data are mirrored, so x is a distance from the midline.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from no_network import without_network
from numpy.typing import NDArray
from PIL import Image

from saliscribe.anatomy.candidates import Known, candidates, merit
from saliscribe.anatomy.plane_geometry import BRAIN_CENTRE
from saliscribe.anatomy.refine import Fit
from saliscribe.core.axes import DISPLAY_DIRECTIONS, NORMAL_AXIS
from saliscribe.core.names import PLANES, Plane

#: Published pixel size (mm) at 256 pixels, and the way from slice to slice (6 mm and a gap of 1 mm) in MNI mm.
PIXEL_MM, STEP_MM = 0.98, 7.15
#: Steps below the first are taken from the tumour's second moments, but never less than the second; MNI over life.
THIN_MM, THINNEST_MM, MNI_OVER_LIFE = 5.8, 2.5, 1.02
#: Step of pituitary stacks of fewer than three slices.
PITUITARY_MM = 4.5
#: Which way the level goes with the number of a slice: upwards, to the back, to the patient's left.
RISE: dict[Plane, int] = {"axial": 1, "coronal": -1, "sagittal": -1}
#: What a level that is 8 mm off its stack costs in similarity, at most nine times that.
VOTE, VOTE_MM = 0.03, 8.0


@dataclass(frozen=True)
class Candidate:
    """One fit of a slice: its level, merit, the middle of the tumour (MNI mm), and the unit normal."""

    level: float
    merit: float
    middle: NDArray[np.float64]
    normal: NDArray[np.float64]


@dataclass(frozen=True)
class Slice:
    """A slice of a stack, its tumour's area, and where it may lie.

    ``sums`` (2, 2): sums over the tumour's pixels of row and column, and of their squares.
    """

    row: dict[str, str]
    area: int
    sums: NDArray[np.float64]
    candidates: tuple[Candidate, ...]

    @property
    def number(self) -> int:
        """Number of the file: slices of a stack are numbered in order."""
        return int(self.row["file"][:4])


Stacks = dict[Plane, list[Slice]]
FIELDS = ("file", "patient", "fold", "plane", "level_mm", "lesion_mm", "gap_mm")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/figshare"))
    parser.add_argument("-o", "--out", type=Path, default=Path("truth.csv"))
    arguments = parser.parse_args()
    studies: dict[tuple[str, str], Stacks] = defaultdict(lambda: defaultdict(list))
    with (arguments.data / "index.csv").open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            with without_network():
                found = _slice(arguments.data, row)
            if found.candidates:
                studies[row["patient"], row["study"]][row["plane"]].append(found)  # type: ignore[index]
    with arguments.out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS)
        writer.writeheader()
        for stacks in studies.values():
            writer.writerows(triangulated(stacks))


def _slice(data: Path, row: dict[str, str]) -> Slice:
    picture = np.asarray(Image.open(data / "images" / row["file"]).convert("L"), dtype=np.float32)
    mask = np.asarray(Image.open(data / "masks" / row["file"]).convert("L")) > 0
    plane: Plane = row["plane"]  # type: ignore[assignment]
    known = Known(plane, None, PIXEL_MM if row["original_size_px"] == "512" else None)
    at = np.argwhere(mask).astype(np.float64)
    middle = at.mean(axis=0)
    seen = candidates(picture, mask, known)
    fits = [] if seen is None else seen.in_pixels()
    found = [_candidate(fit, middle, picture.shape) for fit in fits]
    sums = np.stack([at.sum(axis=0), (at * at).sum(axis=0)])
    return Slice(row, len(at), sums, tuple(one for one in found if one is not None))


def _candidate(fit: Fit, middle: NDArray[np.float64], shape: tuple[int, ...]) -> Candidate | None:
    """``None`` for a fit that tilts or scales as no head does, or puts the tumour outside the head."""
    affine, axis = fit.affine((shape[0], shape[1])), NORMAL_AXIS[fit.plane]
    point = affine[:3, :2] @ middle + affine[:3, 3]
    normal = affine[:3, 2] * np.sign(affine[axis, 2])
    size = np.linalg.norm(affine[:3, :2], axis=0)
    inside = (np.abs(point - [0.0, -20.0, 0.0]) < [90.0, 110.0, 100.0]).all()
    if not inside or normal[axis] < 0.88 or size.min() < 0.82 or size.max() > 1.22:
        return None
    level = _level(point, normal, axis)
    return Candidate(level, merit(fit), point, normal)


def _level(point: NDArray[np.float64], normal: NDArray[np.float64], axis: int) -> float:
    """Level of the slice through ``point``: see ``plane_geometry.level_of``; a distance for sagittal slices."""
    rest = np.where(np.arange(3) == axis, 0.0, BRAIN_CENTRE)
    level = float(normal @ (point - rest) / normal[axis])
    return abs(level) if axis == 0 else level


def triangulated(stacks: Stacks) -> list[dict[str, object]]:
    """A line for every slice of a study that shows its tumour in all three planes."""
    if len(stacks) < len(PLANES):
        return []
    steps = {plane: rise(plane, stacks[plane]) * step_mm(plane, stacks) for plane in PLANES}
    chosen = {plane: outvoted(plane, stacks[plane], steps[plane]) for plane in PLANES}
    return [
        line
        for plane in PLANES
        if _in_order(stacks[plane])
        for line in _lines(plane, stacks, chosen, steps[plane])
    ]


def step_mm(plane: Plane, stacks: Stacks) -> float:
    """From slice to slice: the tumour is as long along the normal as the other planes show it."""
    stack, axis = stacks[plane], NORMAL_AXIS[plane]
    if len(stack) < 3:
        return PITUITARY_MM if stack[0].row["class"] == "pituitary" else STEP_MM
    length = np.mean([_variance(stacks[other], other, axis) for other in PLANES if other != plane])
    numbers = np.array([one.number for one in stack], dtype=float)
    middle = np.average(numbers, weights=_areas(stack))
    own = np.average((numbers - middle) ** 2, weights=_areas(stack)) + 1 / 12
    step = float(np.sqrt(length / own))
    return STEP_MM if step > THIN_MM else max(step, THINNEST_MM)


def _variance(stack: list[Slice], plane: Plane, axis: int) -> float:
    """Of the tumour's pixels along ``axis`` (mm2), all slices of the stack on one grid."""
    line = next(n for n, vector in enumerate(DISPLAY_DIRECTIONS[plane]) if vector[axis] != 0)
    first, second = sum(one.sums[:, line] for one in stack) / _areas(stack).sum()  # type: ignore[misc]
    return float(second - first * first) * (PIXEL_MM * MNI_OVER_LIFE) ** 2


def rise(plane: Plane, stack: list[Slice]) -> int:
    """Which way the level goes with the number of the slice."""
    if plane != "coronal" or stack[0].row["class"] != "glioma" or len(stack) < 3:
        return RISE[plane]
    slopes = [
        (b.candidates[0].level - a.candidates[0].level) / (b.number - a.number)
        for n, a in enumerate(stack)
        for b in stack[n + 1 :]
    ]
    return 1 if np.median(slopes) > 1.0 else -1


def _in_order(stack: list[Slice]) -> bool:
    numbers = [one.number for one in stack]
    return max(numbers) - min(numbers) <= len(numbers)


def outvoted(plane: Plane, stack: list[Slice], step: float) -> list[Candidate]:
    """For every slice the candidate that suits best a stack whose levels go one ``step`` (mm) a slice."""
    numbers = np.array([one.number for one in stack], dtype=float)
    best: tuple[float, list[Candidate]] = (-np.inf, [])
    for middle in np.arange(-110.0, 112.0, 3.0):
        for side in (1, -1) if plane == "sagittal" else (1,):
            wanted = middle + side * step * (numbers - numbers.mean())
            wanted = np.abs(wanted) if plane == "sagittal" else wanted
            votes = [
                max(
                    ((_vote(candidate, level), candidate) for candidate in one.candidates), key=lambda v: v[0]
                )
                for one, level in zip(stack, wanted, strict=True)
            ]
            total = sum(vote for vote, _ in votes)
            if total > best[0]:
                best = (total, [candidate for _, candidate in votes])
    return best[1]


def _vote(candidate: Candidate, wanted: float) -> float:
    return candidate.merit - VOTE * min(((candidate.level - wanted) / VOTE_MM) ** 2, 9.0)


def _lines(
    plane: Plane, stacks: Stacks, chosen: dict[Plane, list[Candidate]], step: float
) -> list[dict[str, object]]:
    axis, stack = NORMAL_AXIS[plane], stacks[plane]
    estimates = [_coordinate(stacks[other], chosen[other], axis) for other in PLANES if other != plane]
    numbers = np.array([one.number for one in stack], dtype=float)
    steps = step * (numbers - np.average(numbers, weights=_areas(stack)))
    middle = float(np.mean(estimates))
    if axis == 0:
        seen = np.array([abs(candidate.middle[0]) for candidate in chosen[plane]])
        middle *= min(
            (1, -1), key=lambda side: float(np.median(np.abs(np.abs(side * middle + steps) - seen)))
        )
    normal = np.median([candidate.normal for candidate in chosen[plane]], axis=0)
    lines: list[dict[str, object]] = []
    for one, candidate, along in zip(stack, chosen[plane], steps, strict=True):
        point = candidate.middle.copy()
        point[axis] = middle + along
        level = abs(point[0]) if axis == 0 else _level(point, normal / np.linalg.norm(normal), axis)
        gap = abs(estimates[0] - estimates[1])
        values = (round(level, 2), round(float(point[axis]), 2), round(gap, 2))
        lines.append({key: one.row[key] for key in FIELDS[:4]} | dict(zip(FIELDS[4:], values, strict=True)))
    return lines


def _coordinate(stack: list[Slice], chosen: list[Candidate], axis: int) -> float:
    """Where the tumour's middle lies along ``axis`` as this stack shows it; the distance from the midline for x."""
    values = np.array([candidate.middle[axis] for candidate in chosen])
    if axis != 0:
        return float(np.average(values, weights=_areas(stack)))
    order = np.argsort(np.abs(values))
    share = np.cumsum(_areas(stack)[order]) / _areas(stack).sum()
    return float(np.abs(values)[order][np.searchsorted(share, 0.5)])


def _areas(stack: list[Slice]) -> NDArray[np.float64]:
    return np.array([one.area for one in stack], dtype=float)


if __name__ == "__main__":
    main()
