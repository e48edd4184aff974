"""A plane or level that the picture plainly contradicts is not obeyed in silence; one that it does not, is."""

from __future__ import annotations

import pytest

from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.localise import localise
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.placement import place
from saliscribe.anatomy.placement_error import within_head
from saliscribe.core.names import PLANES
from saliscribe.core.records.mask import Mask


@pytest.mark.parametrize(
    ("true", "stated"), [("axial", "coronal"), ("coronal", "sagittal"), ("sagittal", "axial")]
)
def test_another_plane_than_the_pictures_is_refused(true, stated):
    volume, mask, _ = paint_phantom(11, "glioma", true)
    found = place(volume.picture, mask, plane=stated)
    assert (found.grade, found.plane, found.affine) == ("D", None, None)
    assert any(stated in note and true in note for note in found.notes)


def test_a_level_far_from_the_pictures_is_refused():
    volume, mask, truth = paint_phantom(12, "glioma", "axial")
    found = place(volume.picture, mask, level_mm=truth["level_mm"] - 60.0)
    assert (found.grade, found.level_mm, found.affine) == ("D", None, None)
    assert any("stated level" in note for note in found.notes)


@pytest.mark.parametrize("plane", PLANES)
def test_what_the_picture_bears_out_is_obeyed(plane):
    volume, mask, truth = paint_phantom(11, "glioma", plane)
    found = place(volume.picture, mask, plane=plane, level_mm=truth["level_mm"] + 4.0)
    assert (found.plane, found.grade, found.notes) == (plane, "C", ())
    assert found.level_mm == truth["level_mm"] + 4.0


def test_a_contradiction_names_no_structure_and_is_noted():
    volume, mask, _ = paint_phantom(11, "glioma", "axial")
    where = localise(volume, None, Mask(mask, "segmentation_head", 0.5, "test"), plane="coronal")
    assert where.structures == ()
    assert where.region is None
    assert any("contradicts" in note for note in where.notes)


@pytest.mark.parametrize(("plane", "axis"), [("sagittal", 0), ("coronal", 1), ("axial", 2)])
def test_no_interval_reaches_beyond_the_head(plane, axis):
    template = head_template()
    low, high = within_head(plane, -500.0, 500.0)
    shown = (template.intensity > 0).any(axis=tuple(other for other in range(3) if other != axis))
    middles = template.origin_mm[axis] + template.step_mm * shown.nonzero()[0]
    assert (low, high) == (middles.min(), middles.max())
    assert within_head(plane, -10.0, 12.0) == (-10.0, 12.0)
