"""Painted phantoms: deterministic, marked as synthetic, with a truth that holds; and the placement picture."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from saliscribe.anatomy.localise import localise
from saliscribe.anatomy.phantom import paint_phantom, write_phantoms
from saliscribe.anatomy.placement_picture import MASK_RGB, placement_picture
from saliscribe.core.names import CLASSES
from saliscribe.core.records.mask import Mask


@pytest.mark.parametrize("label", CLASSES)
def test_same_seed_same_bytes(label):
    one, mask, truth = paint_phantom(5, label)
    two, again, _ = paint_phantom(5, label)
    assert (one.data == two.data).all()
    assert (mask == again).all()
    other, _, _ = paint_phantom(6, label)
    assert (one.data != other.data).any()
    assert truth["label"] == label
    assert truth["synthetic"]
    assert mask.sum() == truth["mask_area_px"] > 30
    assert one.affine is None


def test_a_pituitary_tumour_lies_at_the_sella():
    for plane in ("axial", "coronal", "sagittal"):
        _, _, truth = paint_phantom(7, "pituitary", plane)
        assert np.linalg.norm(np.array(truth["centre_mm"]) - (0, 3, -30)) < 14


def test_tumours_are_brighter_than_the_brain_around():
    volume, mask, _ = paint_phantom(8, "meningioma", "axial")
    picture = volume.picture
    assert picture[mask].mean() > 1.3 * np.median(picture[(picture > 40) & ~mask])


def test_files_say_that_they_are_synthetic(tmp_path):
    paths = write_phantoms(tmp_path, 2, seed=3)
    for path in paths:
        assert path.name.startswith("synthetic_phantom_")
        assert "SYNTHETIC" in Image.open(path).text["Description"]
        mask = np.asarray(Image.open(path.with_name(path.stem + "_mask.png")))
        truth = json.loads(path.with_suffix(".json").read_text())
        assert truth["synthetic"] is True
        assert (mask > 127).sum() == truth["mask_area_px"]


def test_placement_picture_shows_mask_and_structures():
    volume, pixels, _ = paint_phantom(9, "glioma", "axial")
    mask = Mask(pixels, "segmentation_head", 0.5, "test")
    found = localise(volume, None, mask, plane="axial")
    drawn = placement_picture(volume.picture, pixels, found)
    assert drawn.slice_view.shape == drawn.template_view.shape == (512, 512)
    for view in (drawn.slice_view, drawn.template_view):
        assert (drawn.palette[view] == MASK_RGB).all(axis=2).sum() > 40
    shown = {name for name, _ in drawn.legend}
    assert {s.name for s in found.structures if s.share_of_lesion > 0.05} <= shown
    noise = localise(volume, np.random.default_rng(1).random((256, 256)).astype(np.float32), mask)
    assert noise.placement.grade == "D"
    assert placement_picture(volume.picture, pixels, noise) is None
