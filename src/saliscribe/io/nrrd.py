"""NRRD with its data attached: a text header, then raw, gzip, bzip2 or text numbers. World axes are turned to RAS+."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.volume import Volume
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.inflate import inflate, inflate_bzip2
from saliscribe.io.lone_slice import as_picture
from saliscribe.io.nrrd_header import NrrdHeader, parse_nrrd_header
from saliscribe.io.pixels import as_data, check_shape
from saliscribe.io.slice_axis import slices_last
from saliscribe.io.spacing import doubtful_spacing

#: Numbers spelt out as text are only for small images.
_MAX_TEXT = 4_000_000


def read_nrrd(file: FileBytes) -> Volume:
    """Read a two- or three-dimensional NRRD of one component.

    Without space directions the axes are taken as columns, rows, slices and no geometry is claimed.

    Raises:
        InputError: damaged, a detached header, colour or vectors, a series, an impossible size.
    """
    header = parse_nrrd_header(file)
    keep = _image_axes(header, file)
    sides = tuple(header.sizes[axis] for axis in keep)
    check_shape(sides, str(file.path))
    voxels = _numbers(header, file).reshape(header.sizes, order="F").reshape(sides, order="F")
    if voxels.ndim == 2:
        voxels = voxels[:, :, None]
    affine, spacing = _geometry(header, keep, file)
    notes: tuple[str, ...] = ()
    if affine is None:
        voxels, sizes, moved = slices_last(voxels, spacing or (1.0, 1.0, 1.0))
        voxels, spacing = voxels.transpose(1, 0, 2), spacing and (sizes[1], sizes[0], sizes[2])
        notes = (f"the header states no orientation; rows and columns as stored, sides not known{moved}",)
    doubt = (
        doubtful_spacing(voxels.shape, spacing or _lengths(affine)) if spacing or affine is not None else None
    )
    data, mended = as_data(voxels, file)
    warnings = (*notes, *((doubt,) if doubt else ()), *mended)
    return as_picture(Volume(data, file.source, affine=affine, spacing_mm=spacing, warnings=warnings))


def _image_axes(header: NrrdHeader, file: FileBytes) -> list[int]:
    """The two or three axes that are the picture; others must have length 1."""
    keep = [axis for axis, kind in enumerate(header.kinds) if kind in ("domain", "space", "???", "")]
    rest = [axis for axis in range(len(header.sizes)) if axis not in keep]
    while len(keep) > 3 and header.sizes[keep[-1]] == 1:
        rest.append(keep.pop())
    if len(keep) not in (2, 3) or any(header.sizes[axis] != 1 for axis in rest):
        got = " x ".join(str(size) for size in header.sizes)
        raise file.damaged("colour, vectors or a series", expected="one grey slice or volume", got=got)
    return keep


def _numbers(header: NrrdHeader, file: FileBytes) -> NDArray:
    count = int(np.prod([int(size) for size in header.sizes], dtype=object))
    need = count * header.dtype.itemsize
    packed = header.data_start
    for _ in range(header.line_skip):
        packed = file.data.find(b"\n", packed) + 1 or len(file.data)
    if header.encoding == "text":
        if count > _MAX_TEXT:
            raise file.damaged(
                "too many numbers written as text", expected=f"at most {_MAX_TEXT:,}", got=f"{count:,}"
            )
        words = file.data[packed:].split(None, count)[:count]
        if len(words) < count:
            raise file.damaged("the file is cut off", expected=f"{count:,} numbers", got=f"{len(words):,}")
        return np.array(words, dtype=np.float64)
    if header.encoding == "raw":
        start = len(file.data) - need if header.byte_skip == -1 else packed + header.byte_skip
        content = file.data[max(0, start) :][:need]
    else:
        unpack = inflate if header.encoding == "gzip" else inflate_bzip2
        skip = max(0, header.byte_skip)
        content = unpack(file, need + skip, start=packed)[skip:]
    if len(content) < need:
        raise file.damaged(
            "the file is cut off", expected=f"{need:,} bytes of image", got=f"{len(content):,}"
        )
    return np.frombuffer(content, header.dtype, count)


def _geometry(
    header: NrrdHeader, keep: list[int], file: FileBytes
) -> tuple[NDArray[np.float64] | None, tuple[float, float, float] | None]:
    directions = [header.directions[axis] for axis in keep]
    if header.to_ras is None or any(vector is None or len(vector) != 3 for vector in directions):
        lengths = [header.spacings[axis] for axis in keep]
        if any(not np.isfinite(length) or length <= 0 for length in lengths[:2]):
            return None, None
        third = lengths[2] if len(lengths) == 3 and np.isfinite(lengths[2]) and lengths[2] > 0 else 1.0
        return None, (lengths[0], lengths[1], third)
    columns = [np.asarray(vector, dtype=np.float64) for vector in directions]
    if len(columns) == 2:
        normal = np.cross(columns[0], columns[1])
        columns.append(normal / max(float(np.linalg.norm(normal)), 1e-12))
    affine = np.eye(4)
    affine[:3, :3] = np.stack(columns, axis=1)
    affine[:3, 3] = header.origin
    affine = header.to_ras @ affine
    if not np.isfinite(affine).all() or abs(np.linalg.det(affine[:3, :3])) < 1e-9:
        raise file.damaged(
            "the header's geometry is impossible", got="space directions that are not independent"
        )
    return affine, None


def _lengths(affine: NDArray[np.float64] | None) -> tuple[float, ...]:
    return () if affine is None else tuple(float(length) for length in np.linalg.norm(affine[:3, :3], axis=0))
