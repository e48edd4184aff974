"""Defaults < file < options, and what is wrong is said in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from saliscribe.errors import UsageError
from saliscribe.pipeline.resolve_settings import resolve_settings
from saliscribe.pipeline.settings import ExplainSettings


def _file(folder: Path, text: str) -> Path:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_options_beat_file_and_file_beats_defaults(tmp_path: Path) -> None:
    config = _file(tmp_path, '[explain]\ncam = "scorecam"\nplane = "coronal"\n[train]\nepochs = 3\n')
    settings = resolve_settings(ExplainSettings, "explain", config, {"plane": "axial", "orientation": None})
    assert settings.cam == "scorecam"
    assert settings.plane == "axial"
    assert settings.orientation == "unknown"


def test_cam_all_is_every_method_in_order() -> None:
    assert ExplainSettings(cam="all").cam_methods == ("gradcam", "gradcam++", "scorecam")
    assert ExplainSettings().cam_methods == ("gradcam++",)
    assert ExplainSettings().known_plane is None
    assert ExplainSettings(plane="axial").known_plane == "axial"


def test_the_mode_that_is_saved_is_the_one_that_was_used() -> None:
    assert ExplainSettings().mode == "template"
    assert ExplainSettings(writer="scripted:text.md").mode == "free"
    assert ExplainSettings(writer="grok", mode="plan").mode == "plan"
    with pytest.raises(UsageError, match="takes no argument"):
        resolve_settings(ExplainSettings, "explain", None, {"writer": "template:x"})


def test_hash_follows_what_decides_the_result_and_nothing_else() -> None:
    base = ExplainSettings()
    assert ExplainSettings(offline=True).sha256() == base.sha256()
    for name, value in {
        "cam": "all",
        "plane": "axial",
        "spacing_mm": (1.0, 1.0),
        "precision": "float32",
    }.items():
        assert resolve_settings(ExplainSettings, "explain", None, {name: value}).sha256() != base.sha256()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[explain]\nkam = 'all'", "unknown setting 'kam'"),
        ("[explain]\ncam = 'lime'", "setting 'cam'"),
        ("cam = 'all'", "setting outside a table"),
        ("[explain", "not a TOML file"),
    ],
)
def test_wrong_files_name_the_place(tmp_path: Path, text: str, expected: str) -> None:
    config = _file(tmp_path, text)
    with pytest.raises(UsageError, match=expected) as caught:
        resolve_settings(ExplainSettings, "explain", config)
    assert str(config) in caught.value.one_line()
    assert "\n" not in caught.value.one_line()


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read the settings file"):
        resolve_settings(ExplainSettings, "explain", tmp_path / "none.toml")
