"""Result folders are complete or absent, whatever happens to the process, the disk or a rival."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from saliscribe.errors import MissingError, UsageError
from saliscribe.io import runs
from saliscribe.io.partial_folders import clean_partials
from saliscribe.io.runs import is_complete, read_manifest, run_key, write_run

FILES = {"report.md": "# Report\n", "mask.png": b"\x89PNG", "slices/0001.png": b"1234"}
SOURCE = str(Path(runs.__file__).parents[2])


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_written_run_is_complete_and_says_what_it_holds(tmp_path):
    out = write_run(tmp_path / "out" / "0009", FILES, {"key": "k", "settings": {"cam": "gradcam++"}})
    assert out == tmp_path / "out" / "0009"
    assert is_complete(out, "k")
    assert is_complete(out, "k", verify=True)
    manifest = json.loads((out / "manifest.json").read_text())
    assert set(manifest["files"]) == set(FILES)
    assert manifest["files"]["slices/0001.png"]["bytes"] == 4
    assert manifest["settings"] == {"cam": "gradcam++"}
    assert [path.name for path in out.parent.iterdir()] == ["0009"]


def test_another_key_a_lost_file_or_a_changed_file_is_not_complete(tmp_path):
    out = write_run(tmp_path / "a", FILES, {"key": "k"})
    assert not is_complete(out, "other")
    assert not is_complete(tmp_path / "nothing", "k")
    (out / "mask.png").write_bytes(b"\x89PNF")
    assert is_complete(out, "k")
    assert not is_complete(out, "k", verify=True)
    (out / "mask.png").write_bytes(b"short")
    assert not is_complete(out, "k")
    (out / "mask.png").unlink()
    assert not is_complete(out, "k")
    (out / "manifest.json").write_text("{")
    assert read_manifest(out) is None
    assert not is_complete(out, "k")


def test_the_same_input_gives_the_same_bytes(tmp_path):
    first = write_run(tmp_path / "a", FILES, {"key": "k"})
    second = write_run(tmp_path / "b", dict(reversed(FILES.items())), {"key": "k"})
    assert snapshot(first) == snapshot(second)


def test_an_older_result_is_replaced_and_a_stranger_is_not(tmp_path):
    out = write_run(tmp_path / "a", {**FILES, "old.txt": "x"}, {"key": "old"})
    write_run(out, FILES, {"key": "new"})
    assert is_complete(out, "new")
    assert not (out / "old.txt").exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("years of work")
    with pytest.raises(UsageError, match="not a result folder"):
        write_run(tmp_path / "mine", FILES, {"key": "k"})
    assert (tmp_path / "mine" / "thesis.doc").read_text() == "years of work"
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "inside"):
        with pytest.raises(UsageError):
            write_run(place, FILES, {"key": "k"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "file", "mine"]


@pytest.mark.parametrize("name", ["", "/etc/x", "../x", "a/../../x", "manifest.json", "a\\b"])
def test_names_that_leave_the_folder_are_bugs(name, tmp_path):
    with pytest.raises(ValueError, match="not a name"):
        write_run(tmp_path / "a", {name: b""}, {"key": "k"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [(errno.ENOSPC, MissingError, "no space"), (errno.EROFS, UsageError, "read-only")],
)
@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_full_or_closed_disk_leaves_nothing(number, kind, words, after, tmp_path, monkeypatch):
    real, calls = os.fsync, []

    def failing(handle: int) -> None:
        calls.append(handle)
        if len(calls) > after:
            raise OSError(number, os.strerror(number))
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(kind, match=words) as caught:
        write_run(tmp_path / "out" / "a", FILES, {"key": "k"})
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_failed_replacement_keeps_the_older_result(tmp_path, monkeypatch):
    out = write_run(tmp_path / "a", FILES, {"key": "old"})

    def failing(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(MissingError):
        write_run(out, FILES, {"key": "new"})
    assert is_complete(out, "old", verify=True)


WRITER = """
import sys
from pathlib import Path
from saliscribe.io.runs import is_complete, write_run
out, count, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
print("go", flush=True)
for _ in range(rounds):
    for number in range(count):
        if rounds > 1 or not is_complete(out / f"r{number}", f"k{number}"):
            files = {f"f{index}.bin": bytes([number]) * (20000 + index) for index in range(6)}
            write_run(out / f"r{number}", files, {"key": f"k{number}"})
"""


def _start(out: Path, count: int, rounds: int = 1) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(out), str(count), str(rounds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": SOURCE})
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    return process


def test_killed_at_random_points_and_run_again(tmp_path):
    """Eight kills: at each, every folder is whole or absent; in the end the bytes are those of one quiet run."""
    count, out = 15, tmp_path / "out"
    random = np.random.default_rng(5)
    killed, tries = 0, 0
    while killed < 8:
        tries += 1
        assert tries <= 80, "the writer ends before it can be killed"
        process = _start(out, count)
        time.sleep(float(random.uniform(0.0, 0.08)))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed += 1
        else:  # a quick machine was done before the kill: there must be work left for the next one
            shutil.rmtree(out)
        for folder in out.iterdir() if out.exists() else []:
            if not folder.name.startswith("."):
                assert is_complete(folder, f"k{folder.name[1:]}", verify=True), folder
    assert _start(out, count).wait() == 0
    assert _start(tmp_path / "quiet", count).wait() == 0
    assert snapshot(out) == snapshot(tmp_path / "quiet")
    assert sorted(path.name for path in out.iterdir()) == sorted(f"r{number}" for number in range(count))


def test_rivals_in_the_same_folder_do_not_corrupt_it(tmp_path):
    out = tmp_path / "out"
    writers = [_start(out, 4, rounds=5) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert sorted(path.name for path in out.iterdir()) == [f"r{number}" for number in range(4)]
    for number in range(4):
        assert is_complete(out / f"r{number}", f"k{number}", verify=True)


def test_a_folder_that_a_rival_took_away_meanwhile_is_no_error(tmp_path, monkeypatch):
    out, rename, refused = tmp_path / "out", os.rename, []

    def in_the_way_once(source, target):
        if Path(target) == out and not refused:
            refused.append(target)
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        rename(source, target)

    monkeypatch.setattr(os, "rename", in_the_way_once)
    write_run(out, FILES, {"key": "k"})
    assert refused
    assert is_complete(out, "k", verify=True)


def test_only_the_dead_are_cleaned(tmp_path):
    living = _start(tmp_path / "other", 1)
    living.wait()
    own = write_run(tmp_path / "a", FILES, {"key": "k"})
    from saliscribe.io.partial_folders import claim_partial, release_partial

    mine = claim_partial(tmp_path / "b")
    dead = tmp_path / mine.path.name.replace(f"-{os.getpid()}-", f"-{living.pid}-")
    dead.mkdir()
    stranger = tmp_path / ".b.00000000-1-00000000.partial"
    stranger.mkdir()
    assert clean_partials(tmp_path, again=True) == [dead]
    assert mine.path.is_dir()
    assert stranger.is_dir()
    assert own.is_dir()
    os.utime(stranger, (1, 1))
    assert clean_partials(tmp_path, again=True) == [stranger]
    release_partial(mine)
    assert not mine.path.exists()


def test_keys_depend_on_content_not_on_order():
    assert run_key({"a": 1, "b": [1.5, "é"]}) == run_key({"b": (1.5, "é"), "a": np.int64(1)})
    assert run_key({"a": 1}) != run_key({"a": 2})
    with pytest.raises(ValueError, match="not JSON compliant"):
        run_key({"a": float("nan")})
