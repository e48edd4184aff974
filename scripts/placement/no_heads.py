"""How many pictures that show no head are placed: cut-outs of the pictures that scikit-image carries.

    python scripts/placement/no_heads.py

Fourteen squares of each picture, cut and turned at random; every third of them in the shape of an ellipse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from skimage import data

from saliscribe.anatomy.placement import place
from saliscribe.anatomy.template_planes import warm_up

PICTURES = (
    "astronaut camera coins moon page text clock horse brick grass gravel coffee chelsea rocket immunohistochemistry "
    "hubble_deep_field retina cell colorwheel cat logo microaneurysms stereo_motorcycle shepp_logan_phantom"
)
CUTS, LARGEST_PX = 14, 200


def main() -> None:
    warm_up()
    shown: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    for shape, picture in cut_outs():
        found = place(picture)
        shown[shape] += 1
        placed[shape] += found.affine is not None
        if found.affine is not None and found.residual is not None and found.residual > 0.5:
            placed[f"{shape}, a poor match"] += 1
    print(f"placed {dict(placed)} of {dict(shown)}")


def cut_outs() -> Iterator[tuple[str, NDArray[np.float32]]]:
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
            yield "ellipse" if number % 3 == 0 else "rectangle", cut.astype(np.float32)


def _ellipse(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    down, right = (place / length - 0.5 for place, length in zip(np.indices(shape), shape, strict=True))
    return np.asarray((down / 0.45) ** 2 + (right / 0.35) ** 2 < 1)


if __name__ == "__main__":
    main()
