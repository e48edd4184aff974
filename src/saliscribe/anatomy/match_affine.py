"""The affine match of a whole head to the template: rough starts, then mutual information on finer and finer grids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.itk_image import itk_image
from saliscribe.anatomy.registration_template import RegistrationTemplate
from saliscribe.core.axes import LPS_TO_RAS

#: Grids (mm) of the rough and the fine stages.
ROUGH_MM, FINE_MM = 8.0, (8.0, 4.0)
#: Starts: the middle of the head lies near this point of the template (mm, RAS), moved up and down and nodded.
MIDDLE_MM = (0.0, -20.0, -5.0)
UP_DOWN_MM = tuple(range(-60, 41, 10))
NODS = (-0.2, 0.0, 0.2)
#: Template heads are larger than life.
SCALE = 1.05
#: Starts that are followed, and the optimiser's first and last step (mm).
FOLLOWED, STEPS_MM, ITERATIONS = 2, (4.0, 0.02), 100
BINS = 32


@dataclass(frozen=True)
class AffineMatch:
    """``affine`` (4x4) takes world mm of the volume to template mm (both RAS+); ``information``: higher fits better."""

    affine: NDArray[np.float64]
    information: float


def match_affine(
    grey: NDArray[np.float32],
    affine: NDArray[np.float64],
    left_out: NDArray[np.bool_],
    template: RegistrationTemplate,
) -> AffineMatch | None:
    """The affine that carries a head onto the template, or ``None`` where no start overlaps it.

    Mattes mutual information over the whole head (no brain extraction is needed), with ``left_out`` voxels (tumour)
    and those without template data outside the metric. Mattes et al., IEEE TMI 2003;22:120-128, by SimpleITK.

    Args:
        grey: (I, J, K) in [0, 1].
        affine: voxel indices to world mm, its axes at right angles.
        left_out: (I, J, K) voxels that do not count.
    """
    import SimpleITK as sitk

    threads = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(
        1
    )  # the same sums, and so the same match, on every machine
    try:
        return _match(grey, affine, left_out, template)
    finally:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(threads)


def _match(
    grey: NDArray[np.float32],
    affine: NDArray[np.float64],
    left_out: NDArray[np.bool_],
    template: RegistrationTemplate,
) -> AffineMatch | None:
    pairs = {step: _pair(grey, affine, left_out, template, step) for step in {ROUGH_MM, *FINE_MM}}
    starts = _starts(pairs[ROUGH_MM])
    if not starts:
        return None
    rough = [_optimised(pairs[FINE_MM[0]], _as_affine(start)) for _, start in starts[:FOLLOWED]]
    value, best = min(rough, key=lambda item: item[0])
    for step in FINE_MM[1:]:
        value, best = _optimised(pairs[step], best)
    return AffineMatch(_matrix(best), -value)


@dataclass(frozen=True)
class _Pair:
    """Patient and template on one grid size, with where each has data."""

    fixed: Any
    fixed_mask: Any
    moving: Any
    moving_mask: Any
    middle: NDArray[np.float64]


def _pair(
    grey: NDArray[np.float32],
    affine: NDArray[np.float64],
    left_out: NDArray[np.bool_],
    template: RegistrationTemplate,
    step: float,
) -> _Pair:
    import SimpleITK as sitk

    head, place = coarse(grey, affine, step)
    kept = coarse((~left_out).astype(np.float32), affine, step)[0] > 0.5
    other, there = coarse(template.head, template.affine, step)
    valid = coarse(template.valid.astype(np.float32), template.affine, step)[0] > 0.9
    weight = np.clip(head, 0.0, 1.0)
    middle = np.array([(weight * index).sum() for index in np.indices(head.shape)]) / max(
        float(weight.sum()), 1e-6
    )
    world = place[:3, :3] @ middle + place[:3, 3]
    return _Pair(
        itk_image(head, place),
        sitk.Cast(itk_image(kept, place), sitk.sitkUInt8),
        itk_image(other, there),
        sitk.Cast(itk_image(valid, there), sitk.sitkUInt8),
        LPS_TO_RAS[:3, :3] @ world,
    )


def coarse(
    data: NDArray[np.float32], affine: NDArray[np.float64], step: float
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """``data`` (I, J, K) on a grid of about ``step`` mm in every direction, smoothed where it shrinks; and its affine.

    The grid keeps the axes of the volume; slices thicker than ``step`` are interpolated.
    """
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    smooth = ndimage.gaussian_filter(data, 0.4 * np.maximum(step / spacing - 1.0, 0.0))
    count = [max(2, round(n * s / step)) for n, s in zip(data.shape, spacing, strict=True)]
    zoom = np.array([n / m for n, m in zip(data.shape, count, strict=True)])
    offset = 0.5 * zoom - 0.5
    out = ndimage.affine_transform(smooth, zoom, offset, tuple(count), order=1, mode="nearest")
    place = affine.copy()
    place[:3, 3] += affine[:3, :3] @ offset
    place[:3, :3] *= zoom
    return np.asarray(out, dtype=np.float32), place


def _starts(pair: _Pair) -> list[tuple[float, Any]]:
    """(metric, similarity transform) of every start that overlaps the template, best first."""
    import SimpleITK as sitk

    method = _method(pair)
    found = []
    for up in UP_DOWN_MM:
        for nod in NODS:
            start = sitk.Similarity3DTransform()
            start.SetCenter(pair.middle.tolist())
            start.SetRotation((1.0, 0.0, 0.0), nod)
            start.SetScale(SCALE)
            target = LPS_TO_RAS[:3, :3] @ np.add(MIDDLE_MM, (0.0, 0.0, up))
            start.SetTranslation((target - pair.middle).tolist())
            method.SetInitialTransform(start, inPlace=False)
            try:
                found.append((float(method.MetricEvaluate(pair.fixed, pair.moving)), start))
            except RuntimeError:  # too little of the volume falls on the template
                continue
    return sorted(found, key=lambda item: item[0])


def _method(pair: _Pair) -> Any:
    import SimpleITK as sitk

    method = sitk.ImageRegistrationMethod()
    method.SetMetricAsMattesMutualInformation(BINS)
    method.SetMetricFixedMask(pair.fixed_mask)
    method.SetMetricMovingMask(pair.moving_mask)
    method.SetInterpolator(sitk.sitkLinear)
    return method


def _optimised(pair: _Pair, start: Any) -> tuple[float, Any]:
    import SimpleITK as sitk

    method = _method(pair)
    method.SetOptimizerAsRegularStepGradientDescent(*STEPS_MM, ITERATIONS, 0.6)
    method.SetOptimizerScalesFromPhysicalShift()
    method.SetInitialTransform(start, inPlace=False)
    found = method.Execute(pair.fixed, pair.moving)
    only = found.GetNthTransform(0) if isinstance(found, sitk.CompositeTransform) else found
    return float(method.GetMetricValue()), sitk.AffineTransform(only)


def _as_affine(start: Any) -> Any:
    import SimpleITK as sitk

    out = sitk.AffineTransform(3)
    out.SetCenter(start.GetCenter())
    out.SetMatrix(start.GetMatrix())
    out.SetTranslation(start.GetTranslation())
    return out


def _matrix(transform: Any) -> NDArray[np.float64]:
    """4x4 in RAS of an ITK affine, which turns about a centre in LPS."""
    turn = np.array(transform.GetMatrix()).reshape(3, 3)
    centre = np.array(transform.GetCenter())
    whole = np.eye(4)
    whole[:3, :3] = turn
    whole[:3, 3] = np.array(transform.GetTranslation()) + centre - turn @ centre
    return np.asarray(LPS_TO_RAS @ whole @ LPS_TO_RAS)
