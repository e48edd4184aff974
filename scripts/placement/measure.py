"""How well lone slices are placed: real slices with triangulated levels, and slices of registered heads.

    python scripts/placement/measure.py figshare --truth truth.csv --folds 5 -o figshare.csv
    python scripts/placement/measure.py heads -o heads.csv
    python scripts/placement/measure.py heads --header -o header.csv
    python scripts/placement/measure.py summary figshare.csv heads.csv

``--search-alone`` places without the level network, ``--header`` with the geometry that a header would state (grade B).
On heads (``registered_heads.py``) random discs stand for lesions: ``agreement`` is the part of them that gets the
Harvard-Oxford name of the true place, and ``point_mm`` the mean distance of true and found places in the brain.
Intervals hold 95 % of a bootstrap over patients.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
from no_network import without_network
from numpy.typing import NDArray
from PIL import Image
from registered_heads import HeadSlice, head_slices

from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.plane_geometry import BRAIN_CENTRE, level_of
from saliscribe.anatomy.structure_shares import to_mm
from saliscribe.anatomy.template_planes import warm_up
from saliscribe.core.axes import NORMAL_AXIS
from saliscribe.core.names import PLANES, Plane

#: Half sides (mm) of a box around the middle of the brain.
BRAIN_BOX_MM = np.array([70.0, 85.0, 65.0])
#: Discs per slice of a head, and how often the bootstrap draws patients.
DISCS, DRAWS = 20, 2000


@dataclass
class Case:
    """A slice with its truth: ``level`` by ``plane_geometry.level_of``, ``lesion`` that at the lesion's middle.

    ``lesions`` are (N, 2) rows and columns each.
    """

    group: str
    name: str
    patient: str
    plane: Plane
    picture: NDArray[np.float32]
    lesions: list[NDArray[np.intp]]
    left_out: NDArray[np.bool_] | None
    level: float | None = None
    lesion: float | None = None
    head: HeadSlice | None = None
    with_header: bool = False


@dataclass
class Row:
    """One placement beside its truth; ``None`` (empty in the table) where there is none."""

    group: str
    name: str
    patient: str
    plane: str
    found: str | None
    grade: str
    level: float | None
    found_level: float | None
    low: float | None
    high: float | None
    lesion: float | None
    found_lesion: float | None
    residual: float | None
    plane_probability: float | None
    agreement: float | None
    point_mm: float | None
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("figshare", "heads", "summary"))
    parser.add_argument("tables", nargs="*", type=Path)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--truth", type=Path, default=Path("truth.csv"))
    parser.add_argument("--folds", default="5")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--search-alone", action="store_true")
    parser.add_argument("--header", action="store_true")
    parser.add_argument("-o", "--out", type=Path, default=Path("placement.csv"))
    arguments = parser.parse_args()
    if arguments.what == "summary":
        for table in arguments.tables:
            summarise(table)
        return
    warm_up()
    cases = heads(arguments.shared, arguments.header) if arguments.what == "heads" else figshare(arguments)
    with arguments.out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Row)])
        writer.writeheader()
        with without_network() if arguments.search_alone else nullcontext():
            for case in cases:
                writer.writerow(asdict(measured(case)))


def figshare(arguments: argparse.Namespace) -> Iterator[Case]:
    """Every ``--every``-th slice of the folds; a level where the other two planes agree within 10 mm."""
    folder = arguments.shared / "data" / "figshare"
    with arguments.truth.open(newline="", encoding="utf-8") as stream:
        truth = {row["file"]: row for row in csv.DictReader(stream) if float(row["gap_mm"]) <= 10.0}
    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["fold"] in arguments.folds]
    for row in rows[:: arguments.every]:
        picture = np.asarray(Image.open(folder / "images" / row["file"]).convert("L"), dtype=np.float32)
        mask = np.asarray(Image.open(folder / "masks" / row["file"]).convert("L")) > 0
        told = truth.get(row["file"])
        level, lesion = (None, None) if told is None else (float(told["level_mm"]), float(told["lesion_mm"]))
        plane: Plane = row["plane"]
        group, at = f"figshare fold {row['fold']}", [np.argwhere(mask)]
        yield Case(group, row["file"], row["patient"], plane, picture, at, mask, level, lesion)


def heads(shared: Path, with_header: bool) -> Iterator[Case]:
    """Slices of registered heads, each with discs of 7 to 16 mm somewhere in labelled brain; they are not drawn."""
    random = np.random.default_rng(8)
    for one in head_slices(shared):
        yield Case(
            f"{one.head}, header" if with_header else one.head,
            one.name,
            one.head,
            one.plane,
            one.image.picture,
            _discs(one, random),
            None,
            level_of(one.affine, one.plane),
            head=one,
            with_header=with_header,
        )


def _discs(one: HeadSlice, random: np.random.Generator) -> list[NDArray[np.intp]]:
    shape = one.image.picture.shape
    grid = np.indices(shape).reshape(2, -1).T
    labelled = np.flatnonzero(load_atlas().look_up(one.to_mni(grid)) > 0)
    if len(labelled) < 60:
        return []
    found = []
    for _ in range(DISCS):
        radius = random.uniform(7, 16) / float(np.linalg.norm(one.affine[:3, 0]))
        middle = grid[random.choice(labelled)]
        found.append(grid[((grid - middle) ** 2).sum(axis=1) < radius**2])
    return found


def measured(case: Case) -> Row:
    """The case placed without any hint but a header, if it has one."""
    stated = case.head.image if case.head is not None and case.with_header else None
    size = None if stated is None else stated.trusted_pixel_mm
    started = time.process_time()
    found = place(
        case.picture,
        case.left_out,
        affine=None if stated is None else stated.affine,
        spacing_mm=None if size is None else float(np.mean(size)),
    )
    seconds = time.process_time() - started
    lesion = agreement = point = None
    if found.affine is not None and case.lesions:
        placed = [to_mm(found.affine, at) for at in case.lesions]
        lesion = float(placed[0][:, NORMAL_AXIS[case.plane]].mean())
        if case.head is not None:
            true = [_names(case.head.to_mni(at)) for at in case.lesions]
            same = [np.minimum(a, _names(b)).sum() for a, b in zip(true, placed, strict=True)]
            agreement = float(np.mean(same))
    if found.affine is not None and case.head is not None and found.plane == case.plane:
        point = _point_error(case.head, found.affine)
    low, high = found.interval_mm or (None, None)
    return Row(
        case.group,
        case.name,
        case.patient,
        case.plane,
        found.plane if found.grade != "D" else None,
        found.grade,
        case.level,
        found.level_mm,
        low,
        high,
        case.lesion,
        lesion,
        found.residual,
        found.plane_probability,
        agreement,
        point,
        round(seconds, 3),
    )


def _point_error(head: HeadSlice, found: NDArray) -> float:
    """Mean distance (mm) of true and found places of the pixels that truly lie in the brain's box; left is right."""
    rows, columns = head.image.picture.shape
    grid = np.indices((rows // 8, columns // 8)).reshape(2, -1).T * 8.0
    a, b = head.to_mni(grid), to_mm(found, grid)
    inside = (np.abs(a - BRAIN_CENTRE) < BRAIN_BOX_MM).all(axis=1)
    sides = (b, b * np.array([-1.0, 1.0, 1.0]))
    return float(min(np.linalg.norm(a - side, axis=1)[inside].mean() for side in sides))


def _names(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the points in each structure, left and right together, and in none."""
    atlas = load_atlas()
    first: dict[str, int] = {}
    merged = np.zeros(256, dtype=np.intp)
    for label in atlas.table:
        merged[label.value] = first.setdefault(label.name, label.value)
    return np.bincount(merged[atlas.look_up(points)], minlength=256) / len(points)


def summarise(table: Path) -> None:
    """Print what docs/anatomy.md quotes: by group and plane, then by plane over all."""
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for group in [*sorted({row["group"] for row in rows}), "all"]:
        for plane in [*PLANES, "all"]:
            own = [r for r in rows if group in (r["group"], "all") and plane in (r["plane"], "all")]
            if own:
                print(f"{table.name}, {group}, {plane}: {_figures(own)}")


def _figures(rows: list[dict[str, str]]) -> str:
    right = [row for row in rows if row["found"] == row["plane"]]
    refused = sum(not row["found"] for row in rows)
    text = f"n={len(rows)} patients={len({r['patient'] for r in rows})} plane right={len(right)} refused={refused}"
    levelled = [row for row in right if row["level"]]
    if levelled:
        errors = np.array([_off(row, "level", "found_level") for row in levelled])
        inside = np.mean([_inside(row) for row in levelled])
        half = np.median([(float(row["high"]) - float(row["low"])) / 2 for row in levelled])
        text += f"; level n={len(errors)} {_median_and_tail(errors, levelled)}"
        text += f", in the interval {inside:.2f}, half width {half:.1f} mm"
    at_lesion = [row for row in right if row["lesion"]]
    if at_lesion:
        errors = np.array([_off(row, "lesion", "found_lesion") for row in at_lesion])
        text += f"; at the lesion {_median_and_tail(errors, at_lesion)}"
    named = [row for row in right if row["agreement"]]
    if named:
        agreement = np.array([float(row["agreement"]) for row in named])
        text += (
            f"; agreement mean={agreement.mean():.3f} {_bootstrap(agreement, named, np.mean)} n={len(named)}"
        )
    points = [float(row["point_mm"]) for row in right if row["point_mm"]]
    if points:
        text += f"; points median={np.median(points):.1f} mm"
    return f"{text}; CPU {np.median([float(row['seconds']) for row in rows]):.2f} s"


def _median_and_tail(errors: NDArray, rows: list[dict[str, str]]) -> str:
    median, tail = np.percentile(errors, [50, 90])
    return (
        f"median={median:.1f} {_bootstrap(errors, rows, np.median)} "
        f"p90={tail:.1f} {_bootstrap(errors, rows, lambda values: np.percentile(values, 90))} mm"
    )


def _bootstrap(values: NDArray, rows: list[dict[str, str]], figure: Callable[[NDArray], np.floating]) -> str:
    """95 % of what ``figure`` gives when patients are drawn anew."""
    patients = np.array([row["patient"] for row in rows])
    groups = [values[patients == patient] for patient in np.unique(patients)]
    random = np.random.default_rng(0)
    draws = [
        figure(np.concatenate([groups[number] for number in random.integers(len(groups), size=len(groups))]))
        for _ in range(DRAWS)
    ]
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"({low:.2f} to {high:.2f})"


def _off(row: dict[str, str], true: str, found: str) -> float:
    a, b = float(row[true]), float(row[found])
    return abs(abs(a) - abs(b)) if row["plane"] == "sagittal" else abs(a - b)


def _inside(row: dict[str, str]) -> bool:
    level = abs(float(row["level"])) if row["plane"] == "sagittal" else float(row["level"])
    return float(row["low"]) <= level <= float(row["high"])


if __name__ == "__main__":
    main()
