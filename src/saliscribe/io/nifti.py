"""NIfTI-1 and NIfTI-2, plain or gzipped: header by nibabel, voxels by size-checked decompression."""

from __future__ import annotations

import numpy as np
from nibabel.nifti1 import Nifti1Header
from nibabel.nifti2 import Nifti2Header
from numpy.typing import NDArray

from saliscribe.core.volume import Volume
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.inflate import inflate
from saliscribe.io.lone_slice import as_picture
from saliscribe.io.pixels import as_data, check_shape
from saliscribe.io.slice_axis import slices_last
from saliscribe.io.spacing import doubtful_spacing

_MAX_OFFSET = 64 * 1024 * 1024


def read_nifti(file: FileBytes) -> Volume:
    """Read a single-file NIfTI of two or three dimensions (further ones of length 1 are dropped).

    The affine is the sform, else the qform, as nibabel chooses. With neither, only the spacing is known
    and the array is turned to (rows, columns, slices) as viewers show it.

    Raises:
        InputError: damaged, a header/image pair, time series, colour or complex voxels, impossible size.
    """
    header = _header(file)
    shape = _shape(header, file)
    voxels = _scaled(header, _voxels(file, header, shape))
    affine, spacing = _geometry(header, file)
    notes: tuple[str, ...] = ()
    if affine is None:
        voxels, spacing, moved = slices_last(voxels, spacing)
        voxels, spacing = voxels.transpose(1, 0, 2)[::-1], (spacing[1], spacing[0], spacing[2])
        shown = "turned as viewers show it, sides not known"
        notes = (f"the header states no orientation (no sform, no qform); {shown}{moved}",)
    doubt = doubtful_spacing(voxels.shape, spacing)
    data, mended = as_data(voxels, file)
    warnings = (*notes, *((doubt,) if doubt else ()), *mended)
    return as_picture(Volume(data, file.source, affine=affine, spacing_mm=spacing, warnings=warnings))


def _header(file: FileBytes) -> Nifti1Header:
    start = inflate(file, 540) if file.data[:2] == b"\x1f\x8b" else file.data[:540]
    second = start[4:8] in (b"n+2\0", b"ni2\0")
    if len(start) < (540 if second else 348):
        raise file.damaged("the NIfTI header is cut off", got=f"{len(start)} bytes")
    if start[344:348] == b"ni1\0" or start[4:8] == b"ni2\0":
        raise file.damaged(
            "one half of a header/image pair", expected="a single .nii or .nii.gz file", do="convert it"
        )
    header: Nifti1Header = (
        Nifti2Header(start[:540], check=False) if second else Nifti1Header(start[:348], check=False)
    )
    return header


def _shape(header: Nifti1Header, file: FileBytes) -> tuple[int, int, int]:
    count = int(header["dim"][0])
    sides = [int(side) for side in header["dim"][1 : max(count, 0) + 1]]
    if not 2 <= count <= 7:
        raise file.damaged("the NIfTI header is damaged", expected="2 to 7 dimensions", got=str(count))
    while len(sides) > 3 and sides[-1] == 1:
        sides.pop()
    if len(sides) > 3:
        text = " x ".join(str(side) for side in sides)
        raise file.damaged(
            "a series of volumes", expected="one volume or slice", got=text, do="extract one volume"
        )
    shape = (sides[0], sides[1], sides[2] if len(sides) == 3 else 1)
    check_shape(shape, str(file.path))
    return shape


def _voxels(file: FileBytes, header: Nifti1Header, shape: tuple[int, int, int]) -> NDArray:
    dtype = header.get_data_dtype()
    if dtype.kind not in "iuf":
        raise file.damaged("the voxels are colour or complex", expected="real grey values", got=str(dtype))
    first = float(header["vox_offset"])
    start = int(first) if np.isfinite(first) and first >= 0 else 0
    start = start or int(header.single_vox_offset)
    if start > _MAX_OFFSET:
        raise file.damaged(
            "the NIfTI header is damaged", got=f"image data declared to start at byte {start:,}"
        )
    count = shape[0] * shape[1] * shape[2]
    end = start + count * dtype.itemsize
    content = inflate(file, end) if file.data[:2] == b"\x1f\x8b" else file.data
    if len(content) < end:
        raise file.damaged("the file is cut off", expected=f"{end:,} bytes of image", got=f"{len(content):,}")
    return np.frombuffer(content, dtype, count, offset=start).reshape(shape, order="F")


def _scaled(header: Nifti1Header, voxels: NDArray) -> NDArray:
    slope, intercept = header.get_slope_inter()
    if slope is None or (slope, intercept) == (1.0, 0.0):
        return voxels
    return voxels * np.float64(slope) + np.float64(intercept)


def _geometry(
    header: Nifti1Header, file: FileBytes
) -> tuple[NDArray[np.float64] | None, tuple[float, float, float]]:
    unit = {1: 1000.0, 2: 1.0, 3: 0.001}.get(int(header["xyzt_units"]) & 7, 1.0)
    zooms = np.abs(np.asarray(header["pixdim"][1:4], dtype=np.float64)) * unit
    zooms[~np.isfinite(zooms) | (zooms == 0)] = 1.0
    spacing = (float(zooms[0]), float(zooms[1]), float(zooms[2]))
    if int(header["sform_code"]) <= 0 and int(header["qform_code"]) <= 0:
        return None, spacing
    affine = np.asarray(header.get_best_affine(), dtype=np.float64).copy()
    affine[:3] *= unit
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-9:
        raise file.damaged("the header's geometry is impossible", got="an affine that is not invertible")
    return affine, spacing
