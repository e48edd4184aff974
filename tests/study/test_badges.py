"""From a study's checks to the card of a model, and only to the card of the same networks."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from saliscribe.findings.map_trust import map_trust
from saliscribe.models.places import ASSETS
from saliscribe.study.badges import badges

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "ship_badges.py"
CHECKS = [
    {"code": "faithfulness", "check": "beats", "passed": False},
    {"code": "weights", "check": "forgets", "passed": True},
    {"code": "labels", "check": "forgets", "passed": None},
]
FIGURES: dict[str, Any] = {
    "classification": {"networks": {"net": {"figures": {"accuracy": {"value": 0.75}}}}},
    "trust": {"net": {"gradcam": {"badge": "failed", "checks": CHECKS, "n": 60, "layer": "deep"}}},
}
NOTED = {"sha256": "ab" * 32, "data": {"synthetic": False}}


def test_badges_are_in_the_form_of_a_card() -> None:
    found = badges(FIGURES, NOTED)["networks"]["net"]
    assert found["accuracy"] == 0.75
    first, second, _ = map_trust(found)
    assert (first.badge, first.failed, first.slices) == ("failed", ("faithfulness",), 60)
    assert first.study_sha256 == "ab" * 32
    assert second.state == "not_assessed"
    assert map_trust(found, {"gradcam": "deep"})[0].badge == "failed"
    assert map_trust(found, {"gradcam": "another"})[0].badge is None


@pytest.fixture
def script() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("ship_badges", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(("accuracy", "fits"), [(0.75, True), (0.76, False)])
def test_badges_go_only_to_the_card_of_the_same_networks(
    tmp_path: Path, script: ModuleType, accuracy: float, fits: bool
) -> None:
    card = json.loads((ASSETS / "default" / "metadata.json").read_text(encoding="utf-8"))
    card["metrics"]["accuracy"]["value"] = accuracy
    card.pop("saliency_trust", None)
    (tmp_path / "metadata.json").write_text(json.dumps(card), encoding="utf-8")
    (tmp_path / "badges.json").write_text(json.dumps(badges(FIGURES, NOTED)), encoding="utf-8")
    if not fits:
        with pytest.raises(SystemExit, match="not of the same networks"):
            script.main(tmp_path, "net", tmp_path)
        return
    script.main(tmp_path, "net", tmp_path)
    written = json.loads((tmp_path / "metadata.json").read_text(encoding="utf-8"))
    assert map_trust(written)[0].badge == "failed"
    assert "- gradcam: failed (faithfulness), 60 slices" in (tmp_path / "README.md").read_text(
        encoding="utf-8"
    )


def test_the_shipped_card_has_the_badges_of_the_kept_study() -> None:
    card = json.loads((ASSETS / "default" / "metadata.json").read_text(encoding="utf-8"))
    kept = json.loads((SCRIPT.parents[1] / "docs" / "study" / "badges.json").read_text(encoding="utf-8"))
    assert card["saliency_trust"] == kept["networks"]["efficientnet_lite0"]["saliency_trust"]
