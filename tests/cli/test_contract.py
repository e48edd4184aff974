"""The contract as a stranger meets it: many kinds of input in one call, settings, places that cannot be written to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pytest
from PIL import Image

import saliscribe
from saliscribe.batch.outcome import Outcome
from saliscribe.cli.main import run
from saliscribe.findings.random_findings import random_findings
from saliscribe.pipeline.settings import ExplainSettings
from saliscribe.pipeline.unused_settings import unused_settings


def _explain(
    capsys: Any, network: Path, *arguments: str | Path
) -> tuple[int, list[dict[str, Any]], list[str]]:
    code = run(["explain", *map(str, arguments), "--model", str(network), "--json"])
    captured = capsys.readouterr()
    return code, [json.loads(line) for line in captured.out.splitlines()], captured.err.splitlines()


def test_what_cannot_be_read_is_3_with_a_record_of_its_own_and_the_rest_is_done(
    random_network: Path, phantoms: list[Path], tmp_path: Path, capsys: Any
) -> None:
    good = tmp_path / "größe 脑 #1 & <b>.png"
    shutil.copy(phantoms[0], good)
    (tmp_path / "empty").mkdir()
    (tmp_path / "table.csv").write_text("name\nx\n")
    lost = [str(tmp_path / name) for name in ("no.png", "table.csv", "*.nii", "empty")]
    code, records, _ = _explain(capsys, random_network, good, *lost, "-o", tmp_path / "out")
    assert code == 3
    assert [record["input"] for record in records] == [str(good), *lost]
    done, *errors = records
    assert done["status"] == "ok"
    assert done["error"] is None
    for name in ("out", "mask", "report", "html", "findings"):
        assert Path(done[name]).exists()
    for record in errors:
        assert (record["status"], record["error_code"]) == ("error", 3)
        assert record["error"].startswith(record["input"])
        assert record["label"] is record["out"] is record["probabilities"] is None
        assert not any(other in record["error"] for other in lost if other != record["input"])


def test_nothing_but_missing_inputs_are_each_told_by_name(
    random_network: Path, tmp_path: Path, capsys: Any
) -> None:
    code, records, _ = _explain(
        capsys, random_network, tmp_path / "a.png", tmp_path / "*.png", "-o", tmp_path / "out"
    )
    assert code == 3
    assert ["no such file" in records[0]["error"], "no image file found" in records[1]["error"]] == [
        True,
        True,
    ]
    assert not (tmp_path / "out").exists()


def test_options_beat_the_file_and_both_are_saved_with_their_hash(
    random_network: Path, phantoms: list[Path], tmp_path: Path, capsys: Any
) -> None:
    config = tmp_path / "settings.toml"
    config.write_text('[explain]\ncam = "scorecam"\nplane = "axial"\n[train]\nepochs = 1\n')
    arguments = (phantoms[0], "-o", tmp_path / "out", "--config", config, "--cam", "gradcam")
    code, [record], _ = _explain(capsys, random_network, *arguments)
    assert code == 0
    manifest = json.loads((Path(record["out"]) / "manifest.json").read_text())
    assert (manifest["settings"]["cam"], manifest["settings"]["plane"]) == ("gradcam", "axial")
    assert manifest["settings"]["orientation"] == "unknown"
    assert ExplainSettings(**manifest["settings"]).sha256() == manifest["settings_sha256"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[explian]\ncam = "all"\n', "did you mean [explain]?"),
        ('[explain]\nkam = "all"\n', "unknown setting 'kam'"),
        ("[explain]\nspacing_mm = 3\n", "spacing_mm"),
    ],
)
def test_a_settings_file_with_something_unknown_is_2(
    text: str, expected: str, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    assert run(["explain", "x.png", "-o", str(tmp_path), "--config", str(tmp_path / "settings.toml")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert expected in line


def test_options_that_a_header_overrules_are_named(
    random_network: Path, phantoms: list[Path], tmp_path: Path, capsys: Any
) -> None:
    pixels = np.asarray(Image.open(phantoms[0]), dtype=np.int16)
    affine = np.diag([-0.9, -0.9, 5.0, 1.0])
    nibabel.save(nibabel.Nifti1Image(pixels.T[:, :, None], affine), tmp_path / "slice.nii")
    stated = ("-o", tmp_path / "out", "--plane", "coronal", "--orientation", "radiological")
    _, [with_header, bare], _ = _explain(capsys, random_network, tmp_path / "slice.nii", phantoms[0], *stated)
    [line] = [one for one in with_header["warnings"] if one.startswith("not used")]
    assert line.endswith(": --plane coronal, --orientation radiological")
    assert not [one for one in bare["warnings"] if one.startswith("not used")]
    run(["explain", str(tmp_path / "slice.nii"), *map(str, stated), "--model", str(random_network)])
    assert f"note: {tmp_path / 'slice.nii'}: {line}" in capsys.readouterr().err.splitlines()


def test_a_stated_plane_that_the_header_agrees_with_needs_no_word(phantoms: list[Path]) -> None:
    image = saliscribe.read_volume(phantoms[0])
    header = type(image)(image.data, image.source, affine=np.diag([-1.0, -1.0, 5.0, 1.0]))
    assert unused_settings(ExplainSettings(plane="axial", level_mm=3.0), header, "axial") == ()
    assert unused_settings(ExplainSettings(), header, "axial") == ()
    assert unused_settings(ExplainSettings(plane="axial"), header, "coronal")


def test_no_class_is_printed_where_the_report_names_none() -> None:
    said = Outcome("head.nii", "ok", label="glioma", probabilities={"glioma": 0.9}, support="doubtful")
    assert "glioma" not in said.human_line()
    assert "no class suggested" in said.human_line()
    assert json.loads(said.json_line())["support"] == "doubtful"


@pytest.mark.parametrize("command", [["phantom", "-n", "1"], ["audit-bench", "--n", "1"], ["evaluate", "."]])
def test_a_place_that_cannot_be_written_to_is_one_line_and_2(
    command: list[str], tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert run([*command, "-o", str(tmp_path / "file" / "out")]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "cannot be written; got not a directory" in line


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_4() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "saliscribe", "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 4
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_went_away_is_141_and_silence() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "saliscribe", "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        assert program.stderr.read() == b""
    assert program.returncode == 141


@pytest.mark.skipif(sys.platform != "linux", reason="file names of other systems are always Unicode")
def test_a_file_name_may_be_any_bytes_and_the_terminal_anything(
    random_network: Path, phantoms: list[Path], tmp_path: Path
) -> None:
    strange = Path(os.fsdecode(os.fsencode(tmp_path) + b"/lat\xefn \xe8\x84\x91\nx.png"))
    shutil.copy(phantoms[0], strange)
    command = [
        sys.executable,
        "-m",
        "saliscribe",
        "explain",
        strange,
        "-o",
        tmp_path / "out",
        "--model",
        random_network,
    ]
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([*command, "--json"], capture_output=True, env=environment, check=False)
    record = json.loads(done.stdout.decode("utf-8"))
    assert (done.returncode, record["status"], record["input"]) == (0, "ok", str(strange))
    manifest = json.loads((Path(record["out"]) / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["input"]["name"] == strange.name
    again = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert again.returncode == 0
    assert len(again.stdout.decode("utf-8").splitlines()) == 1
    assert b"already complete" in again.stdout


def test_json_goes_to_standard_output_also_when_a_file_is_written(tmp_path: Path, capsys: Any) -> None:
    findings = tmp_path / "findings.json"
    findings.write_text(random_findings(3).model_dump_json())
    assert run(["report", str(findings), "-o", str(tmp_path / "report.md"), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (tmp_path / "report.md").read_text().startswith("# ")
    assert run(["report", str(findings), "-o", str(tmp_path / "report.json")]) == 0
    assert capsys.readouterr().out == ""
    assert json.loads((tmp_path / "report.json").read_text()) == written


def test_a_page_is_no_text_to_audit(tmp_path: Path, capsys: Any) -> None:
    findings = tmp_path / "findings.json"
    findings.write_text(random_findings(3).model_dump_json())
    (tmp_path / "report.html").write_text("<!DOCTYPE html>\n<p>glioma</p>")
    assert run(["audit", str(tmp_path / "report.html"), str(findings)]) == 3
    assert "report.md" in capsys.readouterr().err
