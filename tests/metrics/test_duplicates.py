"""Near-duplicates: found through resizing, compression, brightness and mirroring; unlike pictures are not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from saliscribe.metrics.duplicates import duplicate_groups, find_duplicates, fingerprint


def _head(seed: int, side: int = 200) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:side, :side] / side - 0.5
    picture = np.where(rows**2 / 0.2 + columns**2 / rng.uniform(0.1, 0.16) < 1, 0.35, 0.0)
    for _ in range(14):
        r, c = rng.uniform(-0.3, 0.3, 2)
        picture += rng.uniform(-0.25, 0.5) * np.exp(
            -((rows - r) ** 2 + (columns - c) ** 2) / rng.uniform(0.001, 0.01)
        )
    return (np.clip(picture, 0, 1) * 255).astype(np.uint8)


def _again(picture: np.ndarray, side: int, quality: int, mirrored: bool, gain: float = 1.0) -> np.ndarray:
    bright = np.clip(picture[:, ::-1] if mirrored else picture, 0, 255).astype(np.float32) * gain
    stored = io.BytesIO()
    Image.fromarray(bright.astype(np.uint8)).resize((side, side), Image.Resampling.BILINEAR).save(
        stored, "JPEG", quality=quality
    )
    return np.asarray(Image.open(stored))


def test_copies_are_found_and_others_are_not() -> None:
    pictures = [_head(seed) for seed in range(12)]
    pictures += [
        _again(pictures[0], 150, 60, False),
        _again(pictures[1], 256, 40, True),
        _again(pictures[2], 200, 90, False, 0.7),
    ]
    pairs = find_duplicates([fingerprint(picture) for picture in pictures])
    assert {(pair.first, pair.second, pair.mirrored) for pair in pairs} == {
        (0, 12, False),
        (1, 13, True),
        (2, 14, False),
    }


def test_only_pairs_across_groups() -> None:
    prints = [fingerprint(picture) for picture in (_head(1), _head(1), _head(2), _head(1)[:, ::-1])]
    pairs = find_duplicates(prints, groups=["a", "a", "a", "b"])
    assert {(pair.first, pair.second) for pair in pairs} == {(0, 3), (1, 3)}
    groups = duplicate_groups(4, find_duplicates(prints))
    assert groups[0] == groups[1] == groups[3] != groups[2]


def test_flat_pictures_are_like_nothing() -> None:
    prints = [fingerprint(np.zeros((50, 50))), fingerprint(np.full((40, 60), 9.0))]
    assert find_duplicates(prints) == []


def test_fingerprint_is_the_mean_over_boxes() -> None:
    picture = np.random.default_rng(0).uniform(0.5, 1.0, (96, 160))
    boxes = (
        np.minimum(picture, np.percentile(picture.astype(np.float32), 99))
        .reshape(32, 3, 32, 5)
        .mean(axis=(1, 3))
    )
    boxes -= boxes.mean()
    assert fingerprint(picture) == pytest.approx(boxes / np.linalg.norm(boxes), abs=1e-5)
