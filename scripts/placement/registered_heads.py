"""Slices whose place is known: cut from heads that are registered to the head template by an affine transform.

No part of the placement has seen these heads: a defaced 3-D T1 head cut in all planes, and the stored axial slices of
brain1 and of the last scans of five heads with glioblastoma.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray

from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.core.axes import DISPLAY_DIRECTIONS, LPS_TO_RAS, NORMAL_AXIS
from saliscribe.core.names import PLANES, Plane

#: Voxel size (mm) at which glioblastoma scans enter the registration: their headers do not tell it.
ASSUMED_MM = (0.90, 0.90, 6.5)
#: Slices per plane of the 3-D head, and the levels (MNI mm) between which they lie; those of the thick scans.
CUTS = 14
LEVELS: dict[Plane, tuple[float, float]] = {
    "axial": (-45.0, 70.0), "coronal": (-90.0, 55.0), "sagittal": (-55.0, 55.0),
}  # fmt: skip
STORED_LEVELS = (-60.0, 78.0)


@dataclass
class HeadSlice:
    """A slice of a head: ``truth`` takes (row, column, 0) to MNI mm, ``header`` to the scanner's RAS+ mm.

    ``pixel_mm`` is ``None`` where the header's cannot be true.
    """

    head: str
    name: str
    plane: Plane
    picture: NDArray[np.float32]
    truth: NDArray[np.float64]
    header: NDArray[np.float64]
    pixel_mm: float | None


def head_slices(shared: Path) -> Iterator[HeadSlice]:
    """All of them, from the folder ``shared``; the registrations take a few seconds each."""
    with tempfile.TemporaryDirectory() as folder:
        image = _healthy(shared, Path(folder))
    to_mni = register(image)
    for plane in PLANES:
        for number, (picture, affine) in enumerate(_cuts(image, to_mni, plane)):
            yield HeadSlice("healthy head", str(number), plane, picture, to_mni @ affine, affine, 1.0)
    for name, scan, trusted in _thick_scans(shared):
        to_mni = register(scan)
        for number in range(0, scan.GetSize()[2], 2):
            picture, affine = _stored(scan, to_mni, number)
            truth = to_mni @ affine
            if STORED_LEVELS[0] < level_of(truth, "axial") < STORED_LEVELS[1]:
                size = float(np.linalg.norm(affine[:3, 0])) if trusted else None
                yield HeadSlice(name, str(number), "axial", picture, truth, affine, size)


def _healthy(shared: Path, folder: Path) -> sitk.Image:
    with tarfile.open(shared / "data" / "dicom" / "healthy_t1.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    reader = sitk.ImageSeriesReader()
    folders = {path.parent for path in folder.rglob("*") if path.is_file()}
    inside = max(folders, key=lambda one: len(list(one.iterdir())))
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(inside)))
    return sitk.Cast(reader.Execute(), sitk.sitkFloat32)


def _thick_scans(shared: Path) -> Iterator[tuple[str, sitk.Image, bool]]:
    """Name, image without padding, and whether its voxel size can be trusted."""
    volumes = shared / "data" / "volumes"
    yield "brain1", sitk.ReadImage(str(volumes / "brain1" / "brain1_image.nrrd"), sitk.sitkFloat32), True
    for number in range(1, 6):
        path = volumes / "brain_tumor_progression" / f"{number:02d}" / "Post_Scan_T1.nii.gz"
        scan = sitk.ReadImage(str(path), sitk.sitkFloat32)
        values = sitk.GetArrayFromImage(scan)
        shown = sitk.GetImageFromArray(values[values.reshape(len(values), -1).max(axis=1) > 0])
        shown.SetSpacing(ASSUMED_MM)
        shown.SetDirection(scan.GetDirection())
        yield f"glioblastoma head {number}", shown, False


def _stored(scan: sitk.Image, to_mni: NDArray, number: int) -> tuple[NDArray[np.float32], NDArray]:
    """A slice as stored, turned so that the face looks up, and its matrix to the scanner's mm."""
    index = np.eye(4)
    index[:3, :3] = np.array(scan.GetDirection()).reshape(3, 3) * np.array(scan.GetSpacing())
    index[:3, 3] = scan.GetOrigin()
    columns = LPS_TO_RAS @ index
    affine = columns[:, [1, 0, 2, 3]].copy()
    affine[:3, 3] += number * columns[:3, 2]
    picture = sitk.GetArrayFromImage(scan)[number]
    if (to_mni @ affine)[1, 0] > 0:
        picture = picture[::-1]
        affine[:3, 3] += (len(picture) - 1) * affine[:3, 0]
        affine[:3, 0] *= -1
    return np.ascontiguousarray(picture), affine


def _cuts(
    image: sitk.Image, to_mni: NDArray, plane: Plane
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float64]]]:
    """``CUTS`` slices evenly through the brain, in the patient's own axes, 256 px of 1 mm, with their matrices."""
    axis = NORMAL_AXIS[plane]
    down, right = (np.asarray(vector) for vector in DISPLAY_DIRECTIONS[plane])
    from_mni = np.linalg.inv(to_mni)
    for level in np.linspace(*LEVELS[plane], CUTS):
        target = np.array([0.0, -18.0, 0.0])
        target[axis] = level
        centre = from_mni[:3, :3] @ target + from_mni[:3, 3]
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 1], affine[:3, 2] = down, right, np.cross(down, right)
        affine[:3, 3] = centre - 127.5 * (down + right)
        yield _resample(image, affine), affine


def _resample(image: sitk.Image, affine: NDArray) -> NDArray[np.float32]:
    lps = LPS_TO_RAS @ affine
    grid = sitk.Image(256, 256, 1, sitk.sitkFloat32)
    grid.SetOrigin(lps[:3, 3].tolist())
    direction = np.stack([lps[:3, 1], lps[:3, 0], np.cross(lps[:3, 1], lps[:3, 0])], axis=1)
    grid.SetDirection(direction.ravel().tolist())
    cut = sitk.Resample(image, grid, sitk.Transform(), sitk.sitkLinear, 0.0)
    return np.asarray(sitk.GetArrayFromImage(cut)[0], dtype=np.float32)


def register(image: sitk.Image) -> NDArray[np.float64]:
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
