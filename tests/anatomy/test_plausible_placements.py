"""Probabilities of names over plausible placements, worked out by hand on an atlas of two halves."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.anatomy.atlas import Atlas, AtlasLabel
from saliscribe.anatomy.plausible_placements import plausible_affines, structure_probabilities
from saliscribe.core.records.localisation import Placement


def _placement(level, half):
    affine = np.array([[0.0, -1, 0, 4], [-1, 0, 0, 4], [0, 0, 1, level], [0, 0, 0, 1]])
    return Placement("axial", "C", level, (level - half, level + half), 0.2, affine, "test", "by hand")


def _two_halves():
    labels = np.ones((41, 41, 201), dtype=np.uint8)
    labels[:, :, 100:] = 2  # from z = 0 mm upwards
    affine = np.eye(4)
    affine[:3, 3] = (-20, -20, -100)
    table = (
        AtlasLabel(1, "lower", "midline", "nucleus", None),
        AtlasLabel(2, "upper", "midline", "nucleus", None),
    )
    return Atlas("halves", "test", labels, affine, table, "none", "here", "0")


def test_levels_are_equal_parts_of_a_normal_distribution():
    levels = [affine[2, 3] for affine in plausible_affines(_placement(5.0, 16.45))]
    assert len(levels) == 45
    assert np.mean(levels) == pytest.approx(5.0)
    # standard deviation 10 mm: the outermost of nine equal parts has its middle at the 1/18 quantile, -1.593
    assert min(levels) == pytest.approx(5.0 - 15.93, abs=0.01)


def test_probability_by_hand():
    # levels 5 + 10 z, z = -1.59 -0.97 -0.59 -0.28 0 0.28 ...: six of nine lie above 0 mm, three below
    found = structure_probabilities(
        np.ones((9, 9), dtype=bool), _placement(5.0, 16.45), _two_halves(), True, 0.05
    )
    assert found == {("upper", "midline"): pytest.approx(6 / 9), ("lower", "midline"): pytest.approx(3 / 9)}


def test_a_sure_level_gives_sure_names():
    found = structure_probabilities(
        np.ones((9, 9), dtype=bool), _placement(5.0, 1.0), _two_halves(), True, 0.05
    )
    assert found == {("upper", "midline"): 1.0}


def test_without_a_place_there_is_nothing():
    nowhere = Placement(None, "D", None, None, None, None, "test", "refused")
    assert list(plausible_affines(nowhere)) == []
