"""Overlap, distances and pointing against SimpleITK, scikit-image and values by hand."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.metrics.overlap import dice, iou, precision, sensitivity
from saliscribe.metrics.pointing import energy_inside, pointing_game
from saliscribe.metrics.surface_distance import hausdorff, hausdorff95, outline

EMPTY = np.zeros((8, 9), dtype=bool)


def _blobs(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[:40, :50]
    masks = [
        (rows - r) ** 2 / a**2 + (columns - c) ** 2 / b**2 < 1
        for r, c, a, b in rng.uniform((12, 14, 4, 4), (28, 36, 11, 11), size=(2, 4))
    ]
    return masks[0], masks[1]


@pytest.mark.parametrize("seed", range(5))
def test_overlap_agrees_with_simpleitk(seed: int) -> None:
    sitk = pytest.importorskip("SimpleITK")
    first, second = _blobs(seed)
    measure = sitk.LabelOverlapMeasuresImageFilter()
    measure.Execute(*(sitk.GetImageFromArray(mask.astype(np.uint8)) for mask in (first, second)))
    assert dice(first, second) == pytest.approx(measure.GetDiceCoefficient())
    assert iou(first, second) == pytest.approx(measure.GetJaccardCoefficient())


@pytest.mark.parametrize("seed", range(5))
def test_hausdorff_agrees_with_scikit_image_and_simpleitk(seed: int) -> None:
    metrics = pytest.importorskip("skimage.metrics")
    sitk = pytest.importorskip("SimpleITK")
    first, second = _blobs(seed)
    assert hausdorff(first, second) == pytest.approx(
        metrics.hausdorff_distance(outline(first), outline(second))
    )
    images = [sitk.GetImageFromArray(outline(mask).astype(np.uint8)) for mask in (first, second)]
    for image in images:
        image.SetSpacing((0.5, 2.0))
    measure = sitk.HausdorffDistanceImageFilter()
    measure.Execute(*images)
    assert hausdorff(first, second, spacing_mm=(2.0, 0.5)) == pytest.approx(measure.GetHausdorffDistance())


def test_hausdorff95_by_hand_and_units() -> None:
    first, second = EMPTY.copy(), EMPTY.copy()
    first[2, 2], second[2, 5] = True, True
    assert hausdorff95(first, second) == 3.0
    assert hausdorff95(first, second, spacing_mm=0.5) == 1.5
    long, dot = np.zeros((1, 101), dtype=bool), np.zeros((1, 101), dtype=bool)
    long[:], dot[0, 0] = True, True
    assert hausdorff95(long, dot) == pytest.approx(95.0)


def test_empty_masks() -> None:
    full = ~EMPTY
    assert (dice(EMPTY, EMPTY), iou(EMPTY, EMPTY), hausdorff95(EMPTY, EMPTY)) == (1.0, 1.0, 0.0)
    assert (dice(EMPTY, full), iou(full, EMPTY), hausdorff95(full, EMPTY)) == (0.0, 0.0, None)
    assert precision(EMPTY, full) is None
    assert sensitivity(full, EMPTY) is None
    with pytest.raises(ValueError, match="one shape"):
        dice(EMPTY, full[:3])


def test_pointing_game() -> None:
    truth = EMPTY.copy()
    truth[3, 3:6] = True
    heat = np.zeros(truth.shape)
    heat[3, 4] = 1.0
    assert pointing_game(heat, truth) is True
    assert pointing_game(np.roll(heat, 2, axis=0), truth) is False
    assert pointing_game(np.roll(heat, 2, axis=0), truth, tolerance_px=2) is True
    assert pointing_game(heat, EMPTY) is None, "an empty truth is no game and never a hit"
    assert pointing_game(np.ones(truth.shape), truth) is False, "a flat map points nowhere"
    heat[0, 0] = 1.0
    assert pointing_game(heat, truth) is False, "one of two equal maxima misses"


def test_energy_inside() -> None:
    truth = EMPTY.copy()
    truth[:4] = True
    assert energy_inside(np.ones(truth.shape), truth) == pytest.approx(0.5)
    assert energy_inside(np.zeros(truth.shape), truth) == 0.0
    assert energy_inside(np.ones(truth.shape), EMPTY) is None
    heat = np.where(truth, 1.0, -5.0)
    assert energy_inside(heat, truth) == 1.0, "negative heat counts as none"
