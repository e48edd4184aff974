"""``saliscribe.explain`` over real files: folders, bytes, resuming, and what goes wrong."""

from __future__ import annotations

import hashlib
import json
import shutil
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import saliscribe
from saliscribe.batch.outcome import Outcome, exit_code
from saliscribe.errors import MissingError, UsageError

#: The fields of the JSON line, in the order of the contract; what follows them was added.
CONTRACT_FIELDS = (
    "input", "status", "error", "out", "label", "probabilities", "mask", "mask_source", "structures", "report",
    "html", "findings", "audit", "seconds",
)  # fmt: skip
STAGES = (
    "read",
    "prepare",
    "predict",
    "attribute",
    "make_mask",
    "localise",
    "summarise",
    "write_report",
    "verify",
)


@pytest.fixture(scope="module")
def explained(
    phantoms: list[Path], random_network: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[Outcome]:
    out = tmp_path_factory.mktemp("explained")
    return saliscribe.explain(phantoms, out, model=str(random_network), cam="all")


def contents(folder: Path) -> dict[str, Any]:
    """Every file's bytes, but of the manifest what must be the same in every run: all but the timings."""
    found: dict[str, Any] = {path.name: path.read_bytes() for path in folder.iterdir()}
    manifest = json.loads(found["manifest.json"])
    del manifest["timings"]
    return found | {"manifest.json": manifest}


def test_one_folder_per_input_with_every_file_of_the_contract(
    explained: list[Outcome], phantoms: list[Path]
) -> None:
    assert [Path(one.input) for one in explained] == phantoms
    for outcome in explained:
        names = {path.name for path in Path(str(outcome.out)).iterdir()}
        assert names == {
            "manifest.json", "findings.json", "report.md", "report.html", "audit.json", "placement.json",
            "image.png", "overlay.png", "mask.png", "mask_segmentation_head.png", "mask_gradcam.png",
            "mask_gradcam++.png", "mask_scorecam.png", "saliency_gradcam.npz", "saliency_gradcam++.npz",
            "saliency_scorecam.npz",
        }  # fmt: skip


def test_json_line_is_the_contract(explained: list[Outcome]) -> None:
    for outcome in explained:
        line = outcome.json_line()
        assert "\n" not in line
        plain = json.loads(line)
        assert tuple(plain)[: len(CONTRACT_FIELDS)] == CONTRACT_FIELDS
        assert plain["status"] == "ok"
        assert plain["error"] is None
        assert plain["label"] == max(plain["probabilities"], key=plain["probabilities"].get)
        assert sum(plain["probabilities"].values()) == pytest.approx(1.0, abs=1e-4)
        assert plain["mask_source"] == "segmentation_head"
        assert plain["audit"] == "pass"
        assert set(STAGES) <= set(plain["seconds"])
        for name in ("mask", "report", "html", "findings"):
            assert Path(plain[name]).is_file()
        for structure in plain["structures"]:
            assert set(structure) == {"name", "side", "share_of_lesion", "stability"}


def test_manifest_accounts_for_every_file(explained: list[Outcome], phantoms: list[Path]) -> None:
    folder = Path(str(explained[0].out))
    manifest = json.loads((folder / "manifest.json").read_bytes())
    files = {path.name for path in folder.iterdir()} - {"manifest.json"}
    assert set(manifest["files"]) == files
    for name in files:
        assert manifest["files"][name]["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
    assert manifest["input"]["sha256"] == hashlib.sha256(phantoms[0].read_bytes()).hexdigest()
    assert manifest["input"]["name"] == phantoms[0].name
    assert str(phantoms[0].parent) not in (folder / "manifest.json").read_text()
    assert manifest["settings"]["cam"] == "all"
    assert set(STAGES) <= set(manifest["timings"])


def test_pictures_and_maps_lie_on_the_grid_of_the_input(
    explained: list[Outcome], phantoms: list[Path]
) -> None:
    folder = Path(str(explained[0].out))
    size = Image.open(phantoms[0]).size
    for name in ("image.png", "overlay.png", "mask.png", "mask_gradcam.png"):
        assert Image.open(folder / name).size == size
    mask = np.asarray(Image.open(folder / "mask.png"))
    assert set(np.unique(mask)) <= {0, 255}
    with np.load(folder / "saliency_gradcam++.npz", allow_pickle=False) as saved:
        assert saved["heat"].shape == size[::-1]
        assert saved["heat"].dtype == np.float32
        assert float(saved["raw_max"]) >= float(saved["raw_min"])
        assert str(saved["target"]) == explained[0].label


def test_a_phantom_is_called_synthetic_wherever_it_is_shown(explained: list[Outcome]) -> None:
    folder = Path(str(explained[0].out))
    assert json.loads((folder / "findings.json").read_bytes())["synthetic"] is True
    assert "synthetic" in (folder / "report.md").read_text().lower()
    assert "synthetic" in (folder / "report.html").read_text().lower()


def test_running_again_computes_nothing(
    explained: list[Outcome], phantoms: list[Path], random_network: Path
) -> None:
    out = Path(str(explained[0].out)).parent
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    again = saliscribe.explain(phantoms, out, model=str(random_network), cam="all")
    assert all(one.resumed for one in again)
    assert [one.label for one in again] == [one.label for one in explained]
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


def test_running_again_finishes_what_is_missing_with_the_same_bytes(
    explained: list[Outcome], phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    shutil.copytree(Path(str(explained[0].out)).parent, tmp_path / "out")
    names = [Path(str(one.out)).name for one in explained]
    shutil.rmtree(tmp_path / "out" / names[0])
    (tmp_path / "out" / names[1] / "mask.png").unlink()
    again = saliscribe.explain(phantoms, tmp_path / "out", model=str(random_network), cam="all")
    assert [one.resumed for one in again] == [False, False, True]
    for one, name in zip(explained, names, strict=True):
        assert contents(tmp_path / "out" / name) == contents(Path(str(one.out)))


def test_other_settings_make_the_result_again(
    explained: list[Outcome], phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    shutil.copytree(str(explained[0].out), tmp_path / Path(str(explained[0].out)).name)
    [again] = saliscribe.explain(phantoms[0], tmp_path, model=str(random_network), cam="gradcam")
    assert not again.resumed
    assert not (Path(str(again.out)) / "saliency_scorecam.npz").exists()


def test_broken_inputs_stay_with_themselves(
    phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "cut.png").write_bytes(phantoms[0].read_bytes()[:500])
    inputs = [tmp_path / "empty.png", phantoms[0], tmp_path / "cut.png", tmp_path / "nowhere.png"]
    seen: list[Outcome] = []
    outcomes = saliscribe.explain(inputs, tmp_path / "out", model=str(random_network), on_outcome=seen.append)
    assert [one.status for one in outcomes] == ["error", "ok", "error", "error"]
    assert [one.error_code for one in outcomes] == [3, None, 3, 3]
    assert seen == outcomes
    assert exit_code(outcomes) == 3
    assert all("\n" not in str(one.error) for one in outcomes)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [phantoms[0].stem]


def test_a_bug_in_one_input_shows_its_traceback_and_spares_the_others(
    phantoms: list[Path], random_network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    from saliscribe.pipeline.components import Components

    real = Components.localise

    def broken(self: Components, image: Any, prepared: Any, mask: Any) -> Any:
        if phantoms[0].name in image.source.path:
            raise ZeroDivisionError("planted")
        return real(self, image, prepared, mask)

    monkeypatch.setattr(Components, "localise", broken)
    outcomes = saliscribe.explain(phantoms[:2], tmp_path, model=str(random_network))
    assert [one.error_code for one in outcomes] == [70, None]
    assert "ZeroDivisionError: planted" in str(outcomes[0].error)
    assert "Traceback" in capsys.readouterr().err
    assert exit_code(outcomes) == 70


def test_the_result_of_another_input_is_not_replaced(
    phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    shutil.copy(phantoms[0], tmp_path / "a" / "slice.png")
    [first] = saliscribe.explain(tmp_path / "a" / "slice.png", tmp_path / "out", model=str(random_network))
    shutil.copy(phantoms[1], tmp_path / "a" / "slice.png")
    [second] = saliscribe.explain(tmp_path / "a" / "slice.png", tmp_path / "out", model=str(random_network))
    assert second.error_code == 2
    assert "belongs to another input" in str(second.error)
    assert exit_code([second]) == 2
    manifest = Path(str(first.out)) / "manifest.json"
    strange = {
        key: value for key, value in json.loads(manifest.read_bytes()).items() if key not in ("input", "key")
    }
    manifest.write_text(json.dumps(strange))
    [foreign] = saliscribe.explain(tmp_path / "a" / "slice.png", tmp_path / "out", model=str(random_network))
    assert foreign.error_code == 2, "a manifest without an input is no reason for a traceback"
    [third] = saliscribe.explain(
        tmp_path / "a" / "slice.png", tmp_path / "out", model=str(random_network), overwrite=True
    )
    assert third.status == "ok"
    assert third.out == first.out


def test_two_processes_give_the_bytes_of_one(
    explained: list[Outcome], phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    outcomes = saliscribe.explain(phantoms, tmp_path, model=str(random_network), cam="all", jobs=2)
    assert [one.input for one in outcomes] == [one.input for one in explained]
    for one, other in zip(explained, outcomes, strict=True):
        assert contents(Path(str(other.out))) == contents(Path(str(one.out)))


def test_nothing_is_fetched(
    phantoms: list[Path], random_network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("explain --offline opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for switch in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"):
        monkeypatch.setenv(switch, "0")
    [outcome] = saliscribe.explain(phantoms[0], tmp_path, model=str(random_network), offline=True)
    assert outcome.status == "ok"


def test_a_missing_network_ends_the_whole_call(phantoms: list[Path], tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no such model"):
        saliscribe.explain(phantoms, tmp_path / "out", model=str(tmp_path / "none"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("writer", "key"), [("grok", "XAI_API_KEY"), ("mistral", "MISTRAL_API_KEY")])
def test_a_writer_without_its_key_ends_the_whole_call(
    phantoms: list[Path], tmp_path: Path, writer: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("openai", reason="the extra saliscribe[llm] is not installed")
    monkeypatch.delenv(key, raising=False)
    with pytest.raises(MissingError, match=key):
        saliscribe.explain(phantoms, tmp_path / "out", writer=writer)
    assert not (tmp_path / "out").exists()


def test_nothing_to_explain(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to explain"):
        saliscribe.explain([], tmp_path)


def test_a_scripted_text_that_contradicts_the_findings_is_not_shown(
    phantoms: list[Path], random_network: Path, tmp_path: Path
) -> None:
    script = tmp_path / "text.md"
    script.write_text("There is a haemorrhage in the left frontal lobe.\n", encoding="utf-8")
    [first] = saliscribe.explain(
        phantoms[0], tmp_path / "out", model=str(random_network), writer=f"scripted:{script}", mode="free"
    )
    assert first.audit == "repaired"
    assert "haemorrhage in the left frontal lobe" not in Path(str(first.report)).read_text()
    script.write_text("There is nothing.\n", encoding="utf-8")
    [second] = saliscribe.explain(
        phantoms[0], tmp_path / "out", model=str(random_network), writer=f"scripted:{script}", mode="free"
    )
    assert not second.resumed
