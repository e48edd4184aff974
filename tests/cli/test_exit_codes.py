"""One line per error and the exit codes of the contract, through the real command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from saliscribe.cli.main import run


def _lines(capsys: Any) -> tuple[list[str], list[str]]:
    captured = capsys.readouterr()
    return captured.out.splitlines(), captured.err.splitlines()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["explain"], "Missing argument"),
        (["explain", "x.png"], "Missing option"),
        (["explain", "x.png", "-o", "out", "--cam", "lime"], "--cam"),
        (["explain", "x.png", "-o", "out", "--spacing-mm", "a,b"], "--spacing-mm"),
        (["explain", "x.png", "-o", "out", "--spacing-mm", "0"], "--spacing-mm"),
        (["explain", "x.png", "-o", "out", "--plane", "oblique"], "--plane"),
        (["explain", "x.png", "-o", "out", "--level-mm", "9999"], "level_mm"),
        (["explain", "x.png", "-o", "out", "--level-mm", "nan"], "level_mm"),
        (["explain", "x.png", "-o", "out", "--jobs", "0"], "--jobs"),
        (["explain", "x.png", "-o", "out", "--config", "nowhere.toml"], "nowhere.toml"),
        (["explain", "x.png", "-o", "out", "--writer", "templat"], "did you mean 'template'"),
        (["explian"], "explian"),
        (["schema", "reports"], "findings"),
        (["models", "--jsn"], "--jsn"),
    ],
)
def test_wrong_usage_is_one_line_and_2(arguments: list[str], expected: str, capsys: Any) -> None:
    assert run(arguments) == 2
    out, err = _lines(capsys)
    assert out == []
    assert len(err) == 1, err
    assert err[0].startswith("error: ")
    assert expected in err[0]


def test_unreadable_input_is_3_and_has_its_record(random_network: Path, tmp_path: Path, capsys: Any) -> None:
    code = run(
        [
            "explain",
            str(tmp_path / "no.png"),
            "-o",
            str(tmp_path / "out"),
            "--model",
            str(random_network),
            "--json",
        ]
    )
    out, _ = _lines(capsys)
    assert code == 3
    [record] = [json.loads(line) for line in out]
    assert record["status"] == "error"
    assert record["label"] is None
    assert record["structures"] == []
    assert "no.png" in record["error"]


def test_without_json_the_error_is_told_to_people(random_network: Path, tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "text.png").write_text("not a picture")
    arguments = [
        "explain",
        str(tmp_path / "text.png"),
        "-o",
        str(tmp_path / "out"),
        "--model",
        str(random_network),
    ]
    assert run(arguments) == 3
    out, _ = _lines(capsys)
    [line] = out
    assert "text.png: error:" in line


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (["--model", "no-such-network"], "no such model"),
        (["--writer", "grok"], "writer 'grok' needs"),
    ],
)
def test_missing_parts_are_4(
    option: list[str], expected: str, tmp_path: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XAI_API_KEY", raising=False)
    assert run(["explain", "x.png", "-o", str(tmp_path / "out"), *option]) == 4
    out, err = _lines(capsys)
    assert out == []
    assert len(err) == 1
    assert expected in err[0]
    assert "to do:" in err[0]


def test_a_package_that_an_extra_brings_is_4(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    import saliscribe

    def without(name: str) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(saliscribe, "info", lambda: without("lightning.pytorch"), raising=False)
    assert run(["info"]) == 4
    _, [line] = _lines(capsys)
    assert line == "error: lightning is not installed; to do: pip install 'saliscribe[train]'"
    monkeypatch.setattr(saliscribe, "info", lambda: without("no_such_module"), raising=False)
    assert run(["info"]) == 70


def test_findings_that_are_none_are_3(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "findings.json").write_text('{"schema_version": "1.0"}')
    for arguments in (
        ["report", str(tmp_path / "findings.json")],
        ["report", str(tmp_path / "nowhere.json")],
    ):
        assert run(arguments) == 3
        _, err = _lines(capsys)
        assert len(err) == 1


def test_a_bug_shows_a_traceback_and_is_70(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    import saliscribe

    def broken() -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(saliscribe, "info", broken, raising=False)
    assert run(["info"]) == 70
    _, err = _lines(capsys)
    assert err[0].startswith("Traceback")
    assert err[-1].startswith("error: this is a bug")


def test_ctrl_c_is_130_without_a_traceback(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    import saliscribe

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(saliscribe, "info", interrupted, raising=False)
    assert run(["info"]) == 130
    _, err = _lines(capsys)
    assert [line for line in err if line] == [
        "error: interrupted; run the same command again to finish what is missing"
    ]
