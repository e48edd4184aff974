"""What is no head is refused, however well its outline fits: its brain is flat, or unlike, or the network wavers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from skimage import data

from saliscribe.anatomy.edge_agreement import FLAT_SLOPE, edge_agreement
from saliscribe.anatomy.head_evidence import LARGEST_FLAT, head_evidence
from saliscribe.anatomy.level_prior import Opinion
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.plane_geometry import slice_plane
from saliscribe.anatomy.refine import Fit
from saliscribe.anatomy.search import Start

SIDE = 160
DOWN, RIGHT = np.indices((SIDE, SIDE)) - SIDE / 2


def test_edges_that_run_the_same_way_agree():
    """By hand: equal slopes give s^2 / (s^2 + (s / 4)^2) = 16 / 17 everywhere, a right angle 0."""
    slopes = np.array([[2.0, 0.0, 2.0], [0.0, 2.0, 0.0]])
    turned = np.array([[0.0, 2.0, 0.0], [2.0, 0.0, 2.0]])
    weight = np.array([1.0, 2.0, 1.0])
    assert pytest.approx(0.25) == FLAT_SLOPE
    assert edge_agreement(slopes, slopes, weight) == pytest.approx(16 / 17)
    assert edge_agreement(-slopes, slopes, weight) == pytest.approx(-16 / 17)
    assert edge_agreement(turned, slopes, weight) == pytest.approx(0.0)
    assert edge_agreement(np.zeros_like(slopes), slopes, weight) == 0.0
    assert edge_agreement(slopes, slopes, np.zeros(3)) == 0.0
    assert edge_agreement(slopes, np.zeros_like(slopes), weight) == 0.0


def _fit(**parts):
    start = Start(slice_plane("axial", 0.0), 0.0, 1.0, (0.0, 0.0), 0.9)
    nothing = np.zeros(3)
    fit = Fit("axial", nothing, nothing, nothing, 0.9, np.zeros(9), start)
    return replace(fit, network=Opinion(0.999, 0.0, 6.0), alike=0.7, edges=0.3, **parts)


def test_a_wavering_network_and_a_strange_brain_speak_against_a_head():
    head = _fit()
    assert head_evidence(head) > 3
    assert head_evidence(replace(head, alike=0.4)) < 0
    assert head_evidence(replace(head, network=Opinion(0.7, 0.0, 30.0))) < 0
    assert head_evidence(replace(head, edges=0.0)) < head_evidence(head)
    assert head_evidence(replace(head, flat=LARGEST_FLAT + 0.01)) < 0


def _ellipse():
    return np.hypot(DOWN / 70, RIGHT / 60)


@pytest.mark.parametrize("within", [1.0, 0.4])
def test_an_empty_ellipse_is_refused_with_and_without_a_rim(within):
    found = place(((_ellipse() < 1) * np.where(_ellipse() < 0.88, within, 1.0)).astype(np.float32))
    assert found.grade == "D"
    assert found.affine is None
    assert found.how == "no slice of the head template fits the picture"


def test_a_photograph_in_the_shape_of_a_head_is_refused():
    picture = data.coins()[:SIDE, :SIDE] * (_ellipse() < 1)
    assert place(picture.astype(np.float32)).affine is None
