"""The first arrow: every format is recognised by its bytes, and read lightly."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from saliscribe.core.volume import Volume
from saliscribe.errors import InputError, UsageError
from saliscribe.io.read import read_volume
from saliscribe.io.readers import READERS
from saliscribe.io.spacing import DOUBTFUL_SPACING

LABELS = ["png", "jpeg", "tiff", "tiff-lzw", "bmp", "mat-v7", "mat-v5", "dicom", "dicom-rle"]
LABELS += ["nifti", "nifti-gz", "nrrd", "nrrd-gz"]


@pytest.mark.parametrize("label", LABELS)
def test_every_format_gives_the_painted_picture(label, samples, picture):
    volume = read_volume(samples[label])
    assert isinstance(volume, Volume)
    assert volume.source.format == label.split("-")[0]
    assert len(volume.source.file_sha256) == 64
    if volume.is_slice:
        error = np.abs(volume.picture - picture)
        assert error.mean() < 3.0 if label == "jpeg" else error.max() == 0.0
    else:
        assert np.array_equal(volume.data[0, :, :, 0], picture.T)
        assert np.array_equal(volume.data[0, :, :, 5], picture.T.astype(np.int16) + 5)


def test_the_table_is_covered_and_its_targets_exist(samples):
    assert {label.split("-")[0] for label in samples} == set(READERS)
    for label, entry in READERS.items():
        assert callable(READERS.load(label))
        assert all(
            suffix.startswith(".") and suffix == suffix.lower() for suffix in entry.facts["extensions"]
        )


@pytest.mark.parametrize("label", ["png", "jpeg", "dicom", "mat-v7", "nifti-gz", "nrrd"])
def test_bytes_win_over_the_name_and_the_disagreement_is_said(label, samples, tmp_path):
    wrong = tmp_path / "renamed.bmp"
    wrong.write_bytes(samples[label].read_bytes())
    volume = read_volume(wrong)
    assert volume.source.format == label.split("-")[0]
    assert any("name ends in .bmp" in line for line in volume.warnings)


def test_no_extension_is_read_without_comment(samples, tmp_path):
    plain = tmp_path / "IM0001"
    plain.write_bytes(samples["dicom"].read_bytes())
    assert not any("name ends" in line for line in read_volume(plain).warnings)


def test_stated_spacing_is_across_then_down(samples):
    assert read_volume(samples["png"], spacing_mm=0.5).spacing_mm == (0.5, 0.5, 1.0)
    assert read_volume(samples["png"], spacing_mm=(0.5, 0.75)).spacing_mm == (0.75, 0.5, 1.0)
    assert read_volume(samples["png"], spacing_mm=(0.5, 0.75, 6.0)).spacing_mm == (0.75, 0.5, 6.0)
    assert read_volume(samples["png"]).spacing_mm is None


def test_stated_spacing_rescales_an_affine_along_its_own_axes(samples):
    volume = read_volume(samples["dicom"], spacing_mm=(1.0, 3.0))
    assert np.allclose(volume.spacing_mm, (3.0, 1.0, 5.0))
    assert np.allclose(volume.affine[:3, 3], [30.0, 24.0, 12.0])
    assert any("replaces" in line for line in volume.warnings)
    stack = read_volume(samples["nifti"], spacing_mm=(1.0, 3.0))
    assert np.allclose(stack.spacing_mm, (1.0, 3.0, 5.0))


@pytest.mark.parametrize("bad", [0, -1.0, float("nan"), float("inf"), (1, 2, 3, 4), (), (0.5, 0)])
def test_impossible_spacing_is_a_usage_error(bad, samples):
    with pytest.raises(UsageError):
        read_volume(samples["png"], spacing_mm=bad)


def test_a_placeholder_spacing_is_not_trusted_silently(shared):
    path = shared / "data/volumes/brain_tumor_progression/01/Pre_Scan_T1.nii.gz"
    doubts = [line for line in read_volume(path).warnings if line.startswith(DOUBTFUL_SPACING)]
    assert len(doubts) == 1
    stated = read_volume(path, spacing_mm=(0.9, 0.9, 6.0))
    assert not any(line.startswith(DOUBTFUL_SPACING) for line in stated.warnings)
    assert np.allclose(stated.spacing_mm, (0.9, 0.9, 6.0))
    partly = read_volume(path, spacing_mm=0.9)
    assert any("distance between slices" in line for line in partly.warnings)


def test_true_geometry_is_not_doubted(shared):
    assert read_volume(shared / "data/volumes/brain1/brain1_image.nrrd").warnings == ()


def test_reading_a_real_picture_is_fast(shared):
    paths = sorted((shared / "data/figshare/images").glob("*.png"))[:30]
    read_volume(paths[0])
    times = []
    for path in paths:
        start = time.process_time()
        read_volume(path)
        times.append(time.process_time() - start)
    assert sorted(times)[len(times) // 2] < 0.020  # measured: 5 ms; the aim is 10 ms on an idle core


def test_importing_the_reader_brings_no_heavy_library():
    code = "import sys, saliscribe.io.read, saliscribe.io.inputs; print(sorted(sys.modules))"
    source = importlib.util.find_spec("saliscribe").submodule_search_locations[0]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(source).parent
    )
    for heavy in ("torch", "PIL", "h5py", "scipy", "nibabel", "pydicom", "SimpleITK"):
        assert f"'{heavy}'" not in done.stdout, heavy


def test_real_slices_are_read_as_they_are(shared):
    from skimage.io import imread

    for path in sorted((shared / "data/figshare/images").glob("*.png"))[::200]:
        volume = read_volume(path)
        assert volume.data.shape == (1, 256, 256, 1)
        assert volume.affine is None
        assert volume.warnings == ()
        assert np.array_equal(volume.picture, imread(path))


def test_a_mask_is_not_taken_for_a_scan(shared):
    with pytest.raises(InputError, match="mask"):
        read_volume(sorted((shared / "data/figshare/masks").glob("*.png"))[0])


def test_a_mask_is_read_when_it_is_asked_for(shared, tmp_path):
    from PIL import Image

    path = sorted((shared / "data/figshare/masks").glob("*.png"))[0]
    assert set(np.unique(read_volume(path, role="mask").picture)) == {0.0, 255.0}
    Image.new("1", (64, 64), 0).save(tmp_path / "empty.png")
    assert read_volume(tmp_path / "empty.png", role="mask").picture.max() == 0.0
