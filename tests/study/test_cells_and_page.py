"""Cells are made once and whole; tables bring the same page back without pixels."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.study.synthetic_tables import masks, predictions

from saliscribe.errors import InputError, UsageError
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import choose_slices
from saliscribe.study.find_networks import training_in_words
from saliscribe.study.from_tables import from_tables
from saliscribe.study.settings import StudyPlan, load_plan
from saliscribe.study.tables import write_tables


def test_a_cell_is_computed_once_and_never_half(tmp_path: Path) -> None:
    calls = []

    def compute() -> list[dict[str, Any]]:
        calls.append(1)
        return [{"patient": "None", "fold": 1, "value": 0.5}, {"patient": "NA", "fold": 2, "value": None}]

    def broken() -> list[dict[str, Any]]:
        raise KeyboardInterrupt

    store = CellStore(tmp_path / "cells")
    first = store.rows("a/b", {"weights": "x"}, compute)
    again = CellStore(tmp_path / "cells").rows("a/b", {"weights": "x"}, compute)
    assert len(calls) == 1
    pd.testing.assert_frame_equal(first, again)
    assert list(first["patient"]) == ["None", "NA"]
    assert pd.isna(first["value"][1])
    with pytest.raises(KeyboardInterrupt):
        store.rows("a/b", {"weights": "y"}, broken)
    assert len(list((tmp_path / "cells").iterdir())) == 1
    store.rows("a/b", {"weights": "y"}, compute)
    assert (store.computed, len(calls)) == (2, 2)


def test_tables_alone_bring_the_page_without_torch(tmp_path: Path) -> None:
    means = {
        ("segmentation_head", "-"): 0.8, ("gaussian_prior", "-"): 0.1, ("otsu", "-"): 0.1,
        ("gradcam", "chan-vese"): 0.3, ("scorecam", "chan-vese"): 0.2,
    }  # fmt: skip
    networks = [
        {"network": "good", "backbone": "resnet50", "heads": "two", "trained": True, "folds": 3, "table": False,
         "weights": "ab", "shuffled_labels": False, "note": ""},
        {"network": "absent", "backbone": "vgg16", "heads": "two", "trained": False, "folds": 0, "table": False,
         "weights": "", "shuffled_labels": False, "note": "not trained: the plan names no weights for it"},
    ]  # fmt: skip
    tables = {
        "networks": pd.DataFrame(networks),
        "predictions": predictions({"good": 0.9, "poor": 0.5}),
        "masks": masks(means),
    }
    write_tables(tables, tmp_path / "tables")
    plan = StudyPlan(resamples=200, title="A <study> of two")
    noted = {
        "sha256": "0" * 64, "hashed_at": "2026-11-22T00:00:00+00:00", "earlier": [],
        "cells_before": 0, "predictions_before": ["good"],
        "facts": {"saliscribe": "0.1.0", "source_sha256": "0" * 64},
        "plan": plan.model_dump(mode="json"),
        "data": {"name": "made up", "synthetic": True, "slices": 60, "patients": 30, "map_slices": 30},
    }  # fmt: skip
    (tmp_path / "plan.json").write_text(json.dumps(noted), encoding="utf-8")
    code = (
        "import sys\nfrom saliscribe.cli.main import run\n"
        f"code = run(['study', '--from-tables', {str(tmp_path)!r}])\n"
        "print(code, [name for name in ('torch', 'lightning') if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "0 []", done.stderr
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "A &lt;study&gt; of two" in page
    assert "not trained: the plan names no weights" in page
    assert "painted phantoms, not patients" in page
    assert "Networks side by side" in page  # two networks were scored
    assert "after something was known: predictions of good came as a finished table." in page
    assert "http" not in page.replace('http-equiv="Content-Security-Policy"', "")
    claims = (tmp_path / "claims.md").read_text(encoding="utf-8")
    assert (
        "One saliency method fits the tumour best (net, Dice).** Grad-CAM differs from every other" in claims
    )
    assert (
        "Masks of saliency maps fit better than the segmentation head (net, Dice)"
        in claims.split("did not hold")[1]
    )
    figures = json.loads((tmp_path / "statistics.json").read_text(encoding="utf-8"))
    assert figures["classification"]["networks"]["good"]["figures"]["accuracy"]["n_patients"] == 30


def test_a_training_is_told_in_words() -> None:
    shipped = {
        "weights": "imagenet",
        "start_from": "first-round",
        "epochs": 24,
        "size": 192,
        "warm_size": 160,
    }
    assert (
        training_in_words(shipped) == "from a network trained before, 24 epochs, windows of 160 then 192 px"
    )
    scratch = {"weights": "none", "start_from": None, "epochs": 10, "size": 128, "warm_size": 128}
    assert training_in_words(scratch) == "from random weights, 10 epochs, windows of 128 px"
    assert training_in_words({"test_fold": 1}) == ""  # a card that does not tell


def test_no_study_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no study here"):
        from_tables(tmp_path)


def test_plan_says_what_is_wrong(tmp_path: Path) -> None:
    config = tmp_path / "plan.toml"
    config.write_text('[study]\nrules = ["guess"]\n', encoding="utf-8")
    with pytest.raises(UsageError, match="unknown rule 'guess'"):
        load_plan(config)
    config.write_text('[study]\nrules = ["otsu"]\nreference_rule = "knee"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="reference rule"):
        load_plan(config)
    config.write_text("[networks.a]\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no such network"):
        load_plan(config, {"b": "somewhere"})


def test_data_that_are_not_here_are_painted_or_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALISCRIBE_SHARED", str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="not here"):
        choose_slices(StudyPlan(data="no/such"), tmp_path / "cells")
    data = choose_slices(StudyPlan(data="no/such", phantoms=6, map_patients=3), tmp_path / "cells")
    assert data.synthetic
    assert {one.fold for one in data.slices} == {1, 2}
    assert len({(one.label, one.fold) for one in data.map_slices}) == 3
    assert all(one.mask_path is not None and one.mask_path.is_file() for one in data.slices)
