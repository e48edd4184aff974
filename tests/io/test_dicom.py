"""DICOM: every kind of grey, compressed or not; the affine against SimpleITK; nothing personal comes out."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian, JPEG2000Lossless, RLELossless

from saliscribe.errors import InputError
from saliscribe.io.isolation import decode_isolated
from saliscribe.io.read import read_volume

SHIPPED = Path(pydicom.__file__).parent / "data" / "test_files"


@pytest.fixture
def read(tmp_path, to_bytes):
    def write_and_read(dataset):
        path = tmp_path / "x.dcm"
        path.write_bytes(to_bytes(dataset))
        return read_volume(path)

    return write_and_read


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16])
def test_signs_and_depths(dtype, read, make_dicom, picture):
    stored = (picture.astype(int) // 2 - (50 if np.dtype(dtype).kind == "i" else 0)).astype(dtype)
    assert np.array_equal(read(make_dicom(stored)).picture, stored)


def test_unused_high_bits_are_not_pixels(read, make_dicom, picture):
    dirty = picture.astype(np.uint16) | np.uint16(0xF000)
    assert np.array_equal(read(make_dicom(dirty, BitsStored=12, HighBit=11)).picture, picture)
    high = picture.astype(np.uint16) << 4 | np.uint16(0x000F)
    assert np.array_equal(read(make_dicom(high, BitsStored=12, HighBit=15)).picture, picture)
    middle = (picture.astype(np.int16) - 128) << 2
    volume = read(make_dicom(middle.astype(np.int16), BitsStored=12, HighBit=13))
    assert np.array_equal(volume.picture, picture.astype(int) - 128)
    signed = (picture.astype(np.int16) - 128) & 0x0FFF
    volume = read(make_dicom(signed.astype(np.int16), BitsStored=12, HighBit=11))
    assert np.array_equal(volume.picture, picture.astype(int) - 128)


def test_rescale_and_inverted_grey(read, make_dicom, picture):
    stored = picture.astype(np.uint16)
    assert np.array_equal(
        read(make_dicom(stored, RescaleSlope=2.5, RescaleIntercept=-7)).picture, picture * 2.5 - 7
    )
    inverted = read(make_dicom(stored, PhotometricInterpretation="MONOCHROME1")).picture
    assert np.array_equal(inverted, picture.max() - picture.astype(int))


def test_the_display_window_does_not_clip(read, make_dicom, picture):
    stored = picture.astype(np.uint16)
    assert np.array_equal(read(make_dicom(stored, WindowCenter=50, WindowWidth=20)).picture, picture)


def test_padding_counts_as_background(read, make_dicom, picture):
    stored = picture.astype(np.int16)
    stored[:5] = -2000
    assert read(make_dicom(stored, PixelPaddingValue=-2000)).picture.min() == picture[5:].min()


@pytest.mark.parametrize(("value", "limit"), [(-2000, -1990), (-1990, -2000)])
def test_padding_may_be_a_range(value, limit, read, make_dicom, picture):
    stored = picture.astype(np.int16)
    stored[:5], stored[5:10], stored[10:15] = -2000, -1995, -1990
    volume = read(make_dicom(stored, PixelPaddingValue=value, PixelPaddingRangeLimit=limit))
    assert volume.picture.min() == picture[15:].min()


def test_grey_and_coloured_rgb(read, make_dicom, picture):
    assert np.array_equal(read(make_dicom(np.dstack([picture] * 3))).picture, picture)
    with pytest.raises(InputError, match="colour"):
        read(make_dicom(np.dstack([picture, 255 - picture, picture // 2])))


@pytest.mark.parametrize("syntax", [RLELossless, JPEG2000Lossless])
def test_compression_written_here(syntax, read, make_dicom, picture):
    dataset = make_dicom(picture.astype(np.uint16))
    dataset.compress(syntax)
    assert np.array_equal(read(dataset).picture, picture)


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_RLE", "MR_small_jp2klossless", "MR_small_jpeg_ls_lossless", "MR_small_bigendian", "MR_small_implicit",
        "MR_small_expb", "MR_small_padded",
    ],
)  # fmt: skip
def test_compression_written_by_others(name):
    plain = read_volume(SHIPPED / "MR_small.dcm")
    other = read_volume(SHIPPED / f"{name}.dcm")
    assert np.array_equal(other.data, plain.data)
    assert np.array_equal(plain.picture, pydicom.dcmread(SHIPPED / "MR_small.dcm").pixel_array)
    assert np.allclose(other.affine, plain.affine)


@pytest.mark.parametrize(
    "name", ["waveform_ecg", "rtplan", "rtstruct", "reportsi", "test-SR", "priv_SQ", "MR_truncated", "badVR"]
)
def test_files_without_a_readable_slice(name):
    with pytest.raises(InputError) as error:
        read_volume(SHIPPED / f"{name}.dcm")
    assert "\n" not in str(error.value)


def _itk_affine(image: SimpleITK.Image) -> np.ndarray:
    """ITK indices are (column, row, slice) in LPS."""
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return (np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)[:, [1, 0, 2, 3]]


@pytest.mark.parametrize(
    "orientation", [[1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, -1], [0.8, 0.6, 0, 0, 0, -1], [-1, 0, 0, 0, 1, 0]]
)
def test_geometry_agrees_with_simpleitk(orientation, tmp_path, make_dicom, to_bytes, picture):
    path = tmp_path / "x.dcm"
    dataset = make_dicom(
        picture.astype(np.uint16), ImageOrientationPatient=orientation, SpacingBetweenSlices=6.0
    )
    path.write_bytes(to_bytes(dataset))
    volume = read_volume(path)
    oracle = _itk_affine(SimpleITK.ReadImage(str(path)))
    assert np.allclose(volume.affine[:, [0, 1, 3]], oracle[:, [0, 1, 3]], atol=1e-6)
    assert np.allclose(
        volume.affine[:3, 2] / np.linalg.norm(volume.affine[:3, 2]),
        oracle[:3, 2] / np.linalg.norm(oracle[:3, 2]),
    )
    assert volume.spacing_mm == pytest.approx((2.0, 2.5, 6.0))


def test_a_real_series_agrees_with_simpleitk(shared, tmp_path):
    import tarfile

    with tarfile.open(shared / "data/dicom/healthy_t1.tar.xz") as archive:
        members = [archive.next() for _ in range(4)]
        files = [member for member in members if member is not None and member.isfile()]
        archive.extractall(tmp_path, files, filter="data")
    for member in files:
        path = tmp_path / member.name
        volume, oracle = read_volume(path), SimpleITK.ReadImage(str(path))
        assert np.array_equal(volume.picture, SimpleITK.GetArrayFromImage(oracle)[0])
        assert np.allclose(volume.affine[:, [0, 1, 3]], _itk_affine(oracle)[:, [0, 1, 3]], atol=1e-4)
        assert volume.warnings == ()


def test_without_a_place_there_is_no_affine(read, make_dicom, picture):
    dataset = make_dicom(picture)
    del dataset.ImagePositionPatient
    volume = read(dataset)
    assert volume.affine is None
    assert volume.spacing_mm == (2.0, 2.5, 1.0)
    assert any("sides not known" in line for line in volume.warnings)


def test_mirrored_storage_and_other_modalities_are_said(read, make_dicom, picture):
    lines = read(make_dicom(picture, ImageOrientationPatient=[-1, 0, 0, 0, 1, 0], Modality="CT")).warnings
    assert any("mirrored" in line for line in lines)
    assert any("modality CT" in line for line in lines)


def test_nothing_personal_comes_out(samples):
    volume = read_volume(samples["dicom"])
    facts = decode_isolated("saliscribe.io.decode_dicom:decode_dicom", samples["dicom"]).facts
    assert "secret" not in repr((dataclasses.astuple(volume)[1:], facts)).lower()
    assert set(facts) == {"modality", "burned_in", "overlay", "places", "inverted_from"}


def _multi_frame(make_dicom, picture, depths):
    dataset = make_dicom(np.concatenate([picture + step for step in range(len(depths))]).astype(np.uint16))
    dataset.Rows, dataset.NumberOfFrames = picture.shape[0], len(depths)
    for name in ("ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing", "SliceThickness"):
        del dataset[name]
    shared_group, orientation, measures = Dataset(), Dataset(), Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    measures.PixelSpacing, measures.SliceThickness = [2.0, 2.5], 5.0
    shared_group.PlaneOrientationSequence = Sequence([orientation])
    shared_group.PixelMeasuresSequence = Sequence([measures])
    dataset.SharedFunctionalGroupsSequence = Sequence([shared_group])
    groups = []
    for depth in depths:
        group, place = Dataset(), Dataset()
        place.ImagePositionPatient = [-30.0, -24.0, depth]
        group.PlanePositionSequence = Sequence([place])
        groups.append(group)
    dataset.PerFrameFunctionalGroupsSequence = Sequence(groups)
    return dataset


def test_multi_frame_stack_is_a_volume_in_spatial_order(read, make_dicom, picture):
    volume = read(_multi_frame(make_dicom, picture, [14.0, 7.0, 0.0]))
    assert volume.data.shape == (1, *picture.shape, 3)
    assert np.array_equal(volume.data[0, :, :, 0], picture + 2)
    assert np.allclose(volume.affine @ [0, 0, 2, 1], [30.0, 24.0, 14.0, 1.0])
    assert volume.spacing_mm == pytest.approx((2.0, 2.5, 7.0))


@pytest.mark.parametrize("depths", [[0.0, 7.0, 30.0], [0.0, 0.0, 7.0]])
def test_frames_that_are_no_stack_are_refused(depths, read, make_dicom, picture):
    with pytest.raises(InputError, match="evenly spaced"):
        read(_multi_frame(make_dicom, picture, depths))


def test_a_data_set_without_preamble_is_read_by_its_name(tmp_path, make_dicom, to_bytes, picture):
    dataset = make_dicom(picture)
    dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
    whole = to_bytes(dataset)
    path = tmp_path / "bare.dcm"
    path.write_bytes(whole[132 + 12 + int.from_bytes(whole[140:144], "little") :])
    assert np.array_equal(read_volume(path).picture, picture)
