"""What lies around a scan is taken off before it is placed, and the scan alone is left as it is."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.anatomy.margin import shifted, without_margin
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.placement import place

SIDE = 512


def _on_canvas(picture, mask, tone, at):
    """The picture on a canvas of ``SIDE`` pixels of one grey value, its corner at ``at``."""
    canvas, region = np.full((SIDE, SIDE), tone, dtype=np.float32), np.zeros((SIDE, SIDE), dtype=bool)
    where = tuple(slice(first, first + count) for first, count in zip(at, picture.shape, strict=True))
    canvas[where], region[where] = picture, mask
    return canvas, region


def _distance_mm(placed, other, shape, at):
    """Mean distance of the places that two placements give to points of the picture, which starts at ``at``."""
    rows, columns = shape
    points = np.array([[0.3, 0.3], [0.3, 0.7], [0.7, 0.3], [0.5, 0.5]]) * [rows, columns]
    own = np.column_stack([points, np.zeros(4), np.ones(4)])
    moved = own + np.array([*at, 0.0, 0.0])
    return float(np.linalg.norm((moved @ other.affine.T - own @ placed.affine.T)[:, :3], axis=1).mean())


def test_a_uniform_border_is_taken_off_exactly():
    volume, _, _ = paint_phantom(11, "glioma", "axial")
    tone = 0.25 * float(volume.picture.max())
    canvas, _ = _on_canvas(volume.picture, volume.picture > 0, tone, (40, 90))
    rows, columns = without_margin(canvas)
    assert (rows.start, columns.start) == (40, 90)
    assert (rows.stop - rows.start, columns.stop - columns.start) == volume.picture.shape


def test_a_scan_without_margin_is_left_whole():
    for plane in ("axial", "coronal", "sagittal"):
        picture = paint_phantom(12, "glioma", plane)[0].picture
        assert picture[without_margin(picture)].shape == picture.shape
    for empty in (np.zeros((32, 48)), np.full((32, 48), 7.0)):
        assert empty[without_margin(empty)].shape == (32, 48)


def test_the_matrix_takes_a_corner_of_the_window_to_the_first_pixel():
    window = (slice(10, 50), slice(30, 90))
    assert np.allclose(shifted(window) @ [10, 30, 0, 1], [0, 0, 0, 1])


@pytest.mark.parametrize(("tone", "at"), [(0.0, (130, 130)), (0.0, (256, 256)), (40 / 255, (130, 130))])
@pytest.mark.parametrize("plane", ["axial", "sagittal"])
def test_a_margin_moves_no_placement(plane, tone, at):
    volume, mask, _ = paint_phantom(11, "glioma", plane)
    alone = place(volume.picture, mask)
    canvas, region = _on_canvas(volume.picture, mask, tone * float(volume.picture.max()), at)
    placed = place(canvas, region)
    assert (placed.plane, placed.grade) == (plane, "C")
    assert _distance_mm(alone, placed, volume.picture.shape, at) < 4.0
