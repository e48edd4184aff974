"""The whole-head template that slices are matched against: skull, scalp, face and neck included."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

ASSET = "head_template.npz"


@dataclass(frozen=True)
class HeadTemplate:
    """An average T1 head in MNI space (RAS+ mm).

    ``intensity`` (X, Y, Z) float32 in [0, 1]; ``valid`` (X, Y, Z) bool, where the average has data;
    ``affine`` takes indices to MNI millimetres; ``sha256`` of the file it was read from.
    """

    intensity: NDArray[np.float32]
    valid: NDArray[np.bool_]
    affine: NDArray[np.float64]
    sha256: str

    @property
    def origin_mm(self) -> NDArray[np.float64]:
        """MNI millimetres of voxel (0, 0, 0)."""
        return self.affine[:3, 3]

    @property
    def step_mm(self) -> float:
        """Voxel size, the same along all axes."""
        return float(self.affine[0, 0])


@cache
def head_template() -> HeadTemplate:
    """The template that ships with the package (its sources and licences: ``assets/anatomy/README.md``)."""
    resource = files("saliscribe") / "assets" / "anatomy" / ASSET
    with resource.open("rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
        stream.seek(0)
        with np.load(stream) as parts:
            shape = tuple(int(n) for n in parts["shape"])
            intensity = parts["intensity"].astype(np.float32) / 255.0
            valid = np.unpackbits(parts["valid"], count=int(np.prod(shape))).reshape(shape).astype(bool)
            affine = np.diag([float(parts["step_mm"])] * 3 + [1.0])
            affine[:3, 3] = parts["origin_mm"]
    return HeadTemplate(intensity, valid, affine, digest)
