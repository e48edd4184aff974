"""How well lone slices are placed: real slices with triangulated levels, and slices of registered heads.

    python scripts/placement/measure.py figshare --truth truth.csv --folds 5 -o figshare.csv
    python scripts/placement/measure.py heads -o heads.csv
    python scripts/placement/measure.py summary figshare.csv heads.csv

``--search-alone`` places without the level network. Of the heads nothing was used in training: a defaced 3-D T1 head
cut in all planes, and the stored axial slices of brain1 and of the last scans of five heads with glioblastoma, each
registered to the head template by an affine transform (the same as benchmarks/placement.py). On heads a random disc
stands for the lesion: ``agreement`` is the part of it that gets the same Harvard-Oxford name as in the true place.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from no_network import without_network
from numpy.typing import NDArray
from PIL import Image

from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.structure_shares import to_mm
from saliscribe.anatomy.template_planes import warm_up
from saliscribe.core.axes import LPS_TO_RAS, NORMAL_AXIS
from saliscribe.core.names import PLANES, Plane

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
import placement as bench

#: Size (mm) at which glioblastoma scans enter the registration: their headers do not tell it.
ASSUMED_MM = (0.90, 0.90, 6.5)


@dataclass
class Case:
    """A slice with its truth: ``level`` by ``plane_geometry.level_of``, ``lesion`` the level at the lesion's middle."""

    group: str
    name: str
    patient: str
    plane: Plane
    picture: NDArray[np.float32]
    lesion_pixels: NDArray[np.bool_]
    left_out: NDArray[np.bool_] | None
    level: float | None = None
    lesion: float | None = None
    affine: NDArray[np.float64] | None = None


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
    parser.add_argument("-o", "--out", type=Path, default=Path("placement.csv"))
    arguments = parser.parse_args()
    if arguments.what == "summary":
        for table in arguments.tables:
            summarise(table)
        return
    warm_up()
    cases = heads(arguments.shared) if arguments.what == "heads" else figshare(arguments)
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
        yield Case(
            f"figshare fold {row['fold']}",
            row["file"],
            row["patient"],
            plane,
            picture,
            mask,
            mask,
            level,
            lesion,
        )


def heads(shared: Path) -> Iterator[Case]:
    """Slices of heads that no part of the placement has seen."""
    random = np.random.default_rng(8)
    with tempfile.TemporaryDirectory() as folder:
        image = bench._healthy(shared, Path(folder))
    to_mni = bench._register(image)
    for plane in PLANES:
        for number, (picture, affine) in enumerate(bench._cuts(image, to_mni, plane, 14)):
            yield _head_case("healthy head", str(number), plane, picture, affine, random)
    for name, scan in _thick_scans(shared):
        to_mni = bench._register(scan)
        for number in range(0, scan.GetSize()[2], 2):
            picture, affine = _stored_slice(scan, to_mni, number)
            if -60.0 < level_of(affine, "axial") < 78.0:
                yield _head_case(name, str(number), "axial", picture, affine, random)


def _thick_scans(shared: Path) -> Iterator[tuple[str, sitk.Image]]:
    yield "brain1", bench._brain1(shared)
    for number in range(1, 6):
        path = (
            shared / "data" / "volumes" / "brain_tumor_progression" / f"{number:02d}" / "Post_Scan_T1.nii.gz"
        )
        scan = sitk.ReadImage(str(path), sitk.sitkFloat32)
        values = sitk.GetArrayFromImage(scan)
        shown = sitk.GetImageFromArray(values[values.reshape(len(values), -1).max(axis=1) > 0])
        shown.SetSpacing(ASSUMED_MM)
        shown.SetDirection(scan.GetDirection())
        yield f"glioblastoma head {number}", shown


def _stored_slice(scan: sitk.Image, to_mni: NDArray, number: int) -> tuple[NDArray[np.float32], NDArray]:
    """A slice as stored, turned so that the face looks up, and its matrix to MNI mm."""
    index = np.eye(4)
    index[:3, :3] = np.array(scan.GetDirection()).reshape(3, 3) * np.array(scan.GetSpacing())
    index[:3, 3] = scan.GetOrigin()
    columns = to_mni @ LPS_TO_RAS @ index
    affine = columns[:, [1, 0, 2, 3]].copy()
    affine[:3, 3] += number * columns[:3, 2]
    picture = sitk.GetArrayFromImage(scan)[number]
    if affine[1, 0] > 0:
        picture = picture[::-1]
        affine[:3, 3] += (len(picture) - 1) * affine[:3, 0]
        affine[:3, 0] *= -1
    return np.ascontiguousarray(picture), affine


def _head_case(
    group: str, name: str, plane: Plane, picture: NDArray, affine: NDArray, random: np.random.Generator
) -> Case:
    """The slice with a disc of 7 to 16 mm somewhere in labelled brain; the disc is not drawn into the picture."""
    rows, columns = np.indices(picture.shape)
    labelled = load_atlas().look_up(to_mm(affine, np.stack([rows.ravel(), columns.ravel()], 1))) > 0
    disc = np.zeros(picture.shape, dtype=bool)
    if labelled.sum() >= 60:
        row, column = divmod(int(random.choice(np.flatnonzero(labelled))), picture.shape[1])
        radius = random.uniform(7, 16) / float(np.linalg.norm(affine[:3, 0]))
        disc = (rows - row) ** 2 + (columns - column) ** 2 < radius**2
    return Case(group, name, group, plane, picture, disc, None, level_of(affine, plane), affine=affine)


def measured(case: Case) -> Row:
    """The case placed without any hint."""
    started = time.process_time()
    found = place(case.picture, case.left_out)
    seconds = time.process_time() - started
    at = np.argwhere(case.lesion_pixels)
    lesion = agreement = None
    if found.affine is not None and len(at):
        points = to_mm(found.affine, at)
        lesion = float(points[:, NORMAL_AXIS[case.plane]].mean())
        if case.affine is not None:
            true, there = _names(to_mm(case.affine, at)), _names(points)
            agreement = float(np.minimum(true, there).sum())
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
        round(seconds, 3),
    )


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
        text += (
            f"; level n={len(errors)} median={np.median(errors):.1f} p90={np.percentile(errors, 90):.1f} mm"
        )
        text += f", in the interval {inside:.2f}, half width {half:.1f} mm"
    at_lesion = [_off(row, "lesion", "found_lesion") for row in right if row["lesion"]]
    if at_lesion:
        text += f"; at the lesion median={np.median(at_lesion):.1f} p90={np.percentile(at_lesion, 90):.1f} mm"
    agreement = [float(row["agreement"]) for row in right if row["agreement"]]
    if agreement:
        text += f"; agreement mean={np.mean(agreement):.2f} n={len(agreement)}"
    return f"{text}; CPU {np.median([float(row['seconds']) for row in rows]):.2f} s"


def _off(row: dict[str, str], true: str, found: str) -> float:
    a, b = float(row[true]), float(row[found])
    return abs(abs(a) - abs(b)) if row["plane"] == "sagittal" else abs(a - b)


def _inside(row: dict[str, str]) -> bool:
    level = abs(float(row["level"])) if row["plane"] == "sagittal" else float(row["level"])
    return float(row["low"]) <= level <= float(row["high"])


if __name__ == "__main__":
    main()
