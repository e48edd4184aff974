"""Sizes and heat measures against shapes with known answers and against scikit-image."""

from __future__ import annotations

import math

import numpy as np
import pytest
from skimage.draw import disk, ellipse
from skimage.measure import regionprops

from saliscribe.findings.measure_extent import count_parts, largest_part, measure_extent
from saliscribe.findings.measure_heat import energy_inside, heat_outside, overlap_dice, peak_inside


def _canvas() -> np.ndarray:
    return np.zeros((128, 128), dtype=bool)


def test_a_rectangle_has_its_diagonal_and_area():
    mask = _canvas()
    mask[10:40, 20:60] = True
    extent = measure_extent(mask)
    assert extent.area == 1200
    assert extent.longest == pytest.approx(50.0)
    assert measure_extent(mask, (0.5, 0.5)).longest == pytest.approx(25.0)
    assert measure_extent(mask, (2.0, 0.5)).area == pytest.approx(1200.0)
    assert measure_extent(mask, (2.0, 0.5)).longest == pytest.approx(math.hypot(60.0, 20.0))


@pytest.mark.parametrize("angle", [0.0, 0.4, 1.1])
def test_an_ellipse_has_its_two_axes(angle):
    mask = _canvas()
    mask[ellipse(64, 64, 40, 18, rotation=angle)] = True
    extent = measure_extent(mask)
    assert extent.longest == pytest.approx(80, abs=2.0)
    assert extent.perpendicular == pytest.approx(36, abs=2.5)


def test_the_longest_diameter_is_the_feret_diameter_of_scikit_image():
    rng = np.random.default_rng(3)
    for _ in range(5):
        mask = _canvas()
        for row, column in rng.integers(45, 80, (4, 2)):
            mask[disk((row, column), rng.integers(6, 20))] = True
        oracle = regionprops(largest_part(mask).astype(int))[0].feret_diameter_max
        assert measure_extent(mask).longest == pytest.approx(oracle, abs=1.0)


def test_an_empty_mask_has_no_extent_and_one_pixel_has_one():
    assert measure_extent(_canvas()) is None
    one = _canvas()
    one[5, 5] = True
    assert measure_extent(one).longest == pytest.approx(math.sqrt(2))
    assert count_parts(_canvas()) == 0
    assert count_parts(one) == 1


def test_heat_measures_by_hand():
    heat = np.zeros((4, 4), dtype=np.float32)
    heat[0, 0], heat[1, 1], heat[3, 3] = 1.0, 2.0, 1.0
    brain = np.zeros((4, 4), dtype=bool)
    brain[:3, :3] = True
    region = np.zeros((4, 4), dtype=bool)
    region[1, 1] = True
    assert energy_inside(heat, region, brain) == pytest.approx(2 / 3)
    assert heat_outside(heat, brain) == pytest.approx(1 / 4)
    assert peak_inside(heat, region, brain) is True
    assert overlap_dice(region, brain) == pytest.approx(2 / 10)


def test_without_a_brain_region_the_whole_picture_counts():
    heat = np.zeros((4, 4), dtype=np.float32)
    heat[1, 1], heat[3, 3] = 1.0, 3.0
    region, nowhere = np.zeros((4, 4), dtype=bool), np.zeros((4, 4), dtype=bool)
    region[1, 1] = True
    assert energy_inside(heat, region, nowhere) == pytest.approx(1 / 4)
    assert peak_inside(heat, region, nowhere) is False
    assert heat_outside(heat, nowhere) is None


def test_nothing_to_compare_is_none_and_never_a_hit():
    empty, brain = np.zeros((4, 4), dtype=bool), np.ones((4, 4), dtype=bool)
    heat = np.ones((4, 4), dtype=np.float32)
    assert peak_inside(heat, empty, brain) is None
    assert peak_inside(np.zeros_like(heat), brain, brain) is None
    assert energy_inside(heat, empty, brain) is None
    assert overlap_dice(empty, empty) is None
    corner = empty.copy()
    corner[0, 0] = True
    assert peak_inside(heat, corner, brain) is False
