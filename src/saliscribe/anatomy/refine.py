"""Fine placement of a slice in three dimensions: robust Gauss-Newton on the normalised template, with priors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.features import NEIGHBOURHOOD_MM, local_normalise
from saliscribe.anatomy.interpolate import interpolate
from saliscribe.anatomy.level_prior import NO_OPINION, Opinion
from saliscribe.anatomy.plane_geometry import BRAIN_CENTRE, SlicePlane
from saliscribe.anatomy.search import Start
from saliscribe.anatomy.template_planes import TemplateVolume, template_volume
from saliscribe.core.axes import NORMAL_AXIS
from saliscribe.core.names import Plane

#: Prior spread of each parameter: normal position, two shifts (mm), log scale, anisotropy, shear, turn (rad),
#: and tilts of the columns and rows out of the plane (rad). The tilts are what a head in a scanner does: it nods
#: (axial: rows, coronal: rows) far more than it leans.
PRIOR_SPREAD: dict[Plane, tuple[float, ...]] = {
    "axial": (40.0, 40.0, 40.0, 0.12, 0.05, 0.03, 0.12, 0.05, 0.20),
    "coronal": (40.0, 40.0, 40.0, 0.12, 0.05, 0.03, 0.08, 0.05, 0.20),
    "sagittal": (40.0, 40.0, 40.0, 0.12, 0.05, 0.03, 0.25, 0.05, 0.05),
}
#: Weight of one prior against the sum over pixels (in units of independent pixels).
PRIOR_WEIGHT = 1.0
#: Residual (in normalised units) beyond which a pixel is treated as an outlier.
OUTLIER = 1.0
#: Distance (mm) that one radian or one unit of scale moves a typical pixel.
LEVER_MM = 60.0


@dataclass(frozen=True)
class Points:
    """Picture pixels at one resolution: place (pixels down and right of the picture's middle), value, weight.

    ``slope`` (2, N) is the change of the value per pixel down and right.
    """

    down: NDArray[np.float64]
    right: NDArray[np.float64]
    value: NDArray[np.float32]
    weight: NDArray[np.float32]
    slope: NDArray[np.float32]


@dataclass(frozen=True)
class Prior:
    """Expected parameters of a fit and their standard deviations, (9,) each."""

    middle: NDArray[np.float64]
    spread: NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """A refined placement: ``origin`` (MNI mm of the picture's middle), columns per pixel, similarity, parameters.

    ``penalty`` is what an unlikely field of view costs when fits are ranked, ``likelihood`` what the level network
    thinks of plane and level (0 at best); neither is part of the similarity. ``network`` is its opinion of
    this plane. Once the fit has settled, ``alike`` is the similarity of its brain, ``edges`` how far edges within it
    run alike, ``flat`` the part of it where the picture shows nothing.
    """

    plane: Plane
    origin: NDArray[np.float64]
    right: NDArray[np.float64]
    down: NDArray[np.float64]
    similarity: float
    parameters: NDArray[np.float64]
    start: Start
    penalty: float = 0.0
    likelihood: float = 0.0
    network: Opinion = NO_OPINION
    alike: float = 0.0
    edges: float = 0.0
    flat: float = 0.0

    def affine(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        """4x4 matrix from (row, column, 0) of a picture of ``shape`` to MNI mm; its third axis is the unit normal."""
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1] = self.down, self.right
        normal = np.cross(self.down, self.right)
        matrix[:3, 2] = normal / np.linalg.norm(normal)
        matrix[:3, 3] = self.origin - self.down * (shape[0] - 1) / 2 - self.right * (shape[1] - 1) / 2
        return matrix


def points_of(
    scaled: NDArray[np.float32], weight: NDArray[np.float32], scale_mm: float, grid_mm: float
) -> Points:
    """The picture sampled every ``grid_mm`` if its pixels are ``scale_mm`` wide, locally normalised."""
    zoom = max(grid_mm / scale_mm, 1.0)
    smooth = ndimage.gaussian_filter(scaled, 0.45 * zoom) if zoom > 1 else scaled
    count = [max(2, int(np.floor((length - 1) / zoom)) + 1) for length in scaled.shape]
    middle = (np.array(scaled.shape) - 1) / 2
    offset = middle - zoom * (np.array(count) - 1) / 2
    value, support = (
        ndimage.affine_transform(part, np.array([zoom, zoom]), offset, tuple(count), order=1, mode="nearest")
        for part in (smooth, weight)
    )
    sigma = NEIGHBOURHOOD_MM / (zoom * scale_mm)
    normalised = local_normalise(value, (sigma, sigma), np.maximum(support, 1e-3))
    down, right = np.meshgrid(*(zoom * (np.arange(n) - (n - 1) / 2) for n in count), indexing="ij")
    slope = np.reshape(np.gradient(normalised, zoom), (2, -1))
    return Points(down.ravel(), right.ravel(), normalised.ravel(), support.ravel().astype(np.float32), slope)


def refine(
    start: Start,
    points: Points,
    rounds: int,
    fixed_scale: bool = False,
    expected: tuple[float, float] | None = None,
) -> Fit:
    """Improve ``start`` by ``rounds`` damped Gauss-Newton steps.

    Minimises ``sum_i w_i (T(p_i) - I_i)^2 / s^2 + |parameters / prior spread|^2`` over nine parameters that
    move the slice rigidly, scale, stretch and shear it within its plane and tilt it out of the plane;
    ``w`` are Cauchy weights, so that what the template lacks (oedema, mass effect) pulls little.
    ``expected`` is a level (mm) and its standard deviation, if anything is known about it beforehand.
    """
    prior = expectation(start, fixed_scale, expected)
    parameters = descended(start, points, prior.middle, prior, rounds, template_volume(start.place.plane))
    return _finish(start, points, parameters)


def expectation(start: Start, fixed_scale: bool, expected: tuple[float, float] | None) -> Prior:
    """The prior of a fit from ``start``; arguments as for ``refine``."""
    middle, spread = np.zeros(9), np.array(PRIOR_SPREAD[start.place.plane])
    if fixed_scale:
        spread[3] = 0.06
    if expected is not None:
        middle[0], spread[0] = _depth(start, expected[0]), expected[1]
    return Prior(middle, spread)


def descended(
    start: Start,
    points: Points,
    parameters: NDArray[np.float64],
    prior: Prior,
    rounds: int,
    volume: TemplateVolume,
    importance: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None,
) -> NDArray[np.float64]:
    """The parameters after damped Gauss-Newton; ``importance`` says what pixels count at (3, N) MNI mm."""
    for _ in range(rounds):
        position = position_of(start, points, parameters)
        fields, inside = fields_at(volume, position)
        residual = fields[0] - points.value
        weight = points.weight * inside / (1.0 + (residual / OUTLIER) ** 2)
        if importance is not None:
            weight = weight * importance(position)
        jacobian = _jacobian(start.place, points, fields[1:], start.scale_mm)
        pull = 0.02 * max(float(weight.sum()), 1.0) / 9.0 * PRIOR_WEIGHT / prior.spread**2
        normal = (jacobian * weight) @ jacobian.T + np.diag(pull)
        step = np.linalg.solve(normal, -(jacobian * weight) @ residual - pull * (parameters - prior.middle))
        length = float(np.abs(step * np.array([1, 1, 1] + [LEVER_MM] * 6)).max())
        parameters = parameters + step * min(1.0, 12.0 / max(length, 1e-9))
        if length < 0.15:
            break
    return parameters


def _depth(start: Start, level_mm: float) -> float:
    """How far along the normal of ``start`` the slice at ``level_mm`` lies."""
    axis = NORMAL_AXIS[start.place.plane]
    target = BRAIN_CENTRE.copy()
    target[axis] = level_mm
    return float(start.place.normal @ (target - start.place.centre))


def columns_of(start: Start, parameters: NDArray) -> tuple[NDArray, NDArray, NDArray]:
    """Origin (MNI mm of the picture's middle), step down and step right (mm per pixel) that parameters mean."""
    place, scale, normal = start.place, start.scale_mm, start.place.normal
    depth, move_down, move_right, log_scale, stretch, shear, turn, lean, nod = parameters
    right = scale * ((1 + log_scale - stretch) * place.right + (shear + turn) * place.down + lean * normal)
    down = scale * ((1 + log_scale + stretch) * place.down + (shear - turn) * place.right + nod * normal)
    origin = (
        place.centre
        + depth * normal
        + (move_down - start.shift_mm[0]) * place.down
        + (move_right - start.shift_mm[1]) * place.right
    )
    return origin, down, right


def position_of(start: Start, points: Points, parameters: NDArray) -> NDArray[np.float64]:
    """(3, N) MNI mm of the points."""
    origin, down, right = columns_of(start, parameters)
    return origin[:, None] + down[:, None] * points.down + right[:, None] * points.right


def _jacobian(place: SlicePlane, points: Points, gradient: NDArray, scale: float) -> NDArray[np.float64]:
    along_normal, along_down, along_right = (
        axis @ gradient for axis in (place.normal, place.down, place.right)
    )
    u, v = scale * points.right, scale * points.down
    return np.stack(
        [
            along_normal,
            along_down,
            along_right,
            u * along_right + v * along_down,
            v * along_down - u * along_right,
            u * along_down + v * along_right,
            u * along_down - v * along_right,
            u * along_normal,
            v * along_normal,
        ]
    )


def _finish(start: Start, points: Points, parameters: NDArray) -> Fit:
    origin, down, right = columns_of(start, parameters)
    fields, inside = fields_at(template_volume(start.place.plane), position_of(start, points, parameters))
    similarity = correlation(fields[0], points.value, points.weight * inside)
    return Fit(start.place.plane, origin, right, down, similarity, parameters, start)


def fields_at(volume: TemplateVolume, position: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """The template's value and its gradient per mm (4, N) at (3, N) MNI mm, and where it has data."""
    return interpolate(volume.fields, volume.valid, (position - volume.origin_mm[:, None]) / volume.step_mm)


def correlation(a: NDArray, b: NDArray, weight: NDArray) -> float:
    """Weighted correlation through the origin: both fields are locally centred already."""
    power = float((weight * a * a).sum()) * float((weight * b * b).sum())
    return float((weight * a * b).sum()) / power**0.5 if power > 0 else 0.0
