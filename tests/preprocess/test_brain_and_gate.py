"""The brain region keeps the tumours of real slices and leaves face and air; the gate says little of real slices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage
from skimage.morphology import convex_hull_image

from saliscribe.io.labelled import read_labelled
from saliscribe.io.labelled_pixels import read_pixels
from saliscribe.preprocess.brain import brain_mask, convex_hull, head_mask, otsu_threshold
from saliscribe.preprocess.gate import gate_warnings
from saliscribe.preprocess.grey import scale_grey

ROWS, COLUMNS = np.mgrid[:256, :256].astype(float)


def _ellipse(row: float, column: float, tall: float, wide: float) -> np.ndarray:
    return ((ROWS - row) / tall) ** 2 + ((COLUMNS - column) / wide) ** 2 < 1


def _axial_head() -> tuple[np.ndarray, np.ndarray]:
    """Scalp, skull, brain with ventricles and a bright tumour at the skull; and the true brain."""
    brain = _ellipse(128, 128, 92, 72)
    grey = np.where(_ellipse(128, 128, 108, 88), 0.8, 0.02)
    grey[_ellipse(128, 128, 100, 80)] = 0.05
    grey[brain] = 0.4
    grey[_ellipse(120, 118, 20, 6) | _ellipse(120, 138, 20, 6)] = 0.15
    grey[_ellipse(70, 90, 14, 12) & brain] = 0.9
    noise = np.random.default_rng(0).normal(0, 0.01, grey.shape)
    return np.clip(ndimage.gaussian_filter(grey, 1.0) + noise, 0, 1).astype(np.float32), brain


def test_painted_head() -> None:
    grey, brain = _axial_head()
    found = brain_mask(grey)
    assert (found & brain).sum() / brain.sum() > 0.97
    assert (found & ~_ellipse(128, 128, 103, 83)).sum() / brain.sum() < 0.03, "the scalp stays outside"


def test_skull_stripped_and_larger_and_mirrored() -> None:
    grey, brain = _axial_head()
    bare = np.where(brain, grey, 0.0).astype(np.float32)
    assert (brain_mask(bare) & brain).sum() / brain.sum() > 0.95
    large = np.repeat(np.repeat(grey, 2, 0), 2, 1)
    assert brain_mask(large).shape == (512, 512)
    assert (brain_mask(large)[::2, ::2] ^ brain_mask(grey)).mean() < 0.02
    assert (brain_mask(grey[:, ::-1])[:, ::-1] ^ brain_mask(grey)).mean() < 0.02


@pytest.mark.parametrize(
    "picture", [np.zeros((64, 80)), np.full((100, 70), 0.4), np.zeros((3, 3)), np.eye(40)]
)
def test_no_head_is_no_failure(picture: np.ndarray) -> None:
    found = brain_mask(picture.astype(np.float32))
    assert found.shape == picture.shape
    assert found.dtype == bool
    if picture.max() == picture.min():
        assert not found.any()


def test_hull_and_otsu_agree_with_scikit_image() -> None:
    filters = pytest.importorskip("skimage.filters")
    rng = np.random.default_rng(1)
    for _ in range(10):
        mask = ndimage.binary_dilation(rng.random((30, 40)) > 0.99, iterations=2)
        if mask.any():
            assert np.array_equal(convex_hull(mask), convex_hull_image(mask, offset_coordinates=False))
    values = rng.gamma(2.0, size=(50, 50))
    assert otsu_threshold(values) == pytest.approx(filters.threshold_otsu(values))


def test_real_tumours_stay_inside_and_the_gate_is_quiet(shared: Path) -> None:
    covered, share, warned = [], [], 0
    slices = read_labelled(shared / "data" / "figshare")[::40]
    for item in slices:
        picture, truth = read_pixels(item)
        grey = scale_grey(picture)
        brain = brain_mask(grey)
        assert truth is not None
        covered.append((brain & truth).sum() / truth.sum())
        share.append(brain.sum() / head_mask(grey).sum())
        warned += bool(gate_warnings(grey, brain))
    assert np.mean(covered) > 0.97
    assert np.mean(share) < 0.8, "not simply the whole head"
    assert warned <= 1


def _warn(grey: np.ndarray) -> str:
    grey = grey.astype(np.float32)
    return " | ".join(gate_warnings(grey, brain_mask(grey)))


def test_gate_is_quiet_on_a_head_and_speaks_on_others() -> None:
    rng = np.random.default_rng(2)
    head = _axial_head()[0]
    assert _warn(head) == ""
    assert "uniform" in _warn(np.full((256, 256), 0.3))
    assert "inverted" in _warn(1.0 - head)
    assert "noisy" in _warn(np.clip(head + rng.normal(0, 0.25, head.shape), 0, 1))
    assert "too small" in _warn(head[::8, ::8])
    assert "several images" in _warn(np.hstack([head, head, head]))
    assert "grey levels" in _warn(np.round(head * 4) / 4)
    photograph = ndimage.gaussian_filter(rng.random((256, 256)), 12)
    photograph = (photograph - photograph.min()) / np.ptp(photograph)
    assert "background" in _warn(0.3 + 0.7 * photograph)
    letters = np.zeros((256, 256))
    letters[20:24, 20:40] = letters[200:206, 90:130] = 0.9
    assert "empty" in _warn(letters)
