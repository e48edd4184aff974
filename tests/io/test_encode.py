"""Encoders: what comes out is read back by others, and the same bytes come out twice."""

from __future__ import annotations

import io
import json
import time

import nibabel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from skimage.io import imread

from saliscribe.io.encode import json_bytes, nifti_bytes, npz_bytes, png_bytes
from saliscribe.io.read import read_volume


@settings(max_examples=25, deadline=None)
@given(
    arrays.arrays(
        st.sampled_from([np.uint8, np.uint16]), arrays.array_shapes(min_dims=2, max_dims=2, max_side=40)
    )
)
def test_png_round_trip(pixels):
    assert np.array_equal(imread(io.BytesIO(png_bytes(pixels))), pixels)


def test_png_of_masks_and_colours(picture):
    assert set(np.unique(imread(io.BytesIO(png_bytes(picture > 100))))) == {0, 255}
    rgb = np.dstack([picture, picture // 2, picture // 3])
    assert np.array_equal(imread(io.BytesIO(png_bytes(rgb))), rgb)
    assert png_bytes(rgb[::-1]) == png_bytes(rgb[::-1].copy())


def test_png_of_indices_shows_their_colours(picture):
    colours = np.random.default_rng(2).integers(0, 256, (256, 4), dtype=np.uint8)
    plain = imread(io.BytesIO(png_bytes(picture, colours[:, :3])))
    assert np.array_equal(plain, colours[picture][..., :3])
    clear = Image.open(io.BytesIO(png_bytes(picture, colours))).convert("RGBA")
    assert np.array_equal(np.asarray(clear), colours[picture])


@pytest.mark.parametrize("bad", [np.zeros((4, 4)), np.zeros((4, 4, 2), np.uint8), np.zeros(4, np.uint8)])
def test_png_clips_nothing_silently(bad):
    with pytest.raises(ValueError, match="png_bytes"):
        png_bytes(bad)


def test_npz_is_read_by_numpy_without_pickle(picture):
    content = npz_bytes(heat=picture.astype(np.float32) / 255, raw_min=-1.5, target="glioma")
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        assert np.array_equal(stored["heat"], picture.astype(np.float32) / 255)
        assert float(stored["raw_min"]) == -1.5
        assert str(stored["target"]) == "glioma"


def test_bytes_do_not_depend_on_the_clock(picture, monkeypatch):
    def everything() -> list[bytes]:
        volume = picture[:, :, None].repeat(3, axis=2)
        return [
            png_bytes(picture),
            npz_bytes(a=picture),
            nifti_bytes(volume, np.eye(4)),
            json_bytes({"a": 1}),
        ]

    first = everything()
    later = time.time() + 10**7
    monkeypatch.setattr(time, "time", lambda: later)
    assert everything() == first


def test_json_is_readable_and_strict():
    text = json_bytes({"é": np.float32(0.5), "b": np.arange(2), "t": (1, None)}).decode()
    assert json.loads(text) == {"é": 0.5, "b": [0, 1], "t": [1, None]}
    assert "é" in text
    assert text.endswith("}\n")
    for bad in (float("nan"), np.float64("inf"), [float("-inf")]):
        with pytest.raises(ValueError, match="not JSON compliant"):
            json_bytes({"a": bad})
    with pytest.raises(TypeError, match="cannot write"):
        json_bytes({"a": object()})


def test_nifti_keeps_grid_and_place(tmp_path, picture):
    affine = np.array([[0, -2.0, 0, 5], [1.5, 0, 0, -7], [0, 0, 6, 2], [0, 0, 0, 1]])
    volume = np.stack([picture, picture + 1], axis=2)
    (tmp_path / "x.nii.gz").write_bytes(nifti_bytes(volume, affine))
    oracle = nibabel.load(tmp_path / "x.nii.gz")
    assert np.array_equal(oracle.get_fdata(), volume)
    assert np.allclose(oracle.get_sform(), affine)
    assert np.allclose(oracle.get_qform(), affine, atol=1e-5)
    assert np.array_equal(read_volume(tmp_path / "x.nii.gz").data[0], volume)


def test_nifti_of_a_mask_without_geometry(tmp_path, picture):
    content = nifti_bytes((picture > 100)[:, :, None], None, (0.5, 0.75, 6.0))
    (tmp_path / "x.nii.gz").write_bytes(content)
    oracle = nibabel.load(tmp_path / "x.nii.gz")
    assert oracle.header["sform_code"] == oracle.header["qform_code"] == 0
    assert oracle.header.get_zooms() == (0.5, 0.75, 6.0)
    assert oracle.get_data_dtype() == np.uint8
