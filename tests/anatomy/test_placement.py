"""Placing slices: known truth from phantoms, mirrors and turns, refusals, and real slices where they are."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saliscribe.anatomy import placement
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.placement import place
from saliscribe.core.names import PLANES


@pytest.mark.parametrize("plane", PLANES)
def test_a_painted_slice_is_found(plane):
    volume, mask, truth = paint_phantom(11, "glioma", plane)
    found = place(volume.picture, mask)
    assert found.plane == plane
    assert found.grade == "C"
    assert found.affine is not None
    error = (
        found.level_mm - truth["level_mm"]
        if plane != "sagittal"
        else abs(found.level_mm) - abs(truth["level_mm"])
    )
    assert abs(error) < 10.0
    assert found.interval_mm[0] < found.level_mm < found.interval_mm[1]
    assert 0.0 <= found.residual < 0.5
    assert found.plane_probability > 0.5


def test_mirroring_a_picture_mirrors_its_affine_and_keeps_the_level():
    volume, mask, _ = paint_phantom(12, "meningioma", "sagittal")
    straight, mirrored = place(volume.picture, mask), place(volume.picture[:, ::-1], mask[:, ::-1])
    assert mirrored.plane == straight.plane == "sagittal"
    assert abs(mirrored.level_mm - straight.level_mm) < 4.0
    assert np.sign(mirrored.affine[1, 1]) == -np.sign(straight.affine[1, 1])


def test_stated_plane_and_level_are_kept():
    volume, mask, truth = paint_phantom(13, "glioma", "axial")
    found = place(volume.picture, mask, plane="axial", level_mm=truth["level_mm"])
    assert found.plane == "axial"
    assert found.level_mm == truth["level_mm"]
    assert found.plane_probability is None
    assert "stated by the user" in found.how


def test_neurological_display_turns_left_and_right_round():
    volume, mask, _ = paint_phantom(14, "glioma", "axial")
    radiological = place(volume.picture, mask, plane="axial", orientation="radiological")
    neurological = place(volume.picture, mask, plane="axial", orientation="neurological")
    assert radiological.affine[0, 1] < 0 < neurological.affine[0, 1]


@pytest.mark.parametrize("seed", range(2))
def test_what_is_no_head_is_refused(seed):
    random = np.random.default_rng(seed)
    found = place(random.random((128, 128)).astype(np.float32))
    assert found.grade == "D"
    assert found.affine is None
    assert found.level_mm is None
    assert found.interval_mm is None


def test_an_empty_picture_is_refused():
    assert place(np.zeros((64, 64), dtype=np.float32)).grade == "D"


def test_size_of_the_picture_does_not_move_the_slice():
    volume, mask, _ = paint_phantom(15, "pituitary", "coronal")
    small = place(volume.picture, mask)
    large = place(np.kron(volume.picture, np.ones((2, 2))), np.kron(mask, np.ones((2, 2))) > 0)
    assert large.plane == small.plane
    assert abs(large.level_mm - small.level_mm) < 4.0
    assert np.allclose(2 * large.affine[:3, 0], small.affine[:3, 0], atol=0.08)


def test_an_unclear_plane_is_refused(monkeypatch):
    volume, mask, _ = paint_phantom(16, "glioma", "coronal")
    monkeypatch.setattr(placement, "LEAST_PLANE_PROBABILITY", 1.1)
    found = place(volume.picture, mask)
    assert found.grade == "D"
    assert found.how == "the plane is not clear"
    assert place(volume.picture, mask, plane="coronal").grade == "C"


def _figshare():
    folder = (
        Path(os.environ.get("SALISCRIBE_SHARED", Path(__file__).parents[3] / "shared")) / "data" / "figshare"
    )
    if not folder.is_dir():
        pytest.skip("needs the shared figshare slices: set SALISCRIBE_SHARED")
    return folder


def test_a_slice_with_third_ventricle_and_temporal_horns_is_not_put_behind_the_brain_stem():
    folder = _figshare()
    picture, mask = (Image.open(folder / part / "0265.png").convert("L") for part in ("images", "masks"))
    found = place(np.asarray(picture, dtype=np.float32), np.asarray(mask) > 0)
    assert found.plane == "coronal"
    assert -40.0 < found.level_mm < 0.0


def test_a_real_slice_upside_down_or_on_its_side_is_turned():
    folder = _figshare()
    picture, mask = (
        np.asarray(Image.open(folder / part / "0404.png").convert("L")) for part in ("images", "masks")
    )
    upright = place(picture.astype(np.float32), mask > 0)
    for turns, axis, sign in ((1, 1, 1), (2, 0, -1)):
        turned = place(np.rot90(picture, turns).astype(np.float32), np.rot90(mask, turns) > 0)
        assert turned.plane == upright.plane
        assert abs(turned.level_mm - upright.level_mm) < 4.0
        assert np.allclose(turned.affine[1:3, axis], sign * upright.affine[1:3, 0], atol=0.1)


def test_real_slices_get_their_plane():
    folder = _figshare()
    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["fold"] == "5"][::40][:9]
    right = 0
    for row in rows:
        picture = np.asarray(Image.open(folder / "images" / row["file"]).convert("L"), dtype=np.float32)
        mask = np.asarray(Image.open(folder / "masks" / row["file"]).convert("L")) > 0
        right += place(picture, mask).plane == row["plane"]
    assert len(rows) == 9
    assert right >= 8
