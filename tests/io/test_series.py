"""DICOM series: one volume with the affine and voxels that SimpleITK reads, whatever the files are called."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence as DicomSequence
from pydicom.uid import generate_uid

from saliscribe.core.volume import DOUBTFUL_DEPTH, DOUBTFUL_SPACING, GAPS, Volume
from saliscribe.errors import InputError
from saliscribe.io.dicom_series import DESCRIBER, read_series
from saliscribe.io.group_series import GroupedInputs, group_series
from saliscribe.io.inputs import expand_inputs
from saliscribe.io.isolation import decode_isolated
from saliscribe.io.read import read_volume

SHAPE = (48, 40)
STEP = 6.0
COUNT = 7
AXIAL = [1, 0, 0, 0, 1, 0]
CORONAL = [1, 0, 0, 0, 0, -1]
SAGITTAL = [0, 1, 0, 0, 0, -1]
OBLIQUE = [0.936, 0.288, -0.201, -0.274, 0.957, 0.097]
Write = Callable[..., Path]


def voxels(index: int) -> NDArray[np.uint16]:
    """Slice ``index`` of a head: a disc that shrinks upwards, no two pixels of a row alike."""
    i, j = np.mgrid[: SHAPE[0], : SHAPE[1]]
    inside = ((i - 22) / 20) ** 2 + ((j - 19) / 17) ** 2 < 1 - index / 20
    return np.where(inside, 300 + 7 * i + 3 * j + 40 * index, 5 + index).astype(np.uint16)


@pytest.fixture
def write(tmp_path: Path, make_dicom: Callable[..., Dataset], to_bytes: Callable[[Dataset], bytes]) -> Write:
    """Write one image of a series: ``write(name, depth)``, slice number ``depth / STEP`` along the normal."""
    series = generate_uid()

    def one(
        name: str,
        depth: float,
        orientation: Sequence[float] = AXIAL,
        sideways: float = 0.0,
        **attributes: object,
    ) -> Path:
        across, down = _unit(orientation[:3]), _unit(orientation[3:])
        down = _unit(down - (down @ across) * across)
        position = np.array([-48.0, -50.0, 12.0]) + depth * np.cross(across, down) + sideways * down
        given = {
            "ImageOrientationPatient": [float(value) for value in (*across, *down)],
            "ImagePositionPatient": [float(value) for value in position],
            "PixelSpacing": [2.0, 2.5],
            "SeriesInstanceUID": series,
            "StudyInstanceUID": "1.2.3.4.5.6",
            "SOPInstanceUID": generate_uid(),
        }
        picture = attributes.pop("picture", voxels(round(depth / STEP)))
        path = tmp_path / "scan" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_bytes(make_dicom(picture, **given | attributes)))
        return path

    return one


def _unit(vector: Sequence[float] | NDArray) -> NDArray[np.float64]:
    return np.asarray(vector, float) / np.linalg.norm(vector)


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    return tmp_path / "scan"


def grouped(folder: Path) -> GroupedInputs:
    return group_series(expand_inputs([folder]))


def read_by_itk(folder: Path) -> tuple[NDArray, NDArray[np.float64]]:
    """(rows, columns, slices) and the RAS+ affine, by GDCM's own sorting."""
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder)))
    image = reader.Execute()
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    array = np.moveaxis(SimpleITK.GetArrayFromImage(image), 0, 2)
    return array, (np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine)[:, [1, 0, 2, 3]]


@pytest.mark.parametrize("orientation", [AXIAL, CORONAL, SAGITTAL, OBLIQUE, [-1, 0, 0, 0, 1, 0]])
@pytest.mark.parametrize("order", ["reversed", "shuffled"])
def test_a_series_agrees_with_simpleitk(
    orientation: list[float], order: str, write: Write, scan: Path
) -> None:
    names = np.arange(COUNT)[::-1] if order == "reversed" else np.random.default_rng(3).permutation(COUNT)
    for index, name in enumerate(names):
        write(f"IM{name:03}.dcm", STEP * index, orientation)
    volume = read_volume(scan)
    array, affine = read_by_itk(scan)
    assert np.array_equal(volume.data[0], array)
    assert np.allclose(volume.affine, affine, atol=1e-4)
    assert volume.warnings == ()
    for index in range(COUNT):
        assert np.array_equal(volume.data[0, :, :, index], voxels(index))


def test_the_affine_by_hand(write: Write, scan: Path) -> None:
    """Axial, first pixel at (-48, -50, 12) LPS: rows go posterior by 2 mm, columns left by 2.5 mm, slices up by 6."""
    for index in range(5):
        write(f"{9 - index}.dcm", STEP * index)
    assert np.allclose(
        read_volume(scan).affine, [[0, -2.5, 0, 48], [-2, 0, 0, 50], [0, 0, 6, 12], [0, 0, 0, 1]]
    )


def test_the_hash_does_not_depend_on_names(write: Write, scan: Path) -> None:
    paths = [write(f"{index}.dcm", STEP * index) for index in range(5)]
    first = read_volume(scan).source
    paths[0].rename(scan / "z.dcm")
    assert read_volume(scan).source == first
    assert (first.format, first.path) == ("dicom", str(scan))


def test_a_real_series_agrees_with_simpleitk(shared: Path, tmp_path: Path) -> None:
    """Every sixteenth file of the shared series, a sheet of slices 10.6 mm apart, archive order."""
    with tarfile.open(shared / "data/dicom/healthy_t1.tar.xz") as archive:
        wanted = [f"dicoms/N2D_{number:04}.dcm" for number in range(1, 385, 16)]
        archive.extractall(tmp_path, [archive.getmember(name) for name in wanted], filter="data")
    volume = read_volume(tmp_path / "dicoms")
    array, affine = read_by_itk(tmp_path / "dicoms")
    assert volume.data.shape == (1, 384, 274, 24)
    assert np.array_equal(volume.data[0], array)
    assert np.allclose(volume.affine, affine, atol=1e-4)
    assert [line for line in volume.warnings if "slices may be missing" in line] == list(volume.warnings)
    assert len(volume.warnings) == 1


class TestToldApart:
    def test_a_lone_file_stays_a_file(self, write: Write, scan: Path) -> None:
        path = write("a.dcm", 0.0)
        [only] = grouped(scan).inputs
        assert (only.path, only.files) == (path, ())
        assert read_volume(path).is_slice

    def test_two_series_in_one_folder(self, write: Write, scan: Path) -> None:
        other = generate_uid()
        for index in range(5):
            write(f"a{index}.dcm", STEP * index, SeriesNumber=7)
            write(f"b{index}.dcm", STEP * index, SAGITTAL, SeriesInstanceUID=other, SeriesNumber=2)
        found = grouped(scan)
        assert [one.path for one in found.inputs] == [scan / "series-2", scan / "series-1"]
        assert [path.name for path in found.inputs[0].files] == [f"a{index}.dcm" for index in range(5)]
        assert "series-1 (5 sagittal slices" in found.notes[0]
        with pytest.raises(InputError, match="a folder with 2 images"):
            read_volume(scan)

    def test_a_localizer_of_three_planes(self, write: Write, scan: Path) -> None:
        for plane, orientation in enumerate((AXIAL, CORONAL, SAGITTAL)):
            for index in range(5):
                write(f"{plane}{index}.dcm", STEP * index, orientation)
        assert [len(one.files) for one in grouped(scan).inputs] == [5, 5, 5]

    def test_pipes_and_loose_links_are_not_opened(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index)
        os.mkfifo(scan / "pipe.dcm")
        (scan / "gone.dcm").symlink_to(scan / "nowhere")
        assert [len(one.files) for one in grouped(scan).inputs] == [5, 0, 0]

    def test_another_size_is_another_input(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index)
        write("9.dcm", 0.0, picture=np.arange(64 * 64, dtype=np.uint16).reshape(64, 64))
        found = grouped(scan).inputs
        assert [(one.path, len(one.files)) for one in found] == [(scan, 5), (scan / "9.dcm", 0)]

    @pytest.mark.parametrize(
        ("attribute", "values", "word"),
        [
            ("EchoNumbers", (1, 2, 3), "echo"),
            ("TemporalPositionIdentifier", (1, 2, 3), "time point"),
            ("ImageType", (["ORIGINAL", "PRIMARY", "M"], ["ORIGINAL", "PRIMARY", "P"]), "image type"),
            ("AcquisitionNumber", (4, 5), "acquisition"),
        ],
    )
    def test_several_images_at_each_place(
        self, attribute: str, values: tuple, word: str, write: Write, scan: Path
    ) -> None:
        for part, value in enumerate(values):
            for index in range(5):
                write(f"{index}{part}.dcm", STEP * index, picture=voxels(index) + part, **{attribute: value})
        found = grouped(scan)
        assert len(found.inputs) == len(values)
        assert f"by {word})" in found.notes[0]
        assert [{path.name[1] for path in one.files} for one in found.inputs] == [
            {str(part)} for part in range(len(values))
        ]

    def test_a_difference_between_slices_alone_divides_nothing(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index, AcquisitionNumber=index, EchoTime=3.0 + index)
        [only] = grouped(scan).inputs
        assert len(only.files) == 5

    def test_several_images_at_each_place_that_nothing_tells_apart(self, write: Write, scan: Path) -> None:
        for part in range(2):
            for index in range(5):
                write(f"{part}{index}.dcm", STEP * index, picture=voxels(index) + part)
        with pytest.raises(InputError, match=r"several different images at one place.*10 images at 5 places"):
            read_volume(scan)

    def test_series_spread_over_folders_named_by_identifiers(self, write: Write, scan: Path) -> None:
        folder = "1.2.826.0.1.3680043"
        for index in range(5):
            write(f"{folder}/{index % 2}/{index}.dcm", STEP * index)
        [only] = grouped(scan).inputs
        assert (only.path, len(only.files)) == (scan, 5)

    def test_files_of_a_series_without_a_place_stay_files(self, write: Write, scan: Path) -> None:
        for index in range(2):
            write(f"{index}.dcm", STEP * index, ImagePositionPatient=None)
        found = grouped(scan)
        assert [one.files for one in found.inputs] == [(), ()]
        assert "do not say where they lie" in found.notes[0]

    def test_files_named_by_identifiers_are_found(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"1.2.840.113619.2.{index}", STEP * index)
        assert len(grouped(scan).inputs[0].files) == 5


class TestNoVolume:
    def _one_by_one(self, scan: Path, names: str, said: str) -> None:
        found = grouped(scan)
        assert [(one.path.name, one.files) for one in found.inputs] == [(f"{name}.dcm", ()) for name in names]
        assert len(found.notes) == 1
        assert said in found.notes[0]
        with pytest.raises(InputError, match="without a volume"):
            read_volume(scan)

    def test_too_few_slices_are_read_one_by_one(self, write: Write, scan: Path) -> None:
        for index in range(4):
            write(f"{index}.dcm", STEP * index)
        self._one_by_one(scan, "0123", "4 axial slices of 48 x 40, 6 mm apart, too few for a volume (5)")
        write("4.dcm", 4 * STEP)
        assert len(grouped(scan).inputs[0].files) == 5

    @pytest.mark.parametrize("count", [2, 6])
    def test_slices_far_apart_are_read_one_by_one(self, count: int, write: Write, scan: Path) -> None:
        for index in range(count):
            write(f"{index}.dcm", 26.0 * index, picture=voxels(index))
        self._one_by_one(scan, "012345"[:count], "26 mm apart, too far apart for a volume: read one by one")

    def test_copies_of_one_slice_are_one_picture(self, write: Write, scan: Path) -> None:
        for name in "ab":
            write(f"{name}.dcm", 0.0)
        self._one_by_one(scan, "a", "at one place, read as pictures; 1 of them left out as copies")

    def test_different_images_at_one_place_are_pictures(self, write: Write, scan: Path) -> None:
        for index, name in enumerate("aba"):
            write(f"{name}{index}.dcm", 0.0, picture=voxels(ord(name) % 7))
        assert [one.path.name for one in grouped(scan).inputs] == ["a0.dcm", "b1.dcm"]

    def test_files_named_one_by_one_are_judged_alike(self, write: Write) -> None:
        paths = [write(f"{index}.dcm", 26.0 * index) for index in range(2)]
        assert [one.path for one in group_series(paths).inputs] == paths


class TestWrong:
    def _warned(self, volume: Volume, *words: str) -> None:
        assert len(volume.warnings) == 1, volume.warnings
        assert all(word in volume.warnings[0] for word in words), volume.warnings

    def test_missing_slices_are_left_as_background(self, write: Write, scan: Path) -> None:
        for index in (0, 1, 3, 4, 6):
            write(f"{index}.dcm", STEP * index)
        volume = read_volume(scan)
        self._warned(volume, "2 of 7 slices missing", "number 3, 6")
        assert volume.data.shape[3] == 7
        assert volume.spacing_mm == pytest.approx((2.0, 2.5, STEP))
        assert np.unique(volume.data[0, :, :, 2]) == [5.0]
        assert np.array_equal(volume.data[0, :, :, 6], voxels(6))

    def test_every_second_slice_missing_is_seen_by_the_header(self, write: Write, scan: Path) -> None:
        for index in (0, 2, 4, 6, 8):
            write(f"{index}.dcm", STEP * index, SpacingBetweenSlices=STEP)
        self._warned(read_volume(scan), "12 mm apart", "says 6 mm", "may be missing")

    def test_copies_are_left_out(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index)
        write("copy.dcm", STEP)
        volume = read_volume(scan)
        self._warned(volume, "1 of 6 slices are copies")
        assert volume.data.shape[3] == 5

    def test_slices_half_missing_are_seen_by_their_thickness(self, write: Write, scan: Path) -> None:
        """1.9 thicknesses apart or more: 12 mm against 6 mm, where no distance is stated."""
        for index in (0, 2, 4, 6, 8):
            write(f"{index}.dcm", STEP * index, SliceThickness=STEP)
        self._warned(read_volume(scan), GAPS, "12 mm apart", "6 mm thick")
        for index in (0, 2, 4, 6, 8):
            write(f"{index}.dcm", STEP * index, SliceThickness=6.4)
        assert read_volume(scan).warnings == ()

    def test_slightly_uneven_distances_are_said_and_doubted(self, write: Write, scan: Path) -> None:
        for index, depth in enumerate((0.0, 6.8, 12.0, 18.0, 24.0)):
            write(f"{index}.dcm", depth)
        self._warned(read_volume(scan), DOUBTFUL_DEPTH, "5.2 to 6.8 mm")

    @pytest.mark.parametrize("depths", [(0.0, 3.0, 8.0, 11.0, 16.0), (0.0, 6.0, 12.0, 18.0, 90.0)])
    def test_very_uneven_distances_are_refused(
        self, depths: tuple[float, ...], write: Write, scan: Path
    ) -> None:
        for index, depth in enumerate(depths):
            write(f"{index}.dcm", depth, picture=voxels(index))
        with pytest.raises(InputError, match="not one evenly spaced stack") as caught:
            read_volume(scan)
        assert "\n" not in str(caught.value)

    def test_a_tilted_gantry_is_kept_and_said(self, write: Write, scan: Path) -> None:
        """20 degrees: each slice lies 6 tan 20 = 2.18 mm further down the picture."""
        for index in range(5):
            write(f"{index}.dcm", STEP * index, sideways=STEP * index * np.tan(np.radians(20)))
        volume = read_volume(scan)
        self._warned(volume, "20.0 degrees", "tilted gantry")
        assert np.allclose(volume.affine[:3, 2], [0, -2.1838, 6.0], atol=1e-3)

    def test_slices_shifted_at_random_are_refused(self, write: Write, scan: Path) -> None:
        for index, sideways in enumerate((0.0, 9.0, -4.0, 0.0, 5.0)):
            write(f"{index}.dcm", STEP * index, sideways=sideways)
        with pytest.raises(InputError, match="shifted sideways"):
            read_volume(scan)

    def test_a_placeholder_spacing_is_not_trusted(self, write: Write, scan: Path) -> None:
        rng = np.random.default_rng(0)
        for index in range(5):
            picture = rng.integers(0, 500, (128, 128)).astype(np.uint16)
            write(f"{index}.dcm", float(index), PixelSpacing=[1.0, 1.0], SliceThickness=1.0, picture=picture)
        self._warned(read_volume(scan), DOUBTFUL_SPACING, "1 x 1 x 1 mm, a placeholder")

    def test_a_head_of_a_metre_is_not_trusted(self, write: Write, scan: Path) -> None:
        for index in range(COUNT):
            write(f"{index}.dcm", 150.0 * index, picture=voxels(index), SliceThickness=150.0)
        self._warned(read_volume(scan), DOUBTFUL_SPACING, "96 x 100 x 1050 mm")

    def test_a_damaged_slice_is_one_line_that_names_it(self, write: Write, scan: Path) -> None:
        for index in range(5):
            path = write(f"{index}.dcm", STEP * index)
        path.write_bytes(path.read_bytes()[:-900])
        with pytest.raises(InputError, match=r"4\.dcm: .*cannot be decoded") as caught:
            read_volume(scan)
        assert "\n" not in str(caught.value)

    def test_headers_that_promise_too_much_are_refused_before_pixels(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index, Rows=60000, Columns=60000)
        with pytest.raises(InputError, match="too large"):
            read_volume(scan)

    @pytest.mark.parametrize("seed", range(12))
    def test_bytes_overwritten_in_headers(self, seed: int, write: Write, scan: Path) -> None:
        """Damage in every file of a series: each input is read or refused in one line, whatever was hit."""
        random = np.random.default_rng([seed, 11])
        for index in range(5):
            path = write(f"{index}.dcm", STEP * index)
            content = bytearray(path.read_bytes())
            for place in random.integers(140, 900, int(random.integers(1, 6))):
                content[place] = int(random.integers(0, 256))
            path.write_bytes(bytes(content))
        for one in grouped(scan).inputs:
            try:
                outcome: object = read_series(one.path, one.files) if one.files else read_volume(one.path)
            except InputError as error:
                outcome = str(error)
            assert isinstance(outcome, Volume) or "\n" not in str(outcome)

    def test_places_and_sizes_beyond_reason_are_no_series(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index, PixelSpacing=[1e15, 1e15])
        assert [one.files for one in grouped(scan).inputs] == [()] * 5

    def test_a_stack_of_mostly_nothing_is_refused(self, write: Write, scan: Path) -> None:
        """Four slices side by side and one half a kilometre away ask for no half million slices."""
        for index, depth in enumerate((0.0, 1.0, 2.0, 3.0, 5e5)):
            write(f"{index}.dcm", depth, picture=voxels(index))
        with pytest.raises(InputError, match="not one evenly spaced stack"):
            read_volume(scan)


class TestValues:
    def test_every_slice_has_its_own_rescale(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index, RescaleSlope=index + 1.0, RescaleIntercept=-10.0 * index)
        data = read_volume(scan).data[0]
        for index in range(5):
            assert np.array_equal(data[:, :, index], voxels(index) * (index + 1.0) - 10.0 * index)

    def test_inverted_slices_share_one_maximum(self, write: Write, scan: Path) -> None:
        for index in range(5):
            write(f"{index}.dcm", STEP * index, PhotometricInterpretation="MONOCHROME1")
        data = read_volume(scan).data[0]
        top = max(int(voxels(index).max()) for index in range(5))
        for index in range(5):
            assert np.array_equal(data[:, :, index], top - voxels(index).astype(int))

    def test_enhanced_frames_have_their_own_rescale(
        self,
        write: Write,
        tmp_path: Path,
        make_dicom: Callable[..., Dataset],
        to_bytes: Callable[[Dataset], bytes],
    ) -> None:
        frames = [voxels(index) for index in range(3)]
        dataset = make_dicom(np.concatenate(frames), NumberOfFrames=3, Rows=SHAPE[0])
        groups = []
        for index in (0, 1, 2):
            place, orientation, measures, values = Dataset(), Dataset(), Dataset(), Dataset()
            place.ImagePositionPatient = [0.0, 0.0, -4.0 * index]
            orientation.ImageOrientationPatient = AXIAL
            measures.PixelSpacing = [2.0, 2.5]
            values.RescaleSlope, values.RescaleIntercept = 2.0 + index, 1.0
            group = Dataset()
            group.PlanePositionSequence = DicomSequence([place])
            group.PlaneOrientationSequence = DicomSequence([orientation])
            group.PixelMeasuresSequence = DicomSequence([measures])
            group.PixelValueTransformationSequence = DicomSequence([values])
            groups.append(group)
        dataset.PerFrameFunctionalGroupsSequence = DicomSequence(groups)
        path = tmp_path / "enhanced.dcm"
        path.write_bytes(to_bytes(dataset))
        volume = read_volume(path)
        for index in range(3):
            assert np.array_equal(volume.data[0, :, :, 2 - index], frames[index] * (2.0 + index) + 1.0)
        assert np.allclose(volume.affine[:3, 3], [0, 0, -8])


def test_nothing_personal_comes_out(write: Write, scan: Path) -> None:
    personal = {
        "PatientName": "Canary^Person", "PatientID": "CANARY-ID", "PatientBirthDate": "19010203",
        "InstitutionName": "Canary Hospital", "StudyDate": "19040506", "SeriesDescription": "canary words",
        "StudyDescription": "canary study", "AccessionNumber": "CANARY7", "ReferringPhysicianName": "Canary^Doctor",
        "ImageComments": "canary comment", "ProtocolName": "canary protocol", "ImageType": ["ORIGINAL", "CANARY"],
    }  # fmt: skip
    other = generate_uid()
    for index in range(5):
        write(f"{index}.dcm", STEP * index, **personal)
        write(f"b{index}.dcm", STEP * index, SeriesInstanceUID=other, **personal)
    found = grouped(scan)
    facts = [decode_isolated(DESCRIBER, path).facts for one in found.inputs for path in one.files]
    said = repr((found, facts)).lower()
    for secret in ("canary", "19010203", "19040506", other, "1.2.3.4.5.6"):
        assert secret not in said
    assert set(facts[0]) == {
        "series", "series_number", "kind", "rows", "columns", "frames", "places", "echo", "echo_time", "time_point",
        "inversion_time", "b_value", "acquisition",
    }  # fmt: skip
