"""Fine detail of the template brain, from the ICBM 2009a average that nilearn carries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.installed_files import installed_file, open_nifti

_FILE = "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
#: Contrast of grey against white matter in a contrast-enhanced spin-echo T1 slice, on the template's scale.
DETAIL_GAIN = 0.22


@dataclass(frozen=True, eq=False)
class TemplateBrain:
    """``detail`` (X, Y, Z) float32: what the brain shows beyond its local mean; ``affine`` to MNI mm."""

    detail: NDArray[np.float32]
    affine: NDArray[np.float64]


@cache
def template_brain() -> TemplateBrain | None:
    """The detail of the template brain, or ``None`` when nilearn is not installed."""
    path = installed_file("nilearn", _FILE)
    if path is None:
        return None

    def make() -> dict[str, NDArray]:
        image = open_nifti(path)
        data = np.asarray(image.dataobj, dtype=np.float32) / 255.0
        brain = data > 0.05
        inside = ndimage.gaussian_filter(brain.astype(np.float32), 6.0)
        mean = ndimage.gaussian_filter(data * brain, 6.0) / np.maximum(inside, 1e-3)
        detail = np.where(ndimage.binary_erosion(brain), data - mean, 0.0) * DETAIL_GAIN
        return {"detail": np.round(detail * 400).astype(np.int8), "affine": np.asarray(image.affine)}

    arrays = cached_arrays("template-brain", f"{file_sha256(path)} {DETAIL_GAIN} v1", make)
    return TemplateBrain((arrays["detail"] / 400.0).astype(np.float32), arrays["affine"])
