"""Interpolation of several fields against scipy, inside, on the edges of and outside the grid."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from saliscribe.anatomy.interpolate import interpolate


def test_agrees_with_scipy_everywhere() -> None:
    rng = np.random.default_rng(4)
    fields = rng.standard_normal((7, 5, 6, 3)).astype(np.float32)
    valid = rng.integers(0, 2, (7, 5, 6)).astype(np.float32)
    last = np.array([6.0, 4.0, 5.0])
    edges = np.array([[0, 0, 0], last, [6, 0, 2.25], [-1e-9, 2, 2], [3, 4.0000001, 1], [2.25, 3, 5]])
    index = np.vstack([rng.uniform(-1, last + 1, (500, 3)), edges]).T

    values, inside = interpolate(fields, valid, index)

    for channel in range(3):
        expected = ndimage.map_coordinates(fields[..., channel], index, order=1, cval=0.0)
        np.testing.assert_allclose(values[channel], expected, atol=2e-6)
    np.testing.assert_array_equal(inside, ndimage.map_coordinates(valid, index, order=0, cval=0.0))


def test_a_linear_field_is_met_exactly() -> None:
    grid = np.stack(np.meshgrid(*(np.arange(n) for n in (3, 4, 5)), indexing="ij"), axis=-1)
    fields = (grid @ np.array([[2.0], [-1.0], [0.5]])).astype(np.float32)

    values, _ = interpolate(fields, np.ones((3, 4, 5), np.float32), np.array([[1.25], [2.5], [0.75]]))

    np.testing.assert_allclose(values, [[2.5 - 2.5 + 0.375]], atol=1e-6)
