"""The figshare files: transposed HDF5 turned back, v5 alike, the fields for training."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from PIL import Image
from scipy.io import savemat

from saliscribe.errors import InputError
from saliscribe.io.figshare_mat import read_cjdata
from saliscribe.io.read import read_volume


@pytest.mark.parametrize("label", ["mat-v5", "mat-v7"])
def test_fields_come_as_matlab_shows_them(label, samples, picture):
    record = read_cjdata(samples[label])
    assert np.array_equal(record.image, picture)
    assert np.array_equal(record.mask, picture > 150)
    assert (record.label, record.patient) == ("glioma", "100360")


@pytest.mark.parametrize(("number", "name"), [(1, "meningioma"), (2, "glioma"), (3, "pituitary"), (7, None)])
def test_label_numbers(number, name, tmp_path, picture, make_mat73):
    make_mat73(tmp_path / "x.mat", picture, picture > 150, number)
    assert read_cjdata(tmp_path / "x.mat").label == name


def test_border_pairs(tmp_path, picture, make_mat73):
    make_mat73(tmp_path / "x.mat", picture, picture > 150)
    assert read_cjdata(tmp_path / "x.mat").border.tolist() == [[10.0, 20.0], [30.0, 40.0]]


def test_a_real_slice_survives_the_round_trip(shared, tmp_path, make_mat73):
    image = np.asarray(Image.open(shared / "data/figshare/images/0009.png"))
    mask = np.asarray(Image.open(shared / "data/figshare/masks/0009.png"))
    make_mat73(tmp_path / "9.mat", image, mask)
    volume = read_volume(tmp_path / "9.mat")
    assert np.array_equal(volume.picture, image)
    assert volume.affine is None
    assert np.array_equal(read_cjdata(tmp_path / "9.mat").mask, mask)


def test_files_without_an_image_say_so(tmp_path):
    with h5py.File(tmp_path / "cvind.mat", "w") as file:
        file["cvind"] = np.ones((1, 3064))
    savemat(tmp_path / "other.mat", {"x": np.ones((40, 40))})
    for name in ("cvind.mat", "other.mat"):
        with pytest.raises(InputError, match="cjdata"):
            read_volume(tmp_path / name)


def test_mask_of_another_size_is_refused(tmp_path, picture, make_mat73):
    make_mat73(tmp_path / "x.mat", picture, picture[:40] > 150)
    with pytest.raises(InputError, match="differ in size"):
        read_cjdata(tmp_path / "x.mat")


def test_a_huge_declared_image_allocates_nothing(tmp_path):
    with h5py.File(tmp_path / "x.mat", "w") as file:
        file.create_group("cjdata").create_dataset("image", shape=(10**6, 10**6), dtype="i2", chunks=(64, 64))
    with pytest.raises(InputError, match=r"absurd|too large"):
        read_volume(tmp_path / "x.mat")
