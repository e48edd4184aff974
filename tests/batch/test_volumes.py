"""A volume: every slice predicted, one explained, everything on the grid and in the space of the input."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import nibabel
import numpy as np
import pytest

import saliscribe
from saliscribe.anatomy.phantom import paint_phantom

SLICES = 4
#: Voxel (i, j, k) to RAS mm: a LAS axial stack with 6 mm slices, as scanners write it.
AFFINE = np.array([[-1.0, 0, 0, 128], [0, -1.0, 0, 128], [0, 0, 6.0, -10], [0, 0, 0, 1]])


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = np.zeros((256, 256, SLICES + 1), np.int16)
    for index in range(SLICES):
        volume, _, _ = paint_phantom(50, "glioma", "axial", level_mm=10.0 + 6.0 * index)
        data[:, :, index] = volume.picture.T
    path = tmp_path_factory.mktemp("volume") / "head.nii.gz"
    nibabel.save(nibabel.Nifti1Image(data, AFFINE), path)
    return path


def test_a_volume_gives_nifti_files_on_its_own_grid(
    stack: Path, random_network: Path, tmp_path: Path
) -> None:
    [outcome] = saliscribe.explain(stack, tmp_path, model=str(random_network))
    assert outcome.status == "ok", outcome.error
    folder = Path(str(outcome.out))
    assert folder.name == "head"
    given = nibabel.load(stack)
    for name in ("image.nii.gz", "mask.nii.gz", "probability.nii.gz"):
        saved = nibabel.load(folder / name)
        assert saved.shape == given.shape
        np.testing.assert_allclose(saved.affine, given.affine)
    np.testing.assert_array_equal(nibabel.load(folder / "image.nii.gz").get_fdata(), given.get_fdata())


def test_the_key_slice_is_the_one_with_the_largest_region(
    stack: Path, random_network: Path, tmp_path: Path
) -> None:
    [outcome] = saliscribe.explain(stack, tmp_path, model=str(random_network))
    folder = Path(str(outcome.out))
    with (folder / "slices.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    mask = nibabel.load(folder / "mask.nii.gz").get_fdata()
    assert [int(row["index"]) for row in rows] == list(range(SLICES + 1))
    assert rows[-1]["label"] == ""
    assert rows[-1]["mask_px"] == ""
    areas = [int(row["mask_px"] or 0) for row in rows]
    assert areas == [int(mask[:, :, index].sum()) for index in range(SLICES + 1)]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    key = manifest["volume"]["key_slice"] - 1
    assert manifest["volume"]["plane"] == "axial"
    assert areas[key] == max(areas)
    findings = json.loads((folder / "findings.json").read_bytes())
    assert (findings["image"]["slice_number"], findings["image"]["slice_count"]) == (key + 1, SLICES + 1)


def test_a_volume_without_a_head_is_refused(random_network: Path, tmp_path: Path) -> None:
    path = tmp_path / "empty.nii.gz"
    nibabel.save(nibabel.Nifti1Image(np.zeros((64, 64, 5), np.int16), AFFINE), path)
    [outcome] = saliscribe.explain(path, tmp_path / "out", model=str(random_network))
    assert outcome.error_code == 3
    assert not (tmp_path / "out").exists()
