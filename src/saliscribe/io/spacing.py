"""Pixel sizes: what the user states beats the header, and a header that cannot be true is not trusted silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.slices import best_plane, index_axes
from saliscribe.core.volume import DOUBTFUL_DEPTH, DOUBTFUL_SPACING, Volume
from saliscribe.errors import UsageError

#: One number, (x, y) or (x, y, z) in millimetres; x across the picture, y down it, z between slices.
Spacing = float | Sequence[float] | None

#: No scan of a head has voxels as thin as this.
_THINNEST_MM = 0.05


def with_spacing(volume: Volume, spacing_mm: Spacing) -> Volume:
    """``volume`` with the pixel size that the user states; with a warning where no head has that size.

    For a lone slice without geometry the third value is 1.0: a unit, not a measurement.
    With an affine its axes keep their directions and the corner voxel stays where it is.

    Raises:
        UsageError: not one to three positive, finite numbers.
    """
    if spacing_mm is None:
        return volume
    x, y, z = _parse(spacing_mm)
    if volume.affine is None:
        depth = z if z is not None else (volume.spacing_mm or (1.0, 1.0, 1.0))[2]
        doubt = _not_a_head(volume.data.shape[1:3], (y, x), "with the stated spacing")
        return replace(
            volume, spacing_mm=(y, x, depth), warnings=(*volume.warnings, *([doubt] if doubt else []))
        )
    row, column, through = _display_axes(volume)
    old = np.linalg.norm(volume.affine[:3, :3], axis=0)
    new = old.copy()
    new[row], new[column] = y, x
    if z is not None:
        new[through] = z
    affine = volume.affine.copy()
    affine[:3, :3] *= new / old
    kept = tuple(line for line in volume.warnings if not line.startswith(DOUBTFUL_SPACING))
    doubted = len(kept) < len(volume.warnings)
    if np.any(np.abs(new / old - 1) > 0.02):
        kept = (*kept, f"the stated spacing {_mm(new)} mm replaces {_mm(old)} mm of the header")
    if z is None and doubted and not volume.is_slice:
        kept = (
            *kept,
            f"{DOUBTFUL_DEPTH}: the distance between slices ({old[through]:g} mm) is still the header's",
        )
    seen = [axis for axis, count in enumerate(volume.data.shape[1:]) if count > 1]
    shape, sizes = ([values[axis] for axis in seen] for values in (volume.data.shape[1:], new.tolist()))
    doubt = _not_a_head(shape, sizes, "with the stated spacing")
    return replace(volume, affine=affine, warnings=(*kept, *([doubt] if doubt else [])))


def doubtful_spacing(shape: Sequence[int], spacing: Sequence[float]) -> str | None:
    """A warning where the header's voxel size cannot be that of a head scan, else None.

    Exactly 1 x 1 x 1 mm on a grid that is far from a cube is what a converter writes when it does not
    know better: 24 slices would then be a head 24 mm high.
    """
    unit = all(abs(s - 1.0) < 1e-6 for s in spacing)
    flat = len(shape) == 3 and min(shape) > 1 and min(shape) * 4 <= max(shape)
    if unit and flat:
        size = " x ".join(f"{count}" for count in shape)
        return f"{DOUBTFUL_SPACING}: the header says 1 x 1 x 1 mm, a placeholder; the image would measure {size} mm"
    return _not_a_head(shape, spacing, "by its header")


def _not_a_head(shape: Sequence[int], spacing: Sequence[float], by: str) -> str | None:
    extent = [n * s for n, s in zip(shape, spacing, strict=True)]
    in_plane = sorted(extent)[-2]
    if not 60.0 <= in_plane <= 600.0 or max(extent) > 600.0 or min(spacing) < _THINNEST_MM:
        size = " x ".join(f"{value:.0f}" if value >= 10 else f"{value:.2g}" for value in extent)
        return f"{DOUBTFUL_SPACING}: {by} the image would measure {size} mm, which is not a head"
    return None


def _display_axes(volume: Volume) -> tuple[int, int, int]:
    if volume.is_slice or volume.affine is None:
        return 0, 1, 2
    row, column, through, _, _ = index_axes(volume.affine, best_plane(volume))
    return row, column, through


def _parse(spacing_mm: float | Sequence[float]) -> tuple[float, float, float | None]:
    numbers = [spacing_mm] if isinstance(spacing_mm, int | float) else list(spacing_mm)
    values = [float(number) for number in numbers]
    if not 1 <= len(values) <= 3 or not all(np.isfinite(value) and 0.0 < value <= 1000.0 for value in values):
        raise UsageError(
            "the spacing makes no sense",
            expected="one to three positive millimetre values (x, y, z)",
            got=repr(spacing_mm),
        )
    x = values[0]
    y = values[1] if len(values) > 1 else x
    return x, y, values[2] if len(values) > 2 else None


def _mm(values: NDArray[np.float64]) -> str:
    return " x ".join(f"{value:.3g}" for value in values)
