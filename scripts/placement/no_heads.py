"""How many pictures that show no head are placed.

    python scripts/placement/no_heads.py
    python scripts/placement/no_heads.py --scans FOLDER

Cut-outs of the pictures that scikit-image carries, fourteen of each, turned at random, every third in the shape of an
ellipse; plain figures; noise, gradients and checks; shapes filled with textures (``made_no_heads.py``, other ones than
those that the evidence was fitted to); scans of other parts of the body among pydicom's test files; with ``--scans``
also slices of the DICOM and NRRD files of a folder.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import SimpleITK
from made_no_heads import made
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.data import get_testdata_file
from scipy import ndimage
from skimage import data

from saliscribe.anatomy.placement import place
from saliscribe.anatomy.template_planes import warm_up

PICTURES = (
    "astronaut camera coins moon page text clock horse brick grass gravel coffee chelsea rocket immunohistochemistry "
    "hubble_deep_field retina cell colorwheel cat logo microaneurysms stereo_motorcycle shepp_logan_phantom"
)
CUTS, LARGEST_PX = 14, 200
#: Abdomen (MR), spine (CT), vessel (MR), whole body (scintigram), heart and lymph node (ultrasound), a liver's outline.
SCANS = "examples_overlay CT_small MR_small JPGExtended examples_ybr_color examples_rgb_color liver_1frame"
#: Side of a plain figure; slices of a volume along each axis; windows (lowest, highest) in which a CT is shown.
SIDE, SLICES, WINDOWS = 160, 8, ((-160, 240), (-1000, 400))
Shown = Iterator[tuple[str, NDArray[np.float32]]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scans", type=Path)
    folder = parser.parse_args().scans
    warm_up()
    for source in (scans(), cut_outs(), figures()) if folder is None else (volumes(folder),):
        shown: Counter[str] = Counter()
        placed: Counter[str] = Counter()
        for kind, picture in source:
            shown[kind] += 1
            placed[kind] += place(picture).affine is not None
        for kind, count in shown.items():
            print(f"{kind}: {placed[kind]} of {count} placed")
        print(f"together: {placed.total()} of {shown.total()} placed", flush=True)


def cut_outs() -> Shown:
    """(shape, picture): 336 of them, always the same."""
    random = np.random.default_rng(4)
    for name in PICTURES.split():
        loaded = getattr(data, name)()
        whole = np.asarray(loaded[0] if isinstance(loaded, tuple) else loaded, dtype=np.float64)
        whole = whole[..., :3].mean(axis=2) if whole.ndim == 3 else whole
        for number in range(CUTS):
            side = int(random.uniform(0.3, 1) * min(whole.shape))
            top, left = (int(random.integers(0, length - side + 1)) for length in whole.shape)
            step = max(1, side // LARGEST_PX)
            cut = np.rot90(whole[top : top + side : step, left : left + side : step], number % 4)
            if number % 3 == 0:
                cut = np.where(_ellipse(cut.shape), cut, 0.0)
            yield "photograph, ellipse" if number % 3 == 0 else "photograph, square", cut.astype(np.float32)


def _ellipse(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    down, right = (place / length - 0.5 for place, length in zip(np.indices(shape), shape, strict=True))
    return np.asarray((down / 0.45) ** 2 + (right / 0.35) ** 2 < 1)


def figures() -> Shown:
    """Discs and ellipses of three sizes in five ways, noise, gradients, checks, and shapes with textures."""
    random = np.random.default_rng(3)
    down, right = np.indices((SIDE, SIDE)) - SIDE / 2
    for width in (0, 1, 2, 4, 8, 16):
        yield "noise", ndimage.gaussian_filter(random.random((SIDE, SIDE)), width).astype(np.float32)
    for angle in range(4):
        yield "gradient", (down * np.cos(angle) + right * np.sin(angle)).astype(np.float32)
    for width in (4, 8, 16, 40):
        yield "checks", ((down // width + right // width) % 2).astype(np.float32)
    for size in (30, 50, 70):
        for wide in (1, 0.85, 0.7):
            radius = np.hypot(down / size, right / (size * wide))
            inside = radius < 1
            slices = np.cos(12 * np.arctan2(down, right / wide)) > -0.8
            orange = inside * (
                0.75 + 0.2 * slices * (radius < 0.85) - 0.3 * ((radius > 0.85) & (radius < 0.9))
            )
            filled = inside * (0.7 + 0.15 * random.standard_normal((SIDE, SIDE)))
            yield "disc", inside.astype(np.float32)
            yield "disc with a rim", (inside * (1 - 0.6 * (radius < 0.88))).astype(np.float32)
            yield "disc, soft", np.clip(1.2 - radius, 0, 1).astype(np.float32)
            yield "disc with noise", filled.astype(np.float32)
            yield "orange, cut", ndimage.gaussian_filter(orange, 1).astype(np.float32)
    yield from (("shape with a texture", picture) for picture in made(12, 40))


def scans() -> Shown:
    """Other parts of the body, as pydicom carries them."""
    for name in SCANS.split():
        path = get_testdata_file(f"{name}.dcm")
        values = dcmread(str(path)).pixel_array.astype(np.float32)
        values = values[0] if values.ndim == 4 else values  # of a film the first picture
        yield f"scan {name}", values.mean(axis=2) if values.ndim == 3 else values


def volumes(folder: Path) -> Shown:
    """Slices along all axes of every file that SimpleITK reads; a CT in two windows."""
    for path in sorted(path for path in folder.iterdir() if path.suffix in (".dcm", ".nrrd", ".nii", ".gz")):
        image = SimpleITK.ReadImage(str(path))
        if image.GetNumberOfComponentsPerPixel() > 1:
            continue
        values = SimpleITK.GetArrayFromImage(image).astype(np.float32)
        steps = image.GetSpacing()[::-1]
        for axis in range(3 if len(values) > 1 else 1):
            for number in np.unique(np.linspace(0, values.shape[axis] - 1, SLICES + 2).astype(int)[1:-1]):
                high, wide = (step for other, step in enumerate(steps) if other != axis)
                cut = values.take(number, axis) if axis == 0 else values.take(number, axis)[::-1]
                cut = ndimage.zoom(cut, (high / wide, 1), order=1) if high != wide else cut
                for low, top in WINDOWS if values.min() < -500 else ((cut.min(), cut.max()),):
                    yield path.name, np.clip(cut, low, top) - low


if __name__ == "__main__":
    main()
