"""Places of DICOM frames -> the evenly spaced stack that they make, sorted by geometry, with what is wrong said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.volume import DOUBTFUL_DEPTH, GAPS
from saliscribe.errors import InputError
from saliscribe.io.dicom_geometry import Place, frame_affine

Array = NDArray[np.float64]

#: Frames nearer to each other than this (mm) lie at one place.
_SAME_PLACE_MM = 0.01
#: Departure of a slice from its even place: as a share of the slice distance, plus what headers round away (mm).
_EVEN_SHARE, _ROUNDED_MM = 0.05, 0.02
#: Up to this share an uneven stack is still read, with a warning.
_UNEVEN_SHARE = 0.2
#: A stack with a larger share of missing slices is refused.
_MOST_MISSING = 1 / 3
_MOST_TILT_DEGREES = 40.0
#: Slices this many thicknesses apart leave out about as much as they show.
_GAPPED = 1.9


@dataclass(frozen=True)
class Stack:
    """``slots[n]`` is the slice number (from 0, along the normal) of frame n; ``affine`` (4x4, RAS+ mm) is that of
    the (rows, columns, size) array; ``notes`` are warnings. Frames at one place share a slot.
    """

    slots: tuple[int, ...]
    size: int
    affine: Array
    notes: tuple[str, ...]

    @property
    def missing(self) -> tuple[int, ...]:
        """Slots that no frame fills."""
        return tuple(sorted(set(range(self.size)) - set(self.slots)))


def stack_places(places: Sequence[Place], where: str) -> Stack:
    """Sort frames by the projection of their position on the slice normal and fit one even stack to them.

    A missing slice leaves an empty slot; small unevenness and a tilt (slices shifted sideways one by one, as a
    tilted gantry does) are kept and said.

    Raises:
        InputError: frames without a place, not parallel, at one place only, or not evenly spaced.
    """
    affines = _parallel(places, where)
    normal = affines[0][:3, 2] / np.linalg.norm(affines[0][:3, 2])
    positions = affines[:, :3, 3]
    levels = levels_of(positions @ normal)
    firsts = positions[[levels.index(level) for level in range(max(levels) + 1)]]
    if len(firsts) < 2:
        raise InputError(f"{len(places)} DICOM images at one and the same place", expected="a stack of slices",
                         where=where)  # fmt: skip
    depths = firsts @ normal
    slots, uneven = _slots(depths, where)
    step: Array = (firsts[-1] - firsts[0]) / slots[-1]
    pixel = float(np.linalg.norm(affines[0][:3, :2], axis=0).min())
    tilt = _tilt(firsts, slots, step, normal, pixel, where)
    affine = affines[levels.index(0)].copy()
    affine[:3, 2] = step
    size = int(slots[-1]) + 1
    notes = (*_absent(slots, size), *uneven, *tilt, *_skipped(places[0], float(step @ normal)))
    return Stack(tuple(int(slots[level]) for level in levels), size, affine, notes)


def levels_of(depths: Array) -> list[int]:
    """Rank of every depth (mm) among the distinct ones."""
    order = np.argsort(depths, kind="stable")
    ranks = np.concatenate([[0], np.cumsum(np.diff(depths[order]) > _SAME_PLACE_MM)])
    levels = np.empty(len(depths), int)
    levels[order] = ranks
    return [int(level) for level in levels]


def _parallel(places: Sequence[Place], where: str) -> Array:
    affines = [affine for affine in map(frame_affine, places) if affine is not None]
    if len(affines) < len(places):
        raise InputError(
            f"{len(places) - len(affines)} of {len(places)} DICOM frames do not say where they lie",
            expected="one evenly spaced stack of slices", where=where, do="export the frames as single files",
        )  # fmt: skip
    if not all(np.allclose(affine[:3, :2], affines[0][:3, :2], atol=1e-3) for affine in affines):
        raise InputError(
            f"{len(places)} DICOM frames that are not parallel or differ in pixel size",
            expected="one evenly spaced stack of slices", where=where, do="export each direction by itself",
        )  # fmt: skip
    return np.stack(affines)


def _slots(depths: Array, where: str) -> tuple[NDArray[np.int_], tuple[str, ...]]:
    """Slice numbers of sorted distinct ``depths``: one after the other where even, else passing over missing ones."""
    gaps = np.diff(depths)
    even = np.arange(len(depths))
    off, step = _departure(depths, even)
    if off <= _EVEN_SHARE * step + _ROUNDED_MM:
        return even, ()
    spaced = np.concatenate([[0], np.cumsum(np.rint(gaps / gaps.min()).astype(int))])
    spaced_off, spaced_step = _departure(depths, spaced)
    absent = 1 - len(depths) / (spaced[-1] + 1)
    if spaced_off <= _EVEN_SHARE * spaced_step + _ROUNDED_MM and absent <= _MOST_MISSING:
        return spaced, ()
    if off <= _UNEVEN_SHARE * step:
        return even, (
            f"{DOUBTFUL_DEPTH}: the slices lie {gaps.min():.3g} to {gaps.max():.3g} mm apart; "
            f"read as if evenly {step:.3g} mm",
        )
    raise InputError(
        f"{len(depths)} DICOM slices that are not one evenly spaced stack",
        expected="one distance between slices, at most a third of them missing",
        got=f"distances of {gaps.min():.3g} to {gaps.max():.3g} mm",
        where=where,
        do="export the whole series again, or name single files",
    )


def _departure(depths: Array, slots: NDArray[np.int_]) -> tuple[float, float]:
    """Largest distance (mm) of a slice from its even place, and the step (mm) from slice to slice."""
    step = float(depths[-1] - depths[0]) / int(slots[-1])
    return float(np.abs(depths - depths[0] - step * slots).max()), step


def _tilt(
    firsts: Array, slots: NDArray[np.int_], step: Array, normal: Array, pixel: float, where: str
) -> tuple[str, ...]:
    sideways = step - (step @ normal) * normal
    off = firsts - firsts[0] - slots[:, None] * step
    off -= np.outer(off @ normal, normal)
    angle = float(np.degrees(np.arctan2(np.linalg.norm(sideways), abs(step @ normal))))
    if float(np.linalg.norm(off, axis=1).max()) > 0.5 * pixel or angle > _MOST_TILT_DEGREES:
        raise InputError(
            "the DICOM slices are shifted sideways against each other",
            expected="one evenly spaced stack of slices", got="positions that do not lie on one line near the normal",
            where=where,
        )  # fmt: skip
    if float(np.linalg.norm(sideways)) * int(slots[-1]) <= 0.5 * pixel:
        return ()
    return (
        f"the slices are stacked obliquely, {angle:.1f} degrees off their normal (tilted gantry); kept as sheared",
    )


def _absent(slots: NDArray[np.int_], size: int) -> tuple[str, ...]:
    gone = sorted(set(range(1, size + 1)) - {int(slot) + 1 for slot in slots})
    if not gone:
        return ()
    shown = ", ".join(map(str, gone[:8])) + (" and more" if len(gone) > 8 else "")
    return (
        f"{GAPS}: {len(gone)} of {size} slices missing from the series, left as background: number {shown}",
    )


def _skipped(place: Place, step: float) -> tuple[str, ...]:
    """Slices missing so regularly that the rest is even; a stated distance below the thickness is a gap, not a step."""
    distance, thickness = ((place[name] or [0.0])[0] for name in ("distance", "thickness"))
    apart = f"{GAPS}: the slices lie {step:.3g} mm apart"
    times = step / distance if distance > 0 and distance >= 0.99 * thickness else 0.0
    if round(times) >= 2 and abs(times - round(times)) <= 0.02 * times:
        return (f"{apart} where the header says {distance:.3g} mm: slices may be missing",)
    if thickness > 0 and step >= _GAPPED * thickness:
        return (f"{apart} and are {thickness:.3g} mm thick: slices may be missing",)
    return ()
