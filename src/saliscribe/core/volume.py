"""The image record: an array, where it lies in the patient, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

#: Every warning about a header whose millimetres are doubtful starts with these words; the second kind doubts
#: only the distance between slices.
DOUBTFUL_SPACING = "spacing not trusted"
DOUBTFUL_DEPTH = f"{DOUBTFUL_SPACING} between slices"
#: Every warning that slices are missing, or may be, starts with these words.
GAPS = "gaps between the slices"


@dataclass(frozen=True)
class Source:
    """Where an image came from. ``path`` never leaves the machine and never enters Findings."""

    path: str
    format: str
    file_sha256: str = ""


@dataclass(frozen=True)
class Volume:
    """An image ``data`` of shape (C, I, J, K), float32, finite; a slice has K = 1.

    For a slice, I counts rows from the top of the picture and J columns from its left, so
    ``data[0, :, :, 0]`` is what a viewer shows. ``affine`` (4x4 float64) takes (i, j, k) to RAS+
    millimetres; ``None`` means that the file states no geometry (PNG, JPG, .mat) and nothing
    downstream may guess sides from it. ``spacing_mm`` may be known without an affine.
    ``space`` names the template the coordinates belong to, or is ``None``.
    """

    data: NDArray[np.float32]
    source: Source
    affine: NDArray[np.float64] | None = None
    spacing_mm: tuple[float, float, float] | None = None
    space: str | None = None
    warnings: tuple[str, ...] = field(default=())

    def __post_init__(self) -> None:
        if self.data.ndim != 4 or 0 in self.data.shape:
            raise ValueError(
                f"Volume.data: expected a non-empty (C, I, J, K) array, got shape {self.data.shape}"
            )
        if self.data.dtype != np.float32:
            raise ValueError(f"Volume.data: expected float32, got {self.data.dtype}")
        if not np.isfinite(self.data).all():
            raise ValueError("Volume.data: expected finite values, got NaN or infinity")
        if self.affine is not None:
            self._check_affine(self.affine)
            object.__setattr__(self, "spacing_mm", _spacing(self.affine))

    @staticmethod
    def _check_affine(affine: NDArray[np.float64]) -> None:
        if affine.shape != (4, 4) or affine.dtype != np.float64 or not np.isfinite(affine).all():
            raise ValueError("Volume.affine: expected a finite 4x4 float64 matrix")
        if abs(np.linalg.det(affine[:3, :3])) < 1e-9:
            raise ValueError("Volume.affine: expected an invertible matrix")

    @property
    def is_slice(self) -> bool:
        """True for a single two-dimensional picture."""
        return self.data.shape[3] == 1

    @property
    def picture(self) -> NDArray[np.float32]:
        """The (rows, columns) array of a one-channel slice, as a viewer shows it."""
        if not self.is_slice or self.data.shape[0] != 1:
            raise ValueError(
                f"Volume.picture: expected one channel and one slice, got shape {self.data.shape}"
            )
        return self.data[0, :, :, 0]

    @property
    def trusted_pixel_mm(self) -> tuple[float, float] | None:
        """(row, column) pixel size of a slice; ``None`` where it is unknown, or stated but doubted by a warning."""
        doubted = any(
            line.startswith(DOUBTFUL_SPACING) and not line.startswith(DOUBTFUL_DEPTH)
            for line in self.warnings
        )
        return None if self.spacing_mm is None or doubted else self.spacing_mm[:2]

    def with_warning(self, line: str) -> Volume:
        """The same image with one more warning."""
        return replace(self, warnings=(*self.warnings, line))


def has_gaps(volume: Volume) -> bool:
    """True when a warning says that slices are missing, or may be."""
    return any(line.startswith(GAPS) for line in volume.warnings)


def _spacing(affine: NDArray[np.float64]) -> tuple[float, float, float]:
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    return (float(lengths[0]), float(lengths[1]), float(lengths[2]))
