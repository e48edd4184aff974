"""Pictures without a head, made up: discs, ellipses, boxes, blobs, some with a rim, filled with textures or photos."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from sklearn.datasets import load_sample_images

#: Cut-outs of each photograph, and how many pixels wide they are at most.
CUTS, LARGEST_PX = 12, 200
OUTLINES = ("disc", "ellipse", "box", "blob")


def made(seed: int, count: int) -> Iterator[NDArray[np.float32]]:
    """Shapes filled with textures, always the same for a seed."""
    random = np.random.default_rng(seed)
    for number in range(count):
        shape = (int(random.integers(120, 257)), int(random.integers(120, 257)))
        yield _dressed(random, _texture(random, shape), OUTLINES[number % 4])


def cut_out(seed: int) -> Iterator[NDArray[np.float32]]:
    """Cut-outs of the photographs and maps that scikit-learn and matplotlib carry, four of five as a shape."""
    random = np.random.default_rng(seed)
    for whole in _photographs():
        for number in range(CUTS):
            side = int(random.uniform(0.25, 1) * min(whole.shape))
            top, left = (int(random.integers(0, length - side + 1)) for length in whole.shape)
            step = max(1, side // LARGEST_PX)
            cut = np.rot90(whole[top : top + side : step, left : left + side : step], number % 4)
            shaped = number % 5 > 0
            yield _dressed(random, cut, OUTLINES[number // 4 % 4]) if shaped else cut.astype(np.float32)


def _photographs() -> Iterator[NDArray[np.float64]]:
    folder = Path(matplotlib.get_data_path()) / "sample_data"
    files = ("grace_hopper.jpg", "Minduka_Present_Blue_Pack.png")
    for colour in (
        *load_sample_images().images,
        *(Image.open(folder / name).convert("RGB") for name in files),
    ):
        yield np.asarray(colour, dtype=np.float64).mean(axis=2)
    for name, part in (("topobathy.npz", "topo"), ("jacksboro_fault_dem.npz", "elevation")):
        yield np.asarray(np.load(folder / name)[part], dtype=np.float64)


def _radius(random: Generator, shape: tuple[int, ...], outline: str) -> NDArray[np.float64]:
    """Distance from the middle of the picture, 1 on the outline."""
    down, right = (
        2 * place / (length - 1) - 1 for place, length in zip(np.indices(shape), shape, strict=True)
    )
    high, wide = random.uniform(0.6, 0.97, 2)
    high = wide if outline == "disc" else high
    power = random.uniform(2.2, 5) if outline == "box" else 2.0
    angle = random.uniform(0, np.pi) if outline in ("box", "blob") else 0.0
    u, v = down * np.cos(angle) + right * np.sin(angle), right * np.cos(angle) - down * np.sin(angle)
    radius = (np.abs(u / high) ** power + np.abs(v / wide) ** power) ** (1 / power)
    if outline == "blob":
        turn = np.arctan2(v, u)
        waves = (random.normal(0, 0.06) * np.cos(k * turn + random.uniform(0, 6)) for k in range(2, 7))
        radius = 1.05 * radius * (1 + sum(waves))
    return np.asarray(radius)


def _texture(random: Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    down, right = np.indices(shape)

    def noise(width: float) -> NDArray[np.float64]:
        smooth = ndimage.gaussian_filter(random.random(shape), width)
        return np.asarray((smooth - smooth.min()) / (np.ptp(smooth) + 1e-9))

    kind = random.integers(6)
    if kind == 0:
        return noise(random.uniform(0, 12))
    if kind == 1:
        return 0.8 + 0.1 * random.random() * noise(1)
    if kind == 2:
        return 0.5 + 0.4 * np.sin(
            2 * np.pi * (down * random.uniform(-0.1, 0.1) + right * random.uniform(-0.1, 0.1))
        )
    if kind == 3:
        return 0.5 * noise(8) + 0.5 * noise(2)
    if kind == 4:
        return _organs(random, shape)
    return np.clip(0.2 + 0.8 * (down / shape[0] * random.normal() + right / shape[1] * random.normal()), 0, 1)


def _organs(random: Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Up to thirteen blobs of even grey on even grey."""
    out = np.full(shape, 0.5)
    for _ in range(random.integers(1, 14)):
        side = int(random.uniform(0.08, 0.5) * min(shape))
        top, left = (int(random.integers(0, length - side)) for length in shape)
        out[top : top + side, left : left + side][_radius(random, (side, side), "blob") < 1] = random.random()
    return out


def _dressed(random: Generator, filling: NDArray[np.float64], outline: str) -> NDArray[np.float32]:
    """The filling within an outline, now and then with a bright rim and a dark one within that, blurred, noisy."""
    low, high = np.percentile(filling, [1, 99])
    filling = np.clip((filling - low) / max(high - low, 1e-9), 0, 1.2)
    if random.random() < 0.5:
        filling = random.uniform(0.1, 0.6) + filling * random.uniform(0.2, 0.9)
    radius = _radius(random, filling.shape, outline)
    out = filling * (radius < 1)
    if random.random() < 0.5:
        rim = random.uniform(0.03, 0.15)
        out[(radius < 1) & (radius > 1 - rim)] = random.uniform(0.6, 1.3)
        if random.random() < 0.5:
            dark = rim + random.uniform(0.03, 0.12)
            out[(radius <= 1 - rim) & (radius > 1 - dark)] = random.uniform(0, 0.3)
    out = ndimage.gaussian_filter(out, random.uniform(0, 1.2))
    if random.random() < 0.5:
        out = out + random.normal(0, random.uniform(0, 0.03), out.shape)
    return out.astype(np.float32)
