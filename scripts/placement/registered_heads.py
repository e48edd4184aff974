"""Slices whose place is known: cut from heads that were matched to the template as whole volumes.

No part of the placement of lone slices has seen these heads: a defaced 3-D T1 head, cut in all planes, and the axial
slices of brain1 and of the last scans of five heads with glioblastoma. The match is that of ``register_volume`` (known
warps are found again to a millimetre, docs/volumes.md), with the tumour left out.
"""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.localise_volume import SliceFrame, slice_affine
from saliscribe.anatomy.plane_geometry import level_of
from saliscribe.anatomy.register_volume import register_volume
from saliscribe.core.names import PLANES, Plane
from saliscribe.core.records.volume_placement import VolumePlacement
from saliscribe.core.slices import best_plane, slice_count, take_slice
from saliscribe.core.volume import Volume
from saliscribe.io.dicom_series import read_series
from saliscribe.io.read import read_volume

#: Slices per plane of the 3-D head; every second one of the thick scans. Levels (MNI mm) between which they lie.
CUTS, EVERY = 14, 2
LEVELS: dict[Plane, tuple[float, float]] = {
    "axial": (-60.0, 78.0), "coronal": (-92.0, 58.0), "sagittal": (-57.0, 57.0),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class HeadSlice:
    """A slice with its own geometry (``image``), and where it lies: ``affine`` takes (row, column, 0) to MNI mm.

    ``affine`` is the nearest to the match over the slice's brain; ``to_mni`` is the match itself.
    """

    head: str
    name: str
    plane: Plane
    image: Volume
    affine: NDArray[np.float64]
    placement: VolumePlacement
    to_voxels: NDArray[np.float64]

    def to_mni(self, pixels: NDArray) -> NDArray[np.float64]:
        """MNI mm of (N, 2) rows and columns."""
        places = pixels @ self.to_voxels[:3, :2].T + self.to_voxels[:3, 3]
        return self.placement.to_mni(places)


def head_slices(shared: Path) -> Iterator[HeadSlice]:
    """All of them, from the folder ``shared``; a match takes some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _slices("healthy head", _healthy(shared, Path(folder)), None, PLANES)
    volumes = shared / "data" / "volumes"
    yield from _thick(
        "brain1", volumes / "brain1" / "brain1_image.nrrd", volumes / "brain1" / "brain1_label.nrrd"
    )
    for number in range(1, 6):
        scan = volumes / "brain_tumor_progression" / f"{number:02d}"
        yield from _thick(
            f"glioblastoma head {number}", scan / "Post_Scan_T1.nii.gz", scan / "Post_Mask.nii.gz"
        )


def _healthy(shared: Path, folder: Path) -> Volume:
    with tarfile.open(shared / "data" / "dicom" / "healthy_t1.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    files = tuple(sorted(path for path in folder.rglob("*.dcm") if path.is_file()))
    return read_series(folder, files)


def _thick(name: str, scan: Path, mask: Path) -> Iterator[HeadSlice]:
    volume = read_volume(scan)
    yield from _slices(name, volume, read_volume(mask, role="mask").data[0] > 0, (best_plane(volume),))


def _slices(
    name: str, volume: Volume, tumour: NDArray[np.bool_] | None, planes: tuple[Plane, ...]
) -> Iterator[HeadSlice]:
    left_out = np.zeros(volume.data.shape[1:], dtype=bool) if tumour is None else tumour
    placement = register_volume(volume, left_out)
    assert volume.affine is not None
    for plane in planes:
        found = []
        for number in range(slice_count(volume, plane)):
            image = take_slice(volume, plane, number)
            if image.affine is None or float(np.ptp(image.data)) == 0.0:
                continue
            to_voxels = np.linalg.inv(volume.affine) @ image.affine
            frame = SliceFrame(plane, (image.data.shape[1], image.data.shape[2]), to_voxels)
            affine = slice_affine(frame, placement)
            if LEVELS[plane][0] < level_of(affine, plane) < LEVELS[plane][1]:
                found.append(HeadSlice(name, str(number), plane, image, affine, placement, to_voxels))
        step = EVERY if tumour is not None else max(1, len(found) // CUTS)
        yield from found[::step]
