"""models, info, schema, report and audit: what there is, and words from facts, without pixels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.house.test_public_face import VERBS

from saliscribe.cli.main import run
from saliscribe.core.records.findings import Findings
from saliscribe.findings.random_findings import random_findings


def _json(capsys: Any) -> Any:
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def findings_file(tmp_path: Path) -> Path:
    path = tmp_path / "findings.json"
    path.write_text(random_findings(3).model_dump_json(), encoding="utf-8")
    return path


def test_version(capsys: Any) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == "saliscribe 0.1.0\n"


def test_help_names_every_command(capsys: Any) -> None:
    assert run([]) == 0
    bare = capsys.readouterr().out
    assert run(["--help"]) == 0
    assert capsys.readouterr().out == bare
    for verb in VERBS:
        assert f"  {verb} " in bare
    assert "Research use only" in bare


def test_models_lists_the_nine_of_the_contract(capsys: Any) -> None:
    assert run(["models", "--json"]) == 0
    names = {one["name"] for one in _json(capsys)["backbones"]}
    assert names >= {
        "vgg16", "vgg19", "resnet50", "resnet50v2", "xception", "inception_v3", "inception_resnet_v2",
        "densenet121", "efficientnet_b0",
    }  # fmt: skip


def test_info_answers_what_scripts_ask(capsys: Any) -> None:
    assert run(["info", "--json"]) == 0
    facts = _json(capsys)
    assert facts["saliscribe"]["version"] == "0.1.0"
    assert list(facts["cam_methods"]) == ["gradcam", "gradcam++", "scorecam"]
    assert "harvard-oxford" in facts["atlases"]
    assert {"png", "dicom", "nifti"} <= set(facts["readers"])
    assert {"template", "scripted"} <= set(facts["writers"])
    assert facts["versions"]["torch"] is not None
    assert facts["machine"]["processors"] >= 1


@pytest.mark.parametrize("name", ["findings", "report", "audit"])
def test_schema_is_versioned_json_schema(name: str, capsys: Any) -> None:
    assert run(["schema", name]) == 0
    schema = _json(capsys)
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["$id"] == f"urn:saliscribe:{name}:1.0"
    assert "schema_version" in schema["properties"]


def test_a_report_passes_its_audit_and_a_changed_one_does_not(
    findings_file: Path, tmp_path: Path, capsys: Any
) -> None:
    report = tmp_path / "report.md"
    assert run(["report", str(findings_file), "-o", str(report)]) == 0
    assert run(["audit", str(report), str(findings_file)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("audit: pass (")
    report.write_text(report.read_text() + "\nThere is a metastasis in the liver.\n")
    assert run(["audit", str(report), str(findings_file), "--json"]) == 5
    verdict = _json(capsys)
    assert verdict["outcome"] == "blocked"
    assert "metastasis" in " ".join(
        one["text"] for one in verdict["sentences"] if one["verdict"] != "entailed"
    )


def test_report_as_json_says_the_same_in_every_style(findings_file: Path, capsys: Any) -> None:
    for style in ("structured", "narrative", "brief", "plain"):
        assert run(["report", str(findings_file), "--style", style, "--json"]) == 0
        written = _json(capsys)
        assert written["audit"]["outcome"] == "pass"
        assert written["report"]["style"] == style


def test_random_findings_are_what_report_reads(findings_file: Path) -> None:
    assert Findings.model_validate_json(findings_file.read_bytes()) == random_findings(3)
