"""What the network's guess does to search, fit, ranking and refusal, on guesses written by hand."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.anatomy.features import robust_scale
from saliscribe.anatomy.level_network import LevelDistribution, level_bins
from saliscribe.anatomy.level_prior import (
    NETWORK_WEIGHT,
    expected_level,
    level_likelihood,
    likely_levels,
    likely_planes,
    opinion,
    plane_likelihood,
)
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.placement_error import level_error_mm
from saliscribe.anatomy.plane_geometry import level_of, slice_plane
from saliscribe.anatomy.refine import points_of, refine
from saliscribe.anatomy.search import Start, search
from saliscribe.core.names import PLANES


def _guess():
    density = {plane: np.zeros(len(level_bins(plane))) for plane in PLANES}
    density["axial"][[18, 19]] = (0.75, 0.25)  # 0 to 4 and 4 to 8 mm
    density["coronal"][0] = density["sagittal"][0] = 1.0
    return LevelDistribution({"axial": 0.9, "coronal": 0.099, "sagittal": 0.001}, density)


def test_numbers_by_hand():
    guess = _guess()
    assert likely_planes(guess) == ("axial", "coronal")
    low, high = likely_levels(guess, "axial", None)
    assert low == pytest.approx(0.005 / 0.75 * 4 - 4)
    assert high == pytest.approx(8 - 0.005 / 0.25 * 4 + 4)
    assert likely_levels(guess, "sagittal", -20.0) == (14.0, 26.0)
    assert expected_level(guess, "axial", None) == pytest.approx((0.5 / 0.75 * 4, 3.0))
    assert plane_likelihood(guess, "axial") == pytest.approx(NETWORK_WEIGHT * np.log(0.9))
    assert level_likelihood(guess, "axial", 2.0) == pytest.approx(0.0)
    assert level_likelihood(guess, "axial", 6.0) == pytest.approx(NETWORK_WEIGHT * np.log(1 / 3))
    assert opinion(guess, "axial").probability == 0.9
    assert level_error_mm(8.0) == pytest.approx(1.55 * 10)


def test_the_search_stays_between_the_levels():
    volume, mask, _ = paint_phantom(11, "glioma", "axial")
    scaled = robust_scale(volume.picture)
    weight = 1.0 - mask.astype(np.float32)
    found = search(scaled, weight, np.array([1.0]), ("axial",), {"axial": (-10.0, 12.0)})
    assert {start.level_mm for start in found} == {-6.0, 2.0, 10.0}


def test_without_any_contrast_the_fit_goes_to_the_expected_level():
    start = Start(slice_plane("axial", 2.0), 2.0, 1.0, (0.0, 0.0), 0.5)
    points = points_of(np.zeros((200, 200), np.float32), np.zeros((200, 200), np.float32), 1.0, 5.0)
    fit = refine(start, points, 5, expected=(9.0, 3.0))
    assert level_of(fit.affine((200, 200)), "axial") == pytest.approx(9.0, abs=0.5)
