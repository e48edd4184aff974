"""``explain`` over a folder of DICOM files: one result for each series, nothing personal in any file of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import nibabel
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, generate_uid

import saliscribe
from saliscribe.anatomy.phantom import paint_phantom

STEP = 6.0
PERSONAL = {
    "PatientName": "Canary^Person", "PatientID": "CANARY-ID", "PatientBirthDate": "19010203",
    "InstitutionName": "Canary Hospital", "StudyDate": "19040506", "SeriesDescription": "canary words",
    "AccessionNumber": "CANARY7", "ImageComments": "canary comment",
}  # fmt: skip


def write_slice(path: Path, series: str, depth: float, picture: NDArray, **attributes: object) -> None:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = MRImageStorage, generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), series
    dataset.Modality = "MR"
    dataset.Rows, dataset.Columns = picture.shape
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 16, 15, 0
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [-128.0, -128.0, depth]
    dataset.PixelSpacing, dataset.SliceThickness = [1.0, 1.0], 5.0
    dataset.PixelData = picture.astype(np.uint16).tobytes()
    for name, value in ({"StudyInstanceUID": "1.2.3.4.5"} | PERSONAL | attributes).items():
        setattr(dataset, name, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Two series of five slices in one folder, file names in no order, and a lone slice of a third."""
    folder = tmp_path_factory.mktemp("mixed") / "scans"
    uids = [generate_uid() for _ in range(3)]
    for index in range(5):
        picture = paint_phantom(50, "glioma", "axial", level_mm=10.0 + STEP * index)[0].picture
        write_slice(folder / f"IM{(index * 2) % 5}7.dcm", uids[0], STEP * index, picture)
        write_slice(folder / f"IM{(index * 2) % 5}8.dcm", uids[1], 100 + STEP * index, picture)
    write_slice(folder / "lone.dcm", uids[2], 0.0, picture)
    return folder, uids


def test_every_series_of_a_folder_is_one_volume(
    mixed: tuple[Path, list[str]], random_network: Path, tmp_path: Path
) -> None:
    folder, uids = mixed
    notes: list[str] = []
    outcomes = saliscribe.explain(folder, tmp_path, model=str(random_network), on_note=notes.append)
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert [Path(str(outcome.out)).name for outcome in outcomes] == ["series-1", "series-2", "lone"]
    assert "2 DICOM series told apart" in notes[0]
    for number, origin in ((1, 0.0), (2, 100.0)):
        result = tmp_path / f"series-{number}"
        saved = nibabel.load(result / "image.nii.gz")
        expected = [[0, -1, 0, 128], [-1, 0, 0, 128], [0, 0, STEP, origin], [0, 0, 0, 1]]
        assert saved.shape == (256, 256, 5)
        np.testing.assert_allclose(saved.affine, expected)
        manifest = json.loads((result / "manifest.json").read_bytes())
        assert (manifest["kind"], manifest["volume"]["plane"]) == ("volume", "axial")
    assert json.loads((tmp_path / "lone" / "manifest.json").read_bytes())["kind"] == "slice"
    _nothing_personal(tmp_path, uids)


def _nothing_personal(out: Path, uids: list[str]) -> None:
    written = [path for path in out.rglob("*") if path.is_file()]
    assert len(written) > 30
    for path in written:
        content = path.read_bytes()
        content = (gzip.decompress(content) if path.suffix == ".gz" else content).lower()
        for secret in ("canary", "19010203", "19040506", "1.2.3.4.5", *uids):
            assert secret.encode() not in content, path


def test_a_finished_series_is_kept_and_a_changed_one_is_not_mixed_up(
    mixed: tuple[Path, list[str]], random_network: Path, tmp_path: Path
) -> None:
    source, uids = mixed
    folder = tmp_path / "head"
    folder.mkdir()
    for path in source.glob("IM?7.dcm"):
        (folder / path.name).write_bytes(path.read_bytes())
    first, again = (
        saliscribe.explain(folder, tmp_path / "out", model=str(random_network))[0] for _ in range(2)
    )
    assert (first.status, first.resumed, again.resumed) == ("ok", False, True)
    assert Path(str(first.out)).name == "head"
    picture = np.arange(256 * 256, dtype=np.uint16).reshape(256, 256)
    write_slice(folder / "more.dcm", uids[0], 5 * STEP, picture)
    [changed] = saliscribe.explain(folder, tmp_path / "out", model=str(random_network))
    assert "belongs to another input" in str(changed.error)
