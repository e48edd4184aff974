"""From what the user types to the files that are meant."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from saliscribe.errors import InputError
from saliscribe.io.inputs import expand_inputs, find_inputs, natural_key
from saliscribe.io.run_ids import run_id, run_ids
from saliscribe.io.runs import write_run


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(paths: list[Path], folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in paths]


def test_folders_are_walked_in_natural_order(tmp_path):
    touch(
        tmp_path,
        "b/slice10.png",
        "b/slice2.png",
        "b/Slice1.PNG",
        "a/x.nii.gz",
        "a/y.dcm",
        "notes.txt",
        ".hidden.png",
        "a/.git/z.png",
    )
    found = find_inputs([str(tmp_path)])
    assert names(list(found.paths), tmp_path) == [
        "a/x.nii.gz",
        "a/y.dcm",
        "b/Slice1.PNG",
        "b/slice2.png",
        "b/slice10.png",
    ]
    assert found.notes == ("1 file of other kinds left out",)


def test_globs_files_and_folders_together_once_each(tmp_path):
    touch(tmp_path, "a1.png", "a2.png", "deep/er/b.jpg", "c.txt")
    found = expand_inputs(
        [str(tmp_path / "a2.png"), str(tmp_path / "a*.png"), str(tmp_path), str(tmp_path / "**/*.jpg")]
    )
    assert names(found, tmp_path) == ["a2.png", "a1.png", "deep/er/b.jpg"]
    (tmp_path / "link.png").symlink_to(tmp_path / "a1.png")
    assert len(expand_inputs([str(tmp_path)])) == 3


def test_a_name_with_brackets_is_a_name(tmp_path):
    touch(tmp_path, "scan [1].png")
    assert names(expand_inputs([str(tmp_path / "scan [1].png")]), tmp_path) == ["scan [1].png"]


def test_named_files_are_kept_whatever_they_are(tmp_path):
    touch(tmp_path, "notes.txt", "a.png")
    found = expand_inputs(
        [str(tmp_path / "notes.txt"), str(tmp_path / "missing.png"), str(tmp_path / "a.png")]
    )
    assert names(found, tmp_path) == ["notes.txt", "missing.png", "a.png"]


def test_a_name_that_does_not_exist_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        expand_inputs([str(tmp_path / "missing.png")])


@pytest.mark.parametrize("what", [["*.png"], ["empty"], ["only"], []])
def test_nothing_at_all_is_an_input_error(what, tmp_path):
    (tmp_path / "empty").mkdir()
    touch(tmp_path, "only/notes.txt")
    with pytest.raises(InputError, match="no image file found") as caught:
        expand_inputs([str(tmp_path / item) for item in what])
    assert "\n" not in str(caught.value)


def test_an_empty_name_is_not_the_folder_that_one_is_in(tmp_path, monkeypatch):
    touch(tmp_path, "a.png")
    monkeypatch.chdir(tmp_path)
    found = find_inputs(["", " "])
    assert found.paths == ()
    assert [name for name, _ in found.missing] == ["", " "]
    assert len(find_inputs(["."]).paths) == 1


def test_a_pattern_that_finds_nothing_beside_others_is_an_error_of_its_own(tmp_path):
    touch(tmp_path, "a.png", "words/notes.txt")
    found = find_inputs([str(tmp_path / item) for item in ("a.png", "*.nii", "words")])
    assert names(list(found.paths), tmp_path) == ["a.png"]
    (glob, of_glob), (folder, of_folder) = found.missing
    assert (glob, folder) == (str(tmp_path / "*.nii"), str(tmp_path / "words"))
    assert "got nothing" in str(of_glob)
    assert "got 1 file of other kinds" in str(of_folder)


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        (["enh_1.png", "enh_1_mask.png", "enh_10.png"], ["enh_1.png", "enh_10.png"]),
        (["images/7.png", "masks/7.png", "masks/8.png"], ["images/7.png", "masks/8.png"]),
        (["7.png", "mask/7.png"], ["7.png"]),
        (["Pre_Scan_T1.nii.gz", "Pre_Mask.nii.gz"], ["Pre_Scan_T1.nii.gz"]),
        (["brain1_image.nrrd", "brain1_label.nrrd"], ["brain1_image.nrrd"]),
        (["p-seg.nii.gz", "p.nii.gz", "q-seg.nii.gz"], ["p.nii.gz", "q-seg.nii.gz"]),
        (["mask.png", "label.png"], ["label.png", "mask.png"]),
        (["death_mask.png"], ["death_mask.png"]),
        (["images/brisc_1_gl_ax_t1.jpg", "masks/brisc_1_gl_ax_t1.png"], ["images/brisc_1_gl_ax_t1.jpg"]),
    ],
)
def test_masks_beside_their_images_are_left_out(files, kept, tmp_path):
    touch(tmp_path, *files)
    assert names(expand_inputs([str(tmp_path)]), tmp_path) == kept
    outright = expand_inputs([str(tmp_path / name) for name in files])
    assert sorted(names(outright, tmp_path)) == sorted(kept)


def test_a_mask_asked_for_alone_is_kept(tmp_path):
    touch(tmp_path, "enh_1.png", "enh_1_mask.png")
    assert names(expand_inputs([str(tmp_path / "enh_1_mask.png")]), tmp_path) == ["enh_1_mask.png"]


def test_results_inside_the_input_folder_are_passed_over(tmp_path):
    touch(tmp_path, "a.png")
    write_run(tmp_path / "out" / "a", {"overlay.png": b"x"}, {"key": "k"})
    assert names(expand_inputs([str(tmp_path)]), tmp_path) == ["a.png"]


def test_folders_that_contain_themselves_end(tmp_path):
    touch(tmp_path, "a/x.png")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    assert len(expand_inputs([str(tmp_path)])) == 1


def test_scanner_files_without_ending(tmp_path, samples):
    (tmp_path / "IM0001").write_bytes(samples["dicom"].read_bytes())
    touch(tmp_path, "README", "DICOMDIR")
    assert names(expand_inputs([str(tmp_path)]), tmp_path) == ["IM0001"]


def test_the_shared_data_hold_2432_slices(shared):
    found = find_inputs([str(shared / "data/figshare")])
    assert len(found.paths) == 2432
    assert all(path.parent.name == "images" for path in found.paths)


class TestRunIds:
    def test_readable_where_possible(self):
        paths = ["d/0001.png", "d/0002.png", "d/scan 3 (ä).nii.gz", "e/x.y.dcm"]
        assert list(run_ids(paths).values()) == ["0001", "0002", "scan-3-ä", "x.y"]

    def test_same_names_are_told_apart(self):
        paths = ["a/x.png", "b/x.png", "b/x.jpg", "c/p/x.png", "d/p/x.png", "a/X.png"]
        chosen = run_ids(paths)
        assert len({name.lower() for name in chosen.values()}) == len(paths)
        assert chosen["c/p/x.png"] == "c-p-x"
        assert chosen["b/x.png"] == "b-x.png"

    def test_order_does_not_matter(self):
        paths = [
            f"{folder}/{name}.{kind}"
            for folder in "abc"
            for name in "xyz"
            for kind in ("png", "jpg", "nii.gz")
        ]
        expected = run_ids(paths)
        for seed in range(5):
            mixed = random.Random(seed).sample(paths, len(paths))
            assert run_ids(mixed) == expected
            assert run_id(paths[4], mixed) == expected[paths[4]]

    @pytest.mark.parametrize(
        "hard",
        ["..png", ".png", "con.png", "a/" + "n" * 250 + ".png", "...", "-rf.png", "a\nb.png", "%%.png"],
    )
    def test_hard_names_give_safe_folders(self, hard):
        name = run_id(hard, [hard, "other.png"])
        assert name
        assert not name.startswith((".", "-"))
        assert not set(name) & set('/\\\n:*?"<>| ')
        assert len(name) < 120
        assert name.lower() != "con"

    def test_one_file_named_twice_has_one_folder(self):
        assert len(set(run_ids(["a/x.png", "./a/x.png"]).values())) == 1


def test_natural_key_orders_numbers_by_value():
    paths = [Path(name) for name in ("s10", "s9", "s010", "S1", "t")]
    assert [path.name for path in sorted(paths, key=natural_key)] == ["S1", "s9", "s10", "s010", "t"]
