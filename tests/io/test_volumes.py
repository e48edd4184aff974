"""NIfTI and NRRD: voxels and geometry agree with nibabel and SimpleITK in every orientation."""

from __future__ import annotations

import gzip
import itertools

import nibabel
import numpy as np
import pytest
import SimpleITK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nibabel.orientations import axcodes2ornt, inv_ornt_aff, ornt_transform

from saliscribe.errors import InputError
from saliscribe.io.read import read_volume
from saliscribe.io.spacing import DOUBTFUL_SPACING

ORIENTATIONS = ["RAS", "LPS", "LAS", "PIR", "SRA", "ILP"]


def _volume(picture, count=5):
    return np.stack([picture + step for step in range(count)], axis=2).astype(np.int16)


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("suffix", [".nii", ".nii.gz"])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64, np.uint16])
def test_nifti_voxels_and_affine(kind, suffix, dtype, tmp_path, picture):
    rotation = np.array([[0.0, -2.0, 0.3, 5.0], [1.5, 0.0, 0.0, -7.0], [0.0, 0.4, 6.0, 2.0], [0, 0, 0, 1]])
    image = kind(_volume(picture).astype(dtype), rotation)
    nibabel.save(image, tmp_path / f"x{suffix}")
    volume = read_volume(tmp_path / f"x{suffix}")
    oracle = nibabel.load(tmp_path / f"x{suffix}")
    assert np.array_equal(volume.data[0], oracle.get_fdata(dtype=np.float32))
    assert np.allclose(volume.affine, oracle.affine)


def test_nifti_scaling_big_endian_and_units(tmp_path, picture):
    header = nibabel.Nifti1Header(endianness=">")
    image = nibabel.Nifti1Image(_volume(picture), np.diag([2000.0, 2000.0, 6000.0, 1.0]), header)
    image.header.set_slope_inter(0.5, -3.0)
    image.header.set_xyzt_units("micron")
    nibabel.save(image, tmp_path / "x.nii")
    volume = read_volume(tmp_path / "x.nii")
    assert np.allclose(volume.data[0], nibabel.load(tmp_path / "x.nii").get_fdata(), atol=1e-4)
    assert volume.spacing_mm == pytest.approx((2.0, 2.0, 6.0))


def test_gzip_of_many_members_is_joined(tmp_path, picture):
    raw = nibabel.Nifti1Image(_volume(picture), np.diag([2.0, 2.0, 5.0, 1.0])).to_bytes()
    parts = [gzip.compress(raw[start : start + 3000]) for start in range(0, len(raw), 3000)]
    (tmp_path / "x.nii.gz").write_bytes(b"".join(parts))
    assert np.array_equal(read_volume(tmp_path / "x.nii.gz").data[0], _volume(picture))


def test_header_extensions_are_stepped_over(tmp_path, picture):
    image = nibabel.Nifti1Image(_volume(picture), np.diag([2.0, 2.0, 5.0, 1.0]))
    image.header.extensions.append(nibabel.nifti1.Nifti1Extension("comment", b"x" * 5000))
    nibabel.save(image, tmp_path / "x.nii.gz")
    assert np.array_equal(read_volume(tmp_path / "x.nii.gz").data[0], _volume(picture))


def test_a_series_is_refused_and_single_time_points_are_not(tmp_path, picture):
    affine = np.diag([2.0, 2.0, 5.0, 1.0])
    nibabel.save(nibabel.Nifti1Image(_volume(picture)[..., None], affine), tmp_path / "one.nii")
    assert read_volume(tmp_path / "one.nii").data.shape == (1, *picture.shape, 5)
    nibabel.save(nibabel.Nifti1Image(np.stack([_volume(picture)] * 2, axis=3), affine), tmp_path / "two.nii")
    with pytest.raises(InputError, match="series of volumes"):
        read_volume(tmp_path / "two.nii")


def test_nan_is_background_and_too_much_is_refused(tmp_path, picture):
    voxels = _volume(picture).astype(np.float32) + 10
    voxels[:20] = np.nan
    nibabel.save(nibabel.Nifti1Image(voxels, np.diag([2.0, 2.0, 5.0, 1.0])), tmp_path / "x.nii")
    volume = read_volume(tmp_path / "x.nii")
    assert (volume.data[0, :20] == np.nanmin(voxels)).all()
    assert any("NaN" in line for line in volume.warnings)
    voxels[:60] = np.inf
    nibabel.save(nibabel.Nifti1Image(voxels, np.diag([2.0, 2.0, 5.0, 1.0])), tmp_path / "y.nii")
    with pytest.raises(InputError, match="NaN or infinite"):
        read_volume(tmp_path / "y.nii")


def test_no_stated_orientation_means_no_affine(tmp_path, picture):
    image = nibabel.Nifti1Image(_volume(picture), None)
    image.header.set_zooms((2.0, 2.5, 5.0))
    image.set_sform(None, 0)
    image.set_qform(None, 0)
    nibabel.save(image, tmp_path / "x.nii")
    volume = read_volume(tmp_path / "x.nii")
    assert volume.affine is None
    assert volume.spacing_mm == (2.5, 2.0, 5.0)
    assert np.array_equal(volume.data[0, :, :, 1], _volume(picture)[:, ::-1, 1].T)


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("told_by", ["spacing", "shape"])
def test_slices_of_an_array_without_orientation_lie_along_the_coarse_or_short_axis(axis, told_by, tmp_path):
    """24 slices stored first, second or last: the same pictures come out, and a line says what was done."""
    sides = (40, 44, 24) if told_by == "shape" else (40, 44, 42)
    stack = np.random.default_rng(1).integers(1, 200, sides).astype(np.int16)
    zooms = (2.0, 2.5, 2.2) if told_by == "shape" else (2.0, 2.5, 6.0)
    image = nibabel.Nifti1Image(np.moveaxis(stack, 2, axis), None)
    stored = {0: (2, 0, 1), 1: (0, 2, 1), 2: (0, 1, 2)}[axis]
    image.header.set_zooms([zooms[one] for one in stored])
    image.set_sform(None, 0)
    image.set_qform(None, 0)
    nibabel.save(image, tmp_path / "x.nii")
    volume = read_volume(tmp_path / "x.nii")
    assert volume.affine is None
    assert np.array_equal(volume.data[0], stack[:, ::-1].transpose(1, 0, 2))
    assert volume.spacing_mm == pytest.approx((zooms[1], zooms[0], zooms[2]))
    words = {0: "first axis", 1: "second axis"}
    assert ["axis" in line for line in volume.warnings if "no orientation" in line] == [axis != 2]
    assert axis == 2 or words[axis] in volume.warnings[0]


@pytest.mark.parametrize(("plane", "codes"), [("axial", "PLS"), ("coronal", "ILA"), ("sagittal", "IPL")])
@pytest.mark.parametrize("stored", ["RAS", "LPS", "LAS", "PIR", "ASL"])
def test_a_single_slice_file_is_shown_upright(plane, codes, stored, tmp_path, picture):
    """Whatever axis order the file uses, the picture and each pixel's place are the same."""
    shown = nibabel.Nifti1Image(picture[:, :, None].astype(np.int16), nibabel.orientations.inv_ornt_aff(
        ornt_transform(axcodes2ornt("RAS"), axcodes2ornt(codes)), (96, 80, 1)) @ np.diag([1, 1, 1, 1.0]))  # fmt: skip
    affine = np.zeros((4, 4))
    for axis, letter in enumerate(codes):
        affine["RASLPI".index(letter) % 3, axis] = (2.0, 2.5, 5.0)[axis] * (1 if letter in "RAS" else -1)
    affine[3, 3] = 1
    image = nibabel.Nifti1Image(np.asarray(shown.dataobj), affine)
    change = ornt_transform(axcodes2ornt(codes), axcodes2ornt(stored))
    nibabel.save(image.as_reoriented(change), tmp_path / "x.nii.gz")
    volume = read_volume(tmp_path / "x.nii.gz")
    assert volume.is_slice
    assert np.array_equal(volume.picture, picture)
    assert np.allclose(volume.affine[:, [0, 1, 3]], affine[:, [0, 1, 3]])


@pytest.mark.parametrize("codes", ORIENTATIONS)
@pytest.mark.parametrize("compressed", [False, True])
def test_nrrd_agrees_with_simpleitk_and_nibabel(codes, compressed, tmp_path, picture):
    image = SimpleITK.GetImageFromArray(_volume(picture).T)
    image.SetSpacing((2.0, 2.5, 5.0))
    image.SetOrigin((3.0, -4.0, 9.0))
    image = SimpleITK.DICOMOrient(image, codes)
    SimpleITK.WriteImage(image, str(tmp_path / "x.nrrd"), compressed)
    SimpleITK.WriteImage(image, str(tmp_path / "x.nii.gz"))
    volume, oracle = read_volume(tmp_path / "x.nrrd"), nibabel.load(tmp_path / "x.nii.gz")
    assert np.array_equal(volume.data[0], SimpleITK.GetArrayFromImage(image).T)
    assert np.allclose(volume.affine, oracle.affine, atol=1e-5)
    assert np.array_equal(volume.data, read_volume(tmp_path / "x.nii.gz").data)


def test_real_nrrd_and_its_label(shared):
    for name in ("brain1_image", "brain1_label"):
        path = shared / f"data/volumes/brain1/{name}.nrrd"
        volume, oracle = read_volume(path), SimpleITK.ReadImage(str(path))
        assert np.array_equal(volume.data[0], SimpleITK.GetArrayFromImage(oracle).T)
        assert volume.spacing_mm == pytest.approx(oracle.GetSpacing())
        corner = volume.affine @ [10, 20, 5, 1]
        assert np.allclose(corner[:3] * [-1, -1, 1], oracle.TransformIndexToPhysicalPoint((10, 20, 5)))


@pytest.mark.parametrize("encoding", ["raw", "ascii", "gzip", "bzip2"])
@pytest.mark.parametrize("space", ["left-posterior-superior", "RAS", "none"])
def test_nrrd_encodings_and_spaces(encoding, space, tmp_path, picture):
    import bz2

    values = picture.astype(">u2")
    body = {
        "raw": lambda: values.T.tobytes("F"),
        "ascii": lambda: b" ".join(b"%d" % value for value in values.T.ravel("F")),
        "gzip": lambda: gzip.compress(values.T.tobytes("F")), "bzip2": lambda: bz2.compress(values.T.tobytes("F")),
    }[encoding]()  # fmt: skip
    where = (
        f"space: {space}\nspace directions: (2,0,0) (0,2.5,0)\nspace origin: (1,2,3)\n"
        if space != "none"
        else ""
    )
    head = "NRRD0005\n# note\ntype: unsigned short\ndimension: 2\nsizes: 80 96\nendian: big\n"
    head += f"encoding: {encoding}\n{where}\n"
    (tmp_path / "x.nrrd").write_bytes(head.encode() + body)
    volume = read_volume(tmp_path / "x.nrrd")
    shown = picture[::-1] if space == "RAS" else picture
    shown = shown[:, ::-1] if space == "RAS" else shown
    assert np.array_equal(volume.picture, shown)
    assert (volume.affine is None) is (space == "none")


def test_nrrd_that_is_not_one_image(tmp_path, picture):
    head = (
        "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 3 80 96\nkinds: vector domain domain\nencoding: raw\n\n"
    )
    (tmp_path / "rgb.nrrd").write_bytes(head.encode() + b"\0" * (3 * 80 * 96))
    (tmp_path / "far.nrrd").write_bytes(
        b"NRRD0004\ntype: uchar\ndimension: 2\nsizes: 80 96\nencoding: raw\ndata file: a.raw\n\n"
    )
    for name, what in (("rgb", "vectors"), ("far", "another file")):
        with pytest.raises(InputError, match=what):
            read_volume(tmp_path / f"{name}.nrrd")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.sampled_from(list(itertools.permutations(range(3)))),
    signs=st.tuples(*[st.sampled_from([-1, 1])] * 3),
    spacing=st.tuples(*[st.floats(1.5, 6.0)] * 3),
)
def test_any_axis_order_keeps_every_voxel_in_place(order, signs, spacing, tmp_path, picture):
    """The world position of the brightest voxel does not depend on how the file orders its axes."""
    base = nibabel.Nifti1Image(_volume(picture), np.diag([*spacing, 1.0]))
    change = np.array([[axis, sign] for axis, sign in zip(order, signs, strict=True)])
    turned = base.as_reoriented(change)
    nibabel.save(turned, tmp_path / "x.nii")
    volume = read_volume(tmp_path / "x.nii")
    place = np.unravel_index(int(volume.data[0].argmax()), volume.data.shape[1:])
    back = np.linalg.inv(base.affine) @ volume.affine @ [*place, 1]
    assert base.get_fdata()[tuple(np.round(back[:3]).astype(int))] == volume.data.max()
    assert np.allclose(inv_ornt_aff(change, base.shape) @ [*place, 1], back)


def test_a_field_of_view_that_is_no_head_is_doubted(tmp_path, picture):
    nibabel.save(nibabel.Nifti1Image(_volume(picture), np.diag([0.05, 0.05, 0.2, 1.0])), tmp_path / "x.nii")
    assert any(line.startswith(DOUBTFUL_SPACING) for line in read_volume(tmp_path / "x.nii").warnings)
