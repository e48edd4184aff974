"""From mask to names: sides, flips, regions, stability."""

from __future__ import annotations

import numpy as np
import pytest

from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.localise import localise
from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.anatomy.region import region_of
from saliscribe.anatomy.structure_shares import structure_shares
from saliscribe.anatomy.surroundings import surroundings
from saliscribe.core.records.mask import Mask, SweepStep
from saliscribe.core.volume import Source, Volume


def _mask(pixels, **more):
    return Mask(np.asarray(pixels, dtype=bool), "segmentation_head", 0.5, "test", **more)


def _header_affine(shape, flip=False):
    """An axial slice of 1 mm as a scanner states it, radiological storage; mirrored together with the array."""
    affine = np.array([[0.0, -1, 0, 0], [-1, 0, 0, 0], [0, 0, 1, 30], [0, 0, 0, 1]])
    affine[:3, 3] = (shape[1] / 2, shape[0] / 2 - 18, 30.0)
    if flip:
        affine[:3, 3] += (shape[1] - 1) * affine[:3, 1]
        affine[:3, 1] *= -1
    return affine


def _lateral(seed=21):
    for number in range(seed, seed + 20):
        volume, mask, truth = paint_phantom(number, "glioma", "axial")
        if mask.sum() > 300 and abs(truth["centre_mm"][0]) > 22 and not truth["plan"]["mirrored"]:
            return volume, mask, truth
    raise AssertionError("no phantom with a lateral tumour")


def test_flip_of_array_and_affine_together_keeps_the_named_side():
    volume, mask, truth = _lateral()
    picture = volume.picture
    named = []
    for flip in (False, True):
        data = picture[:, ::-1] if flip else picture
        pixels = mask[:, ::-1] if flip else mask
        image = Volume(
            np.ascontiguousarray(data)[None, :, :, None],
            Source("x", "test"),
            affine=_header_affine(picture.shape, flip),
        )
        found = localise(image, None, _mask(pixels))
        assert found.placement.grade == "B"
        assert found.side_basis == "header"
        named.append((found.side, {(s.name, s.side) for s in found.structures}, found.image_side))
    assert named[0][0] == named[1][0] == ("left" if truth["centre_mm"][0] < 0 else "right")
    assert named[0][1] == named[1][1]
    assert named[0][2] != named[1][2]


def test_a_picture_without_header_names_no_side_until_the_user_states_the_display():
    volume, mask, truth = _lateral()
    blind = localise(volume, None, _mask(mask), plane="axial")
    assert blind.side == "not_assessed"
    assert blind.side_basis == "midline_of_slice"
    assert all(s.side in ("not_assessed", "midline") for s in blind.structures)
    assert blind.image_side == ("image-right" if truth["centre_mm"][0] < 0 else "image-left")
    turned = Volume(np.ascontiguousarray(volume.data[:, :, ::-1]), volume.source)
    mirrored = localise(turned, None, _mask(mask[:, ::-1]), plane="axial")
    assert mirrored.side == "not_assessed"
    assert all(s.side in ("not_assessed", "midline") for s in mirrored.structures)
    assert {mirrored.image_side, blind.image_side} == {"image-left", "image-right"}
    told = localise(volume, None, _mask(mask), plane="axial", orientation="radiological")
    other = localise(volume, None, _mask(mask), plane="axial", orientation="neurological")
    assert told.side_basis == "user"
    assert {told.side, other.side} == {"left", "right"}
    assert told.side == ("left" if truth["centre_mm"][0] < 0 else "right")


def test_sagittal_slices_have_no_side():
    volume, mask, _ = paint_phantom(31, "meningioma", "sagittal")
    found = localise(volume, None, _mask(mask), orientation="radiological")
    assert found.placement.plane == "sagittal"
    assert found.side == "not_assessed"
    assert found.image_side == "not_assessed"


def test_an_empty_mask_names_nothing():
    volume, mask, _ = paint_phantom(32, "glioma", "axial")
    found = localise(volume, None, _mask(np.zeros_like(mask)))
    assert found.structures == ()
    assert found.region is None
    assert found.share_outside_atlas is None


def test_a_refused_picture_names_nothing():
    noise = np.random.default_rng(0).random((1, 96, 96, 1)).astype(np.float32)
    found = localise(Volume(noise, Source("x", "test")), None, _mask(np.ones((96, 96))))
    assert found.placement.grade == "D"
    assert found.structures == ()
    assert found.side == "not_assessed"


def test_what_vanishes_at_another_threshold_is_fragile():
    volume, mask, _ = _lateral()
    steady = localise(volume, None, _mask(mask), plane="axial")
    rows, columns = np.nonzero(mask)
    elsewhere = np.zeros_like(mask)
    elsewhere[rows.min(), columns.min()] = True  # one pixel: nearly everything else is gone
    swept = localise(volume, None, _mask(mask, sweep=(SweepStep(0.9, elsewhere),)), plane="axial")
    assert len(swept.structures) == len(steady.structures) > 0
    assert sum(s.stability == "fragile" for s in swept.structures) >= len(swept.structures) - 1


def test_shares_by_hand():
    atlas = load_atlas()
    affine = np.array([[0.0, 1, 0, -40], [0, 0, 1, -24], [1, 0, 0, 40], [0, 0, 0, 1]])  # coronal y = -24
    pixels = np.zeros((30, 20), dtype=bool)
    pixels[10:20, 5:10] = True
    shares = structure_shares(pixels, affine, atlas, sided=True)
    values = np.array(
        [atlas.look_up(np.array([[c - 40.0, -24.0, r + 40.0]]))[0] for r, c in np.ndindex(pixels.shape)]
    ).reshape(pixels.shape)
    for (name, side), share in shares.of_lesion.items():
        value = next(label.value for label in atlas.table if (label.name, label.side) == (name, side))
        assert share == pytest.approx((values[pixels] == value).mean())
        assert shares.of_structure[(name, side)] == pytest.approx(
            (values[pixels] == value).sum() / (values == value).sum()
        )


def _ball(centre, radius=7.0):
    points = np.random.default_rng(0).uniform(-1, 1, (400, 3))
    return np.array(centre) + radius * points[np.linalg.norm(points, axis=1) < 1]


@pytest.mark.parametrize(
    ("centre", "words"),
    [
        ((0, 3, -32), "sellar and suprasellar region"),
        ((24, -66, -36), "posterior fossa (cerebellum)"),
        ((0, -26, -36), "brain stem"),
        ((38, 40, 20), "frontal lobe"),
        ((-56, -20, -16), "temporal lobe"),
        ((22, 36, 30), "frontal lobe"),
        ((0, -90, 120), "outside the cortical atlas"),
    ],
)
def test_regions_in_words(centre, words):
    found = region_of(_ball(centre), surroundings(load_atlas()))
    assert found == words
