"""Every layout of labelled data, made small; the shared one whole."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image

from saliscribe.errors import InputError
from saliscribe.io.labelled import LAYOUTS, LabelledDataWarning, read_labelled
from saliscribe.io.labelled_pixels import mask_pixels, read_pixels
from saliscribe.io.layouts.words import class_of, is_no_tumour


def _save(path: Path, values: np.ndarray | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    grey = np.arange(64 * 48).reshape(64, 48) % 251 if values is None else values
    Image.fromarray(grey.astype(np.uint8)).save(path)
    return path


MASK_3_255 = np.where(np.arange(64 * 48).reshape(64, 48) % 48 < 10, 255, 3)


def _read_unknown(root: Path):
    with pytest.warns(LabelledDataWarning, match="patients are unknown"):
        return read_labelled(root)


def test_shared_figshare(shared: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        slices = read_labelled(shared / "data" / "figshare")
    assert len(slices) == 2432
    assert len({item.patient for item in slices}) == 165
    assert {fold: sum(item.fold == fold for item in slices) for fold in range(1, 6)} == {
        1: 490,
        2: 488,
        3: 486,
        4: 484,
        5: 484,
    }
    folds = {}
    for item in slices:
        assert folds.setdefault(item.patient, item.fold) == item.fold, "a patient stands in one fold"
    with (shared / "data" / "figshare" / "index.csv").open() as handle:
        areas = {row["file"]: int(row["mask_area_px"]) for row in csv.DictReader(handle)}
    for item in slices[::200]:
        picture, mask = read_pixels(item)
        assert mask is not None
        assert mask.shape == picture.shape
        assert mask.sum() == areas[item.path.name]
    assert sum(item.spacing_mm is None for item in slices) == 15
    assert slices[0].spacing_mm == pytest.approx(0.98)


def test_enh_pairs_in_class_folders(tmp_path: Path) -> None:
    for name in ("1_Meningioma", "glioma_tumor", "pituitary tumour"):
        _save(tmp_path / "Training" / name / "enh_7.png")
        _save(tmp_path / "Training" / name / "enh_7_mask.png", MASK_3_255)
    _save(tmp_path / "Training" / "no_tumor" / "enh_9.png")
    with pytest.warns(UserWarning, match="1 slices without a tumour"):
        slices = _read_unknown(tmp_path)
    assert sorted(item.label for item in slices) == ["glioma", "meningioma", "pituitary"]
    assert len({item.patient for item in slices}) == 3
    assert not any(item.patient_known for item in slices)
    assert {item.split for item in slices} == {"train"}
    for item in slices:
        _, mask = read_pixels(item)
        assert mask is not None
        assert mask.sum() == 640, "3 is background"


def test_plain_class_folders_without_masks(tmp_path: Path) -> None:
    _save(tmp_path / "glioma" / "Te-gl_0010.jpg")
    _save(tmp_path / "pituitary" / "a.tif")
    slices = _read_unknown(tmp_path)
    assert [(item.label, item.mask_path) for item in slices] == [("glioma", None), ("pituitary", None)]
    assert read_pixels(slices[0])[1] is None


def test_masks_in_a_parallel_folder(tmp_path: Path) -> None:
    _save(tmp_path / "images" / "glioma" / "a.jpg")
    _save(tmp_path / "masks" / "glioma" / "a.png", MASK_3_255)
    (item,) = _read_unknown(tmp_path)
    assert item.mask_path == tmp_path / "masks" / "glioma" / "a.png"


def test_brisc(tmp_path: Path) -> None:
    for folder in ("classification_task/train/glioma", "segmentation_task/train/images"):
        _save(tmp_path / folder / "brisc2025_train_00001_gl_ax_t1.jpg")
    _save(tmp_path / "segmentation_task/train/masks/brisc2025_train_00001_gl_ax_t1.png", MASK_3_255)
    _save(tmp_path / "classification_task/test/pituitary/brisc2025_test_00002_pi_sa_t1.jpg")
    _save(tmp_path / "classification_task/test/no_tumor/brisc2025_test_00003_nt_co_t1.jpg")
    with pytest.warns(UserWarning, match="1 slices of other classes"):
        slices = _read_unknown(tmp_path)
    found = [(item.label, item.plane, item.split, item.mask_path is not None) for item in slices]
    assert found == [("pituitary", "sagittal", "test", False), ("glioma", "axial", "train", True)]


def _write_mat(path: Path, label: int, pid: str) -> None:
    with h5py.File(path, "w") as handle:
        group = handle.create_group("cjdata")
        group["label"] = np.array([[float(label)]])
        group["PID"] = np.array([[ord(letter)] for letter in pid], dtype=np.uint16)
        group["image"] = np.arange(48 * 40, dtype=np.int16).reshape(40, 48)
        group["tumorMask"] = np.pad(np.ones((3, 4), np.uint8), ((2, 35), (5, 39)))
        group["tumorBorder"] = np.zeros((1, 4))


def test_figshare_mat_folder(tmp_path: Path) -> None:
    for number, label, pid in ((1, 1, "100360"), (2, 2, "MR029260A"), (10, 3, "MR029260B")):
        _write_mat(tmp_path / f"{number}.mat", label, pid)
    with h5py.File(tmp_path / "cvind.mat", "w") as handle:
        handle["cvind"] = np.array([[5.0, 4, 0, 0, 0, 0, 0, 0, 0, 3]])
    slices = read_labelled(tmp_path)
    assert [(item.label, item.patient, item.fold, item.study) for item in slices] == [
        ("meningioma", "100360", 5, "100360"),
        ("glioma", "MR029260", 4, "MR029260A"),
        ("pituitary", "MR029260", 3, "MR029260B"),
    ]
    picture, mask = read_pixels(slices[0])
    assert picture.shape == (48, 40)
    assert mask is not None
    assert mask[5:9, 2:5].all()
    assert mask.sum() == 12


def test_csv_with_other_column_names(tmp_path: Path) -> None:
    _save(tmp_path / "a.png")
    _save(tmp_path / "m.png", MASK_3_255)
    (tmp_path / "list.csv").write_text("Image,Label,Subject,Mask,View\na.png,Pituitary tumor,S1,m.png,cor\n")
    (item,) = read_labelled(tmp_path / "list.csv")
    assert (item.label, item.patient, item.plane, item.mask_path) == (
        "pituitary",
        "S1",
        "coronal",
        tmp_path / "m.png",
    )


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("b.png,glioma,1", "line 2.*not there"),
        ("a.png,lymphoma,1", "unknown class"),
        ("a.png,glioma,x", "fold is not"),
    ],
)
def test_bad_rows_say_where(tmp_path: Path, row: str, problem: str) -> None:
    _save(tmp_path / "a.png")
    (tmp_path / "index.csv").write_text(f"file,class,fold\n{row}\n")
    with pytest.raises(InputError, match=problem):
        read_labelled(tmp_path)


def test_nothing_that_fits(tmp_path: Path) -> None:
    _save(tmp_path / "holiday" / "a.png")
    with pytest.raises(InputError, match="no known layout"):
        read_labelled(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_labelled(tmp_path / "nowhere")


def test_mask_values() -> None:
    assert mask_pixels(np.array([[3, 255]])).tolist() == [[False, True]]
    assert mask_pixels(np.array([[0, 1]])).tolist() == [[False, True]]
    assert not mask_pixels(np.full((4, 4), 3)).any(), "only the dark value: an empty mask"
    assert mask_pixels(np.array([[0, 12, 240, 65535]])).tolist() == [[False, False, False, True]]
    with pytest.raises(InputError, match="neither 0/1"):
        mask_pixels(np.array([[0, 100]]))


def test_words() -> None:
    assert [
        class_of(word)
        for word in ("Glioma", "2_meningioma_tumor", "pi", "pituitary adenoma", "normal", "mel")
    ] == ["glioma", "meningioma", "pituitary", "pituitary", None, None]
    assert is_no_tumour("notumor")
    assert is_no_tumour("healthy")
    assert not is_no_tumour("glioma")


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_every_layout_loads_and_knows_an_empty_folder(name: str, tmp_path: Path) -> None:
    assert LAYOUTS.load(name).detect(tmp_path) is False
