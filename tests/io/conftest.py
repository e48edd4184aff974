"""One small valid file of every format, painted so that turning or mirroring it shows."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import h5py
import nibabel
import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, MRImageStorage, RLELossless
from scipy.io import savemat


def paint(rows: int = 96, columns: int = 80) -> NDArray[np.uint8]:
    """An uneven disc on black, brighter to the top left: no two sides look alike."""
    i, j = np.mgrid[:rows, :columns].astype(float)
    inside = ((i - rows * 0.45) / (rows * 0.4)) ** 2 + ((j - columns * 0.5) / (columns * 0.42)) ** 2 < 1
    values = 200 - 90 * i / rows - 60 * j / columns + 8 * np.sin(i / 3.0) + 6 * np.cos(j / 5.0)
    return np.where(inside, values, 3 * ((i + j) % 2)).clip(0, 255).astype(np.uint8)


def write_mat73(path: Path, image: NDArray, mask: NDArray, label: int = 2, patient: str = "100360") -> None:
    """A figshare file as MATLAB writes it: HDF5 behind a 512-byte header, every array transposed."""
    with h5py.File(path, "w", userblock_size=512) as file:
        group = file.create_group("cjdata")
        group["PID"] = np.array([[ord(letter)] for letter in patient], dtype=np.uint16)
        group["image"] = image.astype(np.int16).T
        group["label"] = np.array([[float(label)]])
        group["tumorBorder"] = np.array([[10.0, 20.0, 30.0, 40.0]])
        group["tumorMask"] = mask.astype(np.uint8).T
    with path.open("r+b") as stream:
        head = (
            b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan 1 00:00:00 2017 HDF5 schema 1.00 ."
        )
        stream.write(head.ljust(116) + b"\0" * 8 + b"\x00\x02IM")


def dicom_dataset(stored: NDArray, **attributes: object) -> Dataset:
    """An MR slice, axial, 0.5 mm down and 0.75 mm across, with a person's name that must never come out."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.PatientName, dataset.PatientID = "Secret^Person", "ID-SECRET"
    dataset.Modality = "MR"
    dataset.Rows, dataset.Columns = stored.shape[:2]
    dataset.SamplesPerPixel = 1 if stored.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if stored.ndim == 2 else "RGB"
    if stored.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = stored.dtype.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(stored.dtype.kind == "i")
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.ImagePositionPatient = [-30.0, -24.0, 12.0]
    dataset.PixelSpacing = [2.0, 2.5]
    dataset.SliceThickness = 5.0
    dataset.PixelData = stored.tobytes()
    for name, value in attributes.items():
        setattr(dataset, name, value)
    return dataset


def dicom_bytes(dataset: Dataset) -> bytes:
    out = io.BytesIO()
    dataset.save_as(out, enforce_file_format=True)
    return out.getvalue()


@pytest.fixture(scope="session")
def picture() -> NDArray[np.uint8]:
    return paint()


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory, picture: NDArray[np.uint8]) -> dict[str, Path]:
    """Label -> file; every label starts with the reader's name."""
    folder = tmp_path_factory.mktemp("samples")
    grey = Image.fromarray(picture)
    names = {"png": "a.png", "jpeg": "a.jpg", "tiff": "a.tif", "bmp": "a.bmp"}
    files = {label: folder / name for label, name in names.items()}
    for path in files.values():
        grey.save(path)
    files["tiff-lzw"] = folder / "lzw.tif"
    grey.save(files["tiff-lzw"], compression="tiff_lzw")
    mask = picture > 150
    files["mat-v7"] = folder / "new.mat"
    write_mat73(files["mat-v7"], picture, mask)
    files["mat-v5"] = folder / "old.mat"
    fields = {
        "image": picture.astype(np.int16),
        "tumorMask": mask.astype(np.uint8),
        "label": 2.0,
        "PID": "100360",
    }
    savemat(files["mat-v5"], {"cjdata": fields}, do_compression=True)
    files["dicom"] = folder / "a.dcm"
    files["dicom"].write_bytes(dicom_bytes(dicom_dataset(picture.astype(np.uint16))))
    packed = dicom_dataset(picture.astype(np.uint16))
    packed.compress(RLELossless)
    files["dicom-rle"] = folder / "rle.dcm"
    files["dicom-rle"].write_bytes(dicom_bytes(packed))
    volume = np.stack([picture.T + step for step in range(6)], axis=2).astype(np.int16)
    affine = np.diag([-2.5, -2.0, 5.0, 1.0])
    for label, name in (("nifti", "a.nii"), ("nifti-gz", "a.nii.gz")):
        files[label] = folder / name
        nibabel.save(nibabel.Nifti1Image(volume, affine), files[label])
    image = SimpleITK.GetImageFromArray(volume.T)
    image.SetSpacing((2.5, 2.0, 5.0))
    for label, name, compressed in (("nrrd", "raw.nrrd", False), ("nrrd-gz", "gz.nrrd", True)):
        files[label] = folder / name
        SimpleITK.WriteImage(image, str(files[label]), compressed)
    return files


@pytest.fixture(scope="session")
def make_mat73() -> Callable[..., None]:
    return write_mat73


@pytest.fixture(scope="session")
def make_dicom() -> Callable[..., Dataset]:
    return dicom_dataset


@pytest.fixture(scope="session")
def to_bytes() -> Callable[[Dataset], bytes]:
    return dicom_bytes
