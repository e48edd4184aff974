"""Colours and outlines against matplotlib and scikit-image, which the package itself does not need to draw."""

from __future__ import annotations

import re

import numpy as np
import pytest

from saliscribe.anatomy.placement_picture import boundaries
from saliscribe.reporting.outline import outline_path
from saliscribe.reporting.pictures import HEAT_RGBA, heat_steps


def test_colours_are_those_of_matplotlib():
    colormaps = pytest.importorskip("matplotlib").colormaps
    values = np.linspace(0, 1, 1001)
    expected = np.rint(255 * colormaps["inferno"](values)[:, :3])
    assert np.array_equal(HEAT_RGBA[heat_steps(values), :3], expected.astype(np.uint8))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_boundaries_are_those_of_scikit_image(share):
    find_boundaries = pytest.importorskip("skimage.segmentation").find_boundaries
    rng = np.random.default_rng(3)
    mask = rng.random((40, 37)) < share
    labels = rng.integers(0, 3, (23, 31)).astype(np.uint8)
    assert np.array_equal(boundaries(mask), find_boundaries(mask, mode="thick"))
    assert np.array_equal(boundaries(mask) & mask, find_boundaries(mask, mode="inner"))
    assert np.array_equal(boundaries(labels) & (labels != 0), find_boundaries(labels, mode="inner"))


def _loops(lines):
    """Closed lines, whatever point they start from and whichever way they run."""
    return {
        frozenset(frozenset(pair) for pair in zip(line, [*line[1:], line[0]], strict=True)) for line in lines
    }


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_outlines_are_those_of_scikit_image(share):
    find_contours = pytest.importorskip("skimage.measure").find_contours
    mask = np.random.default_rng(4).random((30, 41)) < share
    ours = [
        [tuple(float(x) for x in point.split(",")) for point in loop.split()]
        for loop in re.findall(r"M([^Z]*)Z", outline_path(mask))
    ]
    theirs = [
        [(float(c) - 0.5, float(r) - 0.5) for r, c in line[:-1]]
        for line in find_contours(np.pad(mask.astype(float), 1), 0.5)
    ]
    assert _loops(ours) == _loops(theirs)
