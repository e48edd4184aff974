"""The last step of a placement: a brain that lies otherwise in its skull than the template's is found by the brain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import ndimage

from saliscribe.anatomy import template_planes
from saliscribe.anatomy.features import robust_scale
from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.plane_geometry import slice_plane
from saliscribe.anatomy.refine import points_of, refine
from saliscribe.anatomy.search import Start
from saliscribe.anatomy.settle import BRAIN_HALF_AXES_MM, BRAIN_MIDDLE_MM, settle
from saliscribe.anatomy.template_planes import brain_volume, template_volume

SIDE, PIXEL_MM = 128, 2.0


def _slice_with_shifted_skull(place, back_mm):
    """The template's slice, with all that lies outside its brain moved to the back of the head."""
    offset = (np.arange(SIDE) - (SIDE - 1) / 2) * PIXEL_MM
    down, right = np.meshgrid(offset, offset, indexing="ij")
    points = place.centre[:, None] + np.outer(place.down, down) + np.outer(place.right, right)
    radius = np.linalg.norm((points - BRAIN_MIDDLE_MM) / BRAIN_HALF_AXES_MM, axis=0)
    points[1] += back_mm * (radius > 1.0)
    template = head_template()
    index = (points - template.origin_mm[:, None]) / template.step_mm
    return ndimage.map_coordinates(template.intensity, index, order=1).reshape(SIDE, SIDE)


def test_the_brain_outweighs_a_skull_that_lies_elsewhere():
    place = slice_plane("axial", 12.0)
    picture = robust_scale(_slice_with_shifted_skull(place, 8.0))
    points = points_of(picture, np.ones_like(picture), PIXEL_MM, 5.0)
    start = Start(place, 12.0, PIXEL_MM, (0.0, 0.0), 1.0)
    fit = refine(start, points, 14)
    settled = settle([fit], {PIXEL_MM: points}, 14)

    off, still_off = (np.linalg.norm(one.origin - place.centre) for one in (fit, settled))
    assert off > 2.0
    assert still_off < 0.6 * off
    assert settled.similarity == fit.similarity


def test_a_head_like_the_template_stays_where_it_is():
    place = slice_plane("coronal", -20.0)
    picture = robust_scale(_slice_with_shifted_skull(place, 0.0))
    points = points_of(picture, np.ones_like(picture), PIXEL_MM, 5.0)
    fit = refine(Start(place, -20.0, PIXEL_MM, (0.0, 0.0), 1.0), points, 14)
    assert np.linalg.norm(settle([fit], {PIXEL_MM: points}, 14).origin - place.centre) < 1.0


def test_a_fit_that_ranks_lower_is_taken_where_its_brain_fits():
    place = slice_plane("axial", 20.0)
    picture = robust_scale(_slice_with_shifted_skull(place, 0.0))
    points = points_of(picture, np.ones_like(picture), PIXEL_MM, 5.0)
    elsewhere = refine(Start(slice_plane("axial", 52.0), 52.0, PIXEL_MM, (0.0, 0.0), 1.0), points, 0)
    near = refine(Start(place, 20.0, PIXEL_MM, (0.0, 0.0), 1.0), points, 0)

    settled = settle([replace(elsewhere, similarity=0.9), near], {PIXEL_MM: points}, 14)
    assert np.linalg.norm(settled.origin - place.centre) < 2.0
    assert settled.similarity == 0.9
    assert settled.alike > 0.8
    assert settled.edges > 0.5


def test_what_is_thought_of_a_level_counts():
    place = slice_plane("coronal", -20.0)
    picture = robust_scale(_slice_with_shifted_skull(place, 0.0))
    points = points_of(picture, np.ones_like(picture), PIXEL_MM, 5.0)
    fits = [
        refine(Start(slice_plane("coronal", level), level, PIXEL_MM, (0.0, 0.0), 1.0), points, 0)
        for level in (-20.0, -50.0)
    ]
    there = settle(fits, {PIXEL_MM: points}, 4)
    elsewhere = settle(
        fits, {PIXEL_MM: points}, 4, likelihood=lambda level_mm: 0.1 * min(0.0, -35.0 - level_mm)
    )
    assert there.origin[1] > -25.0 > -35.0 > elsewhere.origin[1]


def test_no_mirror_image_is_taken():
    place = slice_plane("sagittal", 6.0)
    picture = robust_scale(_slice_with_shifted_skull(place, 0.0))
    points = points_of(picture, np.ones_like(picture), PIXEL_MM, 5.0)
    mirrored = slice_plane("sagittal", 6.0, mirrored=True)
    fits = [refine(Start(one, 6.0, PIXEL_MM, (0.0, 0.0), 1.0), points, 0) for one in (mirrored, place)]
    assert float(settle(fits, {PIXEL_MM: points}, 8).right @ mirrored.right) > 0


def test_without_the_brain_of_the_atlas_slices_settle_on_the_template_alone(monkeypatch):
    monkeypatch.setattr(template_planes, "installed_file", lambda *_: None)
    assert brain_volume.__wrapped__("axial") is template_volume("axial")
