"""Pictures cut from volumes: upright, invertible, and where nibabel's canonical array has them."""

from __future__ import annotations

import itertools

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saliscribe.core.names import PLANES
from saliscribe.core.slices import best_plane, put_slice, slice_count, take_slice
from saliscribe.core.volume import Source, Volume

SPACING = {"axial": (1.0, 1.5, 5.0), "coronal": (1.0, 6.0, 2.0), "sagittal": (7.0, 1.0, 1.5)}
ORIENTATIONS = [
    np.array(list(zip(order, signs, strict=True)))
    for order in itertools.permutations(range(3))
    for signs in itertools.product([-1, 1], repeat=3)
]


def test_slices_keep_the_warnings_of_their_volume():
    for affine in (None, np.eye(4)):
        volume = Volume(
            np.zeros((1, 4, 5, 3), np.float32), Source("x", "test"), affine=affine, warnings=("w",)
        )
        assert take_slice(volume, "axial", 1).warnings == ("w",)


def _volume(image: nibabel.Nifti1Image) -> Volume:
    data = image.get_fdata(dtype=np.float32)[None]
    return Volume(data, Source("x", "test"), affine=np.asarray(image.affine, dtype=np.float64))


def _random_image(seed: int, spacing: tuple[float, ...] = (1.0, 1.5, 5.0)) -> nibabel.Nifti1Image:
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = (-20.0, 11.0, 4.0)
    return nibabel.Nifti1Image(np.random.default_rng(seed).random((6, 7, 8), dtype=np.float32), affine)


#: A canonical (R, A, S) array as radiologists see each plane: rows go down, columns to the right.
SHOWN = {
    "axial": lambda array, k: array[::-1, ::-1, k].T,
    "coronal": lambda array, k: array[::-1, k, ::-1].T,
    "sagittal": lambda array, k: array[k, ::-1, ::-1].T,
}


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("change", ORIENTATIONS, ids=str)
def test_pictures_agree_with_the_canonical_array_of_nibabel(plane, change):
    image = _random_image(1).as_reoriented(change)
    canonical = nibabel.as_closest_canonical(image)
    volume = _volume(image)
    axis = {"sagittal": 0, "coronal": 1, "axial": 2}[plane]
    assert slice_count(volume, plane) == canonical.shape[axis]
    matched = set()
    for index in range(slice_count(volume, plane)):
        cut = take_slice(volume, plane, index)
        place = np.linalg.inv(canonical.affine) @ cut.affine @ [0, 0, 0, 1]
        k = round(place[axis])
        matched.add(k)
        assert np.array_equal(cut.picture, SHOWN[plane](canonical.get_fdata(dtype=np.float32), k))
    assert matched == set(range(canonical.shape[axis]))


@settings(max_examples=60, deadline=None)
@given(
    change=st.sampled_from(ORIENTATIONS),
    plane=st.sampled_from(PLANES),
    angles=st.tuples(*[st.floats(-0.4, 0.4)] * 3),
    fraction=st.floats(0, 0.999),
)
def test_take_then_put_is_the_identity_and_places_agree(change, plane, angles, fraction):
    """Also for oblique volumes: each pixel's world position is that of the voxel it came from."""
    image = _random_image(2).as_reoriented(change)
    rotation = np.eye(4)
    rotation[:3, :3] = nibabel.eulerangles.euler2mat(*angles)
    volume = _volume(nibabel.Nifti1Image(image.get_fdata(), rotation @ image.affine))
    index = int(fraction * slice_count(volume, plane))
    cut = take_slice(volume, plane, index)
    target = np.full(volume.data.shape[1:], np.nan, np.float32)
    put_slice(target, volume.affine, plane, index, cut.picture)
    written = np.isfinite(target)
    assert written.sum() == cut.picture.size
    assert np.array_equal(target[written], volume.data[0][written])
    for pixel in ((0, 0), (1, 2), (cut.picture.shape[0] - 1, cut.picture.shape[1] - 1)):
        voxel = np.linalg.inv(volume.affine) @ cut.affine @ [*pixel, 0, 1]
        assert np.allclose(voxel, np.round(voxel), atol=1e-4)
        assert volume.data[0][tuple(np.round(voxel[:3]).astype(int))] == cut.picture[pixel]


@pytest.mark.parametrize("plane", PLANES)
def test_mirroring_array_and_affine_together_changes_no_picture(plane):
    image = _random_image(3)
    mirrored = image.as_reoriented(np.array([[0, -1], [1, 1], [2, -1]]))
    count = slice_count(_volume(image), plane)
    order = range(count) if plane == "coronal" else reversed(range(count))
    for index, other in zip(range(count), order, strict=True):
        first, second = take_slice(_volume(image), plane, index), take_slice(_volume(mirrored), plane, other)
        assert np.array_equal(first.picture, second.picture)
        assert np.allclose(first.affine[:, [0, 1, 3]], second.affine[:, [0, 1, 3]])


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("change", ORIENTATIONS[::5], ids=str)
def test_the_plane_of_acquisition_is_across_the_coarsest_axis(plane, change):
    assert best_plane(_volume(_random_image(4, SPACING[plane]).as_reoriented(change))) == plane


def test_equal_spacing_and_no_affine_are_called_axial():
    assert best_plane(_volume(_random_image(5, (1.0, 1.0, 1.0)))) == "axial"
    bare = Volume(np.ones((1, 4, 5, 6), np.float32), Source("x", "test"))
    assert best_plane(bare) == "axial"
    assert slice_count(bare, "axial") == 6


def test_without_an_affine_slices_are_cut_as_they_lie():
    data = np.random.default_rng(0).random((1, 4, 5, 6), dtype=np.float32)
    cut = take_slice(Volume(data, Source("x", "test"), spacing_mm=(1.0, 2.0, 3.0)), "axial", 2)
    assert cut.affine is None
    assert cut.spacing_mm == (1.0, 2.0, 3.0)
    assert np.array_equal(cut.picture, data[0, :, :, 2])
    target = np.zeros((4, 5, 6), np.float32)
    put_slice(target, None, "axial", 2, cut.picture)
    assert np.array_equal(target[:, :, 2], cut.picture)
    assert target.sum() == cut.picture.sum(dtype=target.dtype) or np.isclose(target.sum(), cut.picture.sum())
