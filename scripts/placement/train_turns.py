"""Fit the weights of ``anatomy/turn_odds.py``: which of the four turns of a picture is the upright one.

    python scripts/placement/synthesise.py --whole-head ch2.nii.gz --n 400 -o synthetic.npz
    python scripts/placement/train_turns.py --data ../shared/data/figshare --synthetic synthetic.npz \\
        -o turn_weights.safetensors

A logistic regression on the features of the level network: every slice and its mirror image in its four turns, the
upright one to be told from the other three. Real slices of the training folds, and slices of ``synthesise.py``.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from saliscribe.anatomy.level_network import features
from saliscribe.anatomy.slice_window import BRIGHTEST, slice_window
from saliscribe.anatomy.turn_odds import TURNS

#: Weight of the squared, standardised coefficients.
DECAY = 3e-4


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/figshare"))
    parser.add_argument("--synthetic", type=Path, default=Path("synthetic.npz"))
    parser.add_argument("--folds", default="123")
    parser.add_argument("-o", "--out", type=Path, default=Path("turn_weights.safetensors"))
    arguments = parser.parse_args()
    cuts = np.load(arguments.synthetic)["window"]
    windows = [one.astype(np.float32) / 255 * np.float32(BRIGHTEST) for one in cuts]
    windows += real_windows(arguments.data, arguments.folds)
    seen = np.array([in_four_turns(way) for window in windows for way in (window, window[:, ::-1])])
    save_file({"weight": fitted(seen).astype(np.float16)}, arguments.out)


def real_windows(data: Path, folds: str) -> list[NDArray[np.float32]]:
    """The windows of all slices of the folds."""
    with (data / "index.csv").open(newline="", encoding="utf-8") as stream:
        names = [row["file"] for row in csv.DictReader(stream) if row["fold"] in folds]
    return [slice_window(np.asarray(Image.open(data / "images" / name).convert("L"))) for name in names]


def in_four_turns(window: NDArray[np.float32]) -> NDArray[np.float32]:
    """(4, 1152) features, the upright turn first."""
    return np.array([features(turn.apply(window)) for turn in TURNS])


def fitted(seen: NDArray[np.float32]) -> NDArray[np.float64]:
    """(1152,) weights from the features (N, 4, 1152) of slices whose first turn is the upright one."""
    width = seen.reshape(-1, seen.shape[-1]).std(axis=0) + 1e-3
    scaled = (seen / width).astype(np.float32)

    def loss(weight: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = (scaled @ weight.astype(np.float32)).astype(np.float64)
        wrong = softmax(logits, axis=1)
        wrong[:, 0] -= 1.0
        slope = np.tensordot(wrong.astype(np.float32), scaled, axes=((0, 1), (0, 1))) / len(scaled)
        value = -log_softmax(logits, axis=1)[:, 0].mean() + DECAY * float(weight @ weight)
        return value, slope.astype(np.float64) + 2 * DECAY * weight

    found = minimize(loss, np.zeros(seen.shape[-1]), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return np.asarray(found.x / width)


if __name__ == "__main__":
    main()
