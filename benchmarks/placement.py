"""How well slices are placed: plane on real slices, level on painted ones and on slices cut from real volumes.

python benchmarks/placement.py figshare --shared ../shared --n 300 --out figshare.csv
python benchmarks/placement.py phantoms --n 150 --out phantoms.csv
python benchmarks/placement.py volumes --shared ../shared --n 15 --out volumes.csv
python benchmarks/placement.py summary figshare.csv phantoms.csv volumes.csv
"""

from __future__ import annotations

import argparse
import csv
import random
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from PIL import Image

from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.plane_geometry import BRAIN_CENTRE, level_of
from saliscribe.anatomy.template_planes import warm_up
from saliscribe.core.axes import DISPLAY_DIRECTIONS, LPS_TO_RAS, NORMAL_AXIS
from saliscribe.core.names import CLASSES, PLANES, Plane
from saliscribe.core.records.localisation import Placement


@dataclass
class Row:
    """One placed slice: truth, answer and time. Empty strings where there is no truth or no answer."""

    source: str
    name: str
    patient: str
    label: str
    plane: str
    found: str
    grade: str
    similarity: float
    probability: float
    level: float | str
    found_level: float | str
    point_error: float | str
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("figshare", "phantoms", "volumes", "summary"))
    parser.add_argument("tables", nargs="*", type=Path)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--out", type=Path, default=Path("placement.csv"))
    arguments = parser.parse_args()
    if arguments.what == "summary":
        for table in arguments.tables:
            summarise(table)
        return
    warm_up()
    sources = {"figshare": figshare, "phantoms": phantoms, "volumes": volumes}
    with arguments.out.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Row)])
        writer.writeheader()
        for row in sources[arguments.what](arguments.shared, arguments.n):
            writer.writerow(asdict(row))
            stream.flush()


def figshare(shared: Path, n: int) -> Iterator[Row]:
    """Real slices of folds 4 and 5 (the template's average saw folds 1 to 3), planes in turn, truth masks left out."""
    folder = shared / "data" / "figshare"
    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["fold"] in "45"]
    chosen = random.Random(7)
    for plane in PLANES:
        own = [row for row in rows if row["plane"] == plane]
        for row in chosen.sample(own, min(n // 3, len(own))):
            picture = np.asarray(Image.open(folder / "images" / row["file"]).convert("L"), dtype=np.float32)
            mask = np.asarray(Image.open(folder / "masks" / row["file"]).convert("L")) > 0
            started = time.process_time()
            found = place(picture, mask)
            seconds = time.process_time() - started
            yield _row(
                "figshare",
                row["file"],
                row["patient"],
                row["class"],
                plane,
                None,
                found,
                picture.shape,
                seconds,
            )


def phantoms(_shared: Path, n: int) -> Iterator[Row]:
    """Painted slices: same template as the matcher, so an upper bound."""
    for seed in range(50_000, 50_000 + n):
        volume, mask, truth = paint_phantom(seed, CLASSES[seed % 3], PLANES[(seed // 3) % 3])
        started = time.process_time()
        found = place(volume.picture, mask)
        seconds = time.process_time() - started
        yield _row(
            "phantom",
            str(seed),
            str(seed),
            truth["label"],
            truth["plane"],
            np.array(truth["affine"]),
            found,
            volume.picture.shape,
            seconds,
        )


def volumes(shared: Path, n: int) -> Iterator[Row]:
    """Slices cut from a healthy head and a tumour case whose places are known from an affine 3-D registration."""
    with tempfile.TemporaryDirectory() as folder:
        for name, image in (("healthy", _healthy(shared, Path(folder))), ("brain1", _brain1(shared))):
            to_mni = _register(image)
            planes: tuple[Plane, ...] = PLANES if name == "healthy" else ("axial",)
            for plane in planes:
                for picture, affine in _cuts(image, to_mni, plane, n):
                    started = time.process_time()
                    found = place(picture)
                    seconds = time.process_time() - started
                    yield _row(
                        name,
                        f"{level_of(affine, plane):.0f}",
                        name,
                        "",
                        plane,
                        affine,
                        found,
                        picture.shape,
                        seconds,
                    )


def _row(
    source: str,
    name: str,
    patient: str,
    label: str,
    plane: Plane,
    truth: NDArray | None,
    found: Placement,
    shape: tuple[int, ...],
    seconds: float,
) -> Row:
    level: float | str = ""
    point_error: float | str = ""
    if truth is not None:
        level = round(level_of(truth, plane), 2)
        if found.affine is not None and found.plane == plane:
            point_error = round(_point_error(truth, found.affine, plane, shape), 2)
    return Row(
        source,
        name,
        patient,
        label,
        plane,
        found.plane or "",
        found.grade,
        round(1 - (found.residual or 1.0), 4),
        round(found.plane_probability or 0.0, 4),
        level,
        "" if found.level_mm is None else round(found.level_mm, 2),
        point_error,
        round(seconds, 3),
    )


def _point_error(truth: NDArray, found: NDArray, plane: str, shape: tuple[int, ...]) -> float:
    """Mean distance (mm) between true and found places of the pixels that truly lie in the brain's box.

    Left and right count as one: a picture cannot tell them apart.
    """
    grid = np.indices((shape[0] // 8, shape[1] // 8)).reshape(2, -1).T * 8.0
    a, b = (grid @ matrix[:3, :2].T + matrix[:3, 3] for matrix in (truth, found))
    inside = (np.abs(a - BRAIN_CENTRE) < np.array([70.0, 85.0, 65.0])).all(axis=1)
    mirrored = b * np.array([-1.0, 1.0, 1.0])
    return float(min(np.linalg.norm(a - c, axis=1)[inside].mean() for c in (b, mirrored)))


def _healthy(shared: Path, folder: Path) -> sitk.Image:
    with tarfile.open(shared / "data" / "dicom" / "healthy_t1.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    reader = sitk.ImageSeriesReader()
    folders = {path.parent for path in folder.rglob("*") if path.is_file()}
    inside = max(folders, key=lambda one: len(list(one.iterdir())))
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(inside)))
    return sitk.Cast(reader.Execute(), sitk.sitkFloat32)


def _brain1(shared: Path) -> sitk.Image:
    return sitk.ReadImage(str(shared / "data" / "volumes" / "brain1" / "brain1_image.nrrd"), sitk.sitkFloat32)


def _register(image: sitk.Image) -> NDArray[np.float64]:
    """4x4 from patient RAS mm to MNI mm by a 12-parameter affine registration to the head template."""
    template = head_template()
    image = _coarse(image)
    fixed = sitk.GetImageFromArray(np.ascontiguousarray(template.intensity.T))
    fixed.SetSpacing([template.step_mm] * 3)
    origin = LPS_TO_RAS[:3, :3] @ template.origin_mm
    fixed.SetOrigin(origin.tolist())
    fixed.SetDirection([-1, 0, 0, 0, -1, 0, 0, 0, 1])
    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(40)
    method.SetMetricSamplingStrategy(method.RANDOM)
    method.SetMetricSamplingPercentage(0.15, 1)
    method.SetInterpolator(sitk.sitkLinear)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetOptimizerAsRegularStepGradientDescent(2.0, 1e-3, 120)
    method.SetShrinkFactorsPerLevel([2, 1])
    method.SetSmoothingSigmasPerLevel([4, 2])
    rigid = sitk.VersorRigid3DTransform(
        sitk.CenteredTransformInitializer(
            fixed, image, sitk.VersorRigid3DTransform(), sitk.CenteredTransformInitializerFilter.MOMENTS
        )
    )
    method.SetInitialTransform(rigid, inPlace=True)
    method.Execute(fixed, image)
    done = sitk.AffineTransform(3)
    done.SetMatrix(rigid.GetMatrix())
    done.SetTranslation(rigid.GetTranslation())
    done.SetCenter(rigid.GetCenter())
    method.SetInitialTransform(done, inPlace=True)
    method.Execute(fixed, image)
    centre = np.array(done.GetCenter())
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(done.GetMatrix()).reshape(3, 3)
    matrix[:3, 3] = np.array(done.GetTranslation()) + centre - matrix[:3, :3] @ centre
    return np.asarray(np.linalg.inv(LPS_TO_RAS @ matrix @ LPS_TO_RAS))


def _coarse(image: sitk.Image) -> sitk.Image:
    """About 3 mm voxels: registration needs no more, and takes seconds instead of minutes."""
    return sitk.BinShrink(image, [max(1, round(3.0 / step)) for step in image.GetSpacing()])


def _cuts(
    image: sitk.Image, to_mni: NDArray, plane: Plane, n: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float64]]]:
    """``n`` slices evenly through the brain, in the patient's own axes, 256 px of 1 mm (as stored if thick)."""
    axis = NORMAL_AXIS[plane]
    low, high = {"axial": (-45.0, 70.0), "coronal": (-90.0, 55.0), "sagittal": (-55.0, 55.0)}[plane]
    down, right = (np.asarray(vector) for vector in DISPLAY_DIRECTIONS[plane])
    from_mni = np.linalg.inv(to_mni)
    for level in np.linspace(low, high, n):
        target = np.array([0.0, -18.0, 0.0])
        target[axis] = level
        centre = from_mni[:3, :3] @ target + from_mni[:3, 3]
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 1], affine[:3, 2] = down, right, np.cross(down, right)
        affine[:3, 3] = centre - 127.5 * (down + right)
        yield _resample(image, affine), to_mni @ affine


def _resample(image: sitk.Image, affine: NDArray) -> NDArray[np.float32]:
    lps = LPS_TO_RAS @ affine
    grid = sitk.Image(256, 256, 1, sitk.sitkFloat32)
    grid.SetOrigin(lps[:3, 3].tolist())
    direction = np.stack([lps[:3, 1], lps[:3, 0], np.cross(lps[:3, 1], lps[:3, 0])], axis=1)
    grid.SetDirection(direction.ravel().tolist())
    cut = sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, 0.0)
    return np.asarray(sitk.GetArrayFromImage(cut)[0], dtype=np.float32)


def summarise(table: Path) -> None:
    """Print what docs/anatomy.md quotes."""
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for source in sorted({row["source"] for row in rows}):
        own = [row for row in rows if row["source"] == source]
        placed = [row for row in own if row["grade"] != "D"]
        right = [row for row in placed if row["found"] == row["plane"]]
        seconds = np.median([float(row["seconds"]) for row in own])
        print(
            f"{source}: n={len(own)} patients={len({row['patient'] for row in own})} placed={len(placed)} "
            f"plane right={len(right)} ({len(right) / max(len(own), 1):.3f}) median CPU s={seconds:.2f}"
        )
        for plane in PLANES:
            errors = [_level_error(row) for row in right if row["plane"] == plane and row["level"]]
            points = [
                float(row["point_error"]) for row in right if row["plane"] == plane and row["point_error"]
            ]
            if errors:
                print(
                    f"  {plane}: n={len(errors)} level error median={np.median(errors):.1f} "
                    f"p90={np.percentile(errors, 90):.1f} mm; point error median={np.median(points):.1f} mm"
                )
        errors = [_level_error(row) for row in right if row["level"]]
        if errors:
            print(
                f"  all: n={len(errors)} level error median={np.median(errors):.1f} mm "
                f"p90={np.percentile(errors, 90):.1f} mm"
            )


def _level_error(row: dict[str, str]) -> float:
    true, found = float(row["level"]), float(row["found_level"])
    return abs(abs(true) - abs(found)) if row["plane"] == "sagittal" else abs(true - found)


if __name__ == "__main__":
    main()
