"""Turns, planes and levels: exact geometry with hand-worked values."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from saliscribe.anatomy.image_side import image_side_of, side_of
from saliscribe.anatomy.plane_geometry import level_of, slice_plane
from saliscribe.anatomy.turns import Turn, turn_to_display
from saliscribe.core.names import PLANES


@pytest.mark.parametrize("flags", list(product((False, True), repeat=3)))
def test_a_turn_takes_pixels_and_indices_along(flags):
    turn = Turn(*flags)
    picture = np.arange(12).reshape(3, 4)
    turned = turn.apply(picture)
    matrix = turn.matrix(picture.shape)
    for row, column in np.ndindex(picture.shape):
        new = matrix @ np.array([row, column, 0.0, 1.0])
        assert turned[int(new[0]), int(new[1])] == picture[row, column]


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("flags", list(product((False, True), repeat=3)))
def test_a_header_brings_any_storage_order_back_to_the_display(plane, flags):
    place = slice_plane(plane, 10.0)
    shown = np.eye(4)
    shown[:3, 0], shown[:3, 1], shown[:3, 2] = place.down, place.right, np.cross(place.down, place.right)
    picture = np.arange(30.0).reshape(5, 6)
    stored = Turn(*flags)
    affine = shown @ np.linalg.inv(stored.matrix(picture.shape))
    assert (turn_to_display(affine, plane).apply(stored.apply(picture)) == picture).all()


@pytest.mark.parametrize(("plane", "level"), [("axial", 24.0), ("coronal", -40.0), ("sagittal", 17.0)])
def test_level_of_a_straight_slice_is_its_coordinate(plane, level):
    place = slice_plane(plane, level)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 3] = place.down, place.right, place.centre
    assert level_of(affine, plane) == pytest.approx(level)


def test_level_of_a_nodding_slice_is_read_at_the_middle_of_the_brain():
    place = slice_plane("axial", 8.0, pitch_deg=20.0)  # through the pivot: the nod does not change the level
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 3] = place.down, place.right, place.centre
    assert level_of(affine, "axial") == pytest.approx(8.0)


def test_sides_of_points():
    left = np.array([[-30.0, 0, 0], [-20, 0, 0]])
    assert side_of(left) == "left"
    assert side_of(-left) == "right"
    assert side_of(np.array([[-5.0, 0, 0], [6, 0, 0]])) == "midline"
    assert side_of(np.zeros((0, 3))) == "not_assessed"
    radiological = np.array([[0.0, -1, 0, 90], [-1, 0, 0, 90], [0, 0, 1, 0], [0, 0, 0, 1]])
    assert image_side_of(left, radiological, "axial") == "image-right"
    assert image_side_of(left, radiological, "sagittal") == "not_assessed"
    neurological = radiological * np.array([1.0, -1, 1, 1])
    assert image_side_of(left, neurological, "axial") == "image-left"
    lying = radiological[:, [1, 0, 2, 3]]
    assert image_side_of(left, lying, "axial") == "not_assessed"
