"""Exhaustive rough search: every plane, level, nod and scale at once, all shifts by Fourier correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.features import NEIGHBOURHOOD_MM, local_normalise
from saliscribe.anatomy.plane_geometry import SlicePlane
from saliscribe.anatomy.template_planes import CANVAS_MM, CANVAS_PX, TemplateBank, template_bank
from saliscribe.core.names import Plane

#: A shift counts only if picture and template share at least this part of either's energy.
LEAST_OVERLAP = 0.65
#: Largest distance (mm) between the middle of the picture and the middle of the head.
LARGEST_SHIFT_MM = 96.0


@dataclass(frozen=True)
class Start:
    """A rough placement: the template slice, the picture's pixel size in mm, the shift, the similarity."""

    place: SlicePlane
    level_mm: float
    scale_mm: float
    shift_mm: tuple[float, float]
    similarity: float


def search(
    scaled: NDArray[np.float32],
    weight: NDArray[np.float32],
    scales: NDArray[np.float64],
    planes: tuple[Plane, ...],
    between: dict[Plane, tuple[float, float]] | None = None,
) -> list[Start]:
    """The best shift for every template slice and scale, best first.

    Args:
        scaled: (rows, columns) picture from ``features.robust_scale``.
        weight: (rows, columns), 0 where the picture must not count (tumour), else 1.
        scales: pixel sizes in mm to try.
        planes: planes to try.
        between: for each plane the levels (mm) within which to look; all by default.
    """
    canvases = [canvas(scaled, weight, float(scale)) for scale in scales]
    value = np.stack([part[0] for part in canvases])
    support = np.stack([part[1] for part in canvases])
    fft = [np.fft.rfft2(part) for part in (value, value * value, support)]
    own_energy = (value * value).sum(axis=(1, 2))
    starts: list[Start] = []
    for plane in planes:
        bank = template_bank(plane)
        if between is not None:
            bank = _between(bank, *between[plane])
        for number, scale in enumerate(scales):
            scores, shifts = _best_shifts(bank, [part[number] for part in fft], float(own_energy[number]))
            starts += [
                Start(place, float(level), float(scale), (float(shift[0]), float(shift[1])), float(score))
                for place, level, score, shift in zip(bank.places, bank.levels, scores, shifts, strict=True)
            ]
    return sorted(starts, key=lambda start: -start.similarity)


def _between(bank: TemplateBank, low: float, high: float) -> TemplateBank:
    """The slices of ``bank`` from ``low`` to ``high`` mm, at least those nearest to the middle of that range."""
    reach = max((high - low) / 2, float(np.abs(bank.levels - (low + high) / 2).min()))
    kept = np.flatnonzero(np.abs(bank.levels - (low + high) / 2) <= reach + 1e-6)
    return TemplateBank(
        tuple(bank.places[int(number)] for number in kept),
        bank.levels[kept],
        bank.value_fft[kept],
        bank.square_fft[kept],
        bank.valid_fft[kept],
        bank.energy[kept],
    )


def canvas(
    scaled: NDArray[np.float32], weight: NDArray[np.float32], scale_mm: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The picture on the search canvas if its pixels were ``scale_mm`` wide: normalised values, and their weight."""
    zoom = CANVAS_MM / scale_mm
    centre = (np.array(scaled.shape) - 1) / 2
    offset = centre - zoom * (CANVAS_PX - 1) / 2
    smooth = ndimage.gaussian_filter(scaled, 0.4 * zoom) if zoom > 1 else scaled
    value, support = (
        ndimage.affine_transform(
            part, np.array([zoom, zoom]), offset, (CANVAS_PX, CANVAS_PX), order=1, cval=0.0
        )
        for part in (smooth, weight)
    )
    inside = (support > 0.5).astype(np.float32)
    sigma = NEIGHBOURHOOD_MM / CANVAS_MM
    return local_normalise(value, (sigma, sigma), np.maximum(inside, 1e-3)) * inside, inside


def _best_shifts(
    bank: TemplateBank, fft: list[NDArray], own_energy: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = (CANVAS_PX, CANVAS_PX)
    cross = np.fft.irfft2(fft[0] * np.conj(bank.value_fft), size)
    mine = np.fft.irfft2(fft[1] * np.conj(bank.valid_fft), size)
    theirs = np.fft.irfft2(fft[2] * np.conj(bank.square_fft), size)
    mine = np.maximum(mine, LEAST_OVERLAP * own_energy)
    theirs = np.maximum(theirs, LEAST_OVERLAP * bank.energy[:, None, None])
    score = cross / np.sqrt(mine * theirs + 1e-6)
    reach = np.fft.fftfreq(CANVAS_PX, 1.0 / CANVAS_PX) * CANVAS_MM
    allowed = np.abs(reach) <= LARGEST_SHIFT_MM
    score[:, ~allowed] = -1.0
    score[:, :, ~allowed] = -1.0
    flat = score.reshape(len(score), -1).argmax(axis=1)
    rows, columns = np.unravel_index(flat, size)
    best = score.reshape(len(score), -1)[np.arange(len(score)), flat]
    return best, np.stack([reach[rows], reach[columns]], axis=1)
