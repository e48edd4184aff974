"""A whole small study on painted phantoms: nothing twice, nothing lost, nobody scored by a network that knows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from saliscribe.errors import UsageError
from saliscribe.study.run_study import study

PLAN = """
[study]
data = "no/such/data"
phantoms = 12
methods = ["gradcam"]
rules = ["otsu", "fixed-90"]
reference_rule = "otsu"
map_slices_per_patient = 1
map_patients = 6
worst = 2
resamples = 200

[networks.random]
folder = "{folder}"

[networks.absent]
backbone = "vgg16"

[trust]
patients = 4
sanity_patients = 2
steps = 2

[trust.labels]
enabled = true
patients = 2
train_patients = 4
train = {{ size = 64, warm_size = 64, epochs = 1, batch_size = 2, weights = "none" }}
"""


@pytest.fixture(scope="module", autouse=True)
def one_source() -> Iterator[None]:
    """The code counts as the same all the while, also where somebody edits it beside the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("saliscribe.study.settings.source_sha256", lambda: "0" * 64)
        yield


@pytest.fixture(scope="module")
def two_folds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two networks with different random weights, whose cards say which fold they were trained without."""
    import torch

    from saliscribe.models.dual_head import DualHeadNet
    from saliscribe.models.network import save_network

    root = tmp_path_factory.mktemp("cross_validation")
    for fold in (1, 2):
        with torch.random.fork_rng():
            torch.manual_seed(fold)
            net = DualHeadNet("efficientnet_lite0", "none")
        card = {
            "name": f"random {fold}",
            "input_size": 64,
            "temperature": 1.0,
            "settings": {"test_fold": fold},
        }
        save_network(net, root / str(fold), card)
    return root


@pytest.fixture(scope="module")
def finished(two_folds: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Plan and folder of a study that was interrupted at its fourth cell and then run to its end."""
    root = tmp_path_factory.mktemp("study")
    config = root / "plan.toml"
    config.write_text(PLAN.format(folder=two_folds), encoding="utf-8")
    begun = []

    def stop_at_the_fourth(line: str) -> None:
        begun.append(line)
        if len(begun) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study(config, root / "out", say=stop_at_the_fourth)
    again: list[str] = []
    done = study(config, root / "out", say=again.append)
    assert done.kept == 3
    assert not set(begun[:3]) & set(again)
    assert begun[3] in again
    return config, root / "out"


def test_a_finished_study_computes_nothing(finished: tuple[Path, Path]) -> None:
    config, out = finished
    before = (out / "report.html").read_bytes()
    told: list[str] = []
    done = study(config, out, say=told.append)
    assert (done.computed, told) == (0, [])
    assert (out / "report.html").read_bytes() == before


def test_a_lost_cell_is_made_again_and_nothing_changes(finished: tuple[Path, Path]) -> None:
    config, out = finished
    tables = {path.name: path.read_bytes() for path in (out / "tables").glob("*.csv")}
    next((out / "cells").glob("masks-random-gradcam-fold_1-*")).unlink()
    assert study(config, out).computed == 1
    assert {path.name: path.read_bytes() for path in (out / "tables").glob("*.csv")} == tables


def test_each_slice_is_scored_once_by_the_network_without_its_fold(
    finished: tuple[Path, Path], two_folds: Path
) -> None:
    from saliscribe.batch.evaluate import evaluate

    said = pd.read_csv(finished[1] / "tables" / "predictions.csv").set_index("file")
    assert len(said) == 12
    assert said.index.is_unique
    for fold in (1, 2):
        alone = evaluate(
            finished[1] / "cells" / "slices.csv", model=two_folds / str(fold), folds=(fold,), resamples=2
        )
        for row in alone.rows:
            assert said.loc[row["file"], "logit_glioma"] == pytest.approx(row["logit_glioma"], abs=1e-4)


def test_tables_and_page_hold_the_whole_design(finished: tuple[Path, Path]) -> None:
    out = finished[1]
    masks = pd.read_csv(out / "tables" / "masks.csv")
    assert len(masks) == 6 * (3 + 2)
    trust = pd.read_csv(out / "tables" / "trust.csv")
    assert len(trust) == 4 * 7
    assert trust["insertion"].between(0, 1).all()
    assert trust["layer"].nunique() == 1
    sanity = pd.read_csv(out / "tables" / "sanity.csv")
    assert len(sanity) == 2 * 8 + 2 * 2
    assert sanity["unseen_accuracy"].notna().sum() == 2 * 2
    assert len(list((out / "cells" / "label_control" / "random").glob("*/metadata.json"))) == 2
    assert not (out / "cells" / "networks").exists()  # where they would be taken for networks of the study
    figures = json.loads((out / "statistics.json").read_text(encoding="utf-8"))
    assert figures["trust"]["random"]["gradcam"]["badge"] == "failed"
    assert figures["costs"][0]["gmac"] > figures["costs"][0]["gmac_class"] > 0
    assert {one["note"] for one in figures["networks"] if not one["trained"]} != {""}
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64") == len(list((out / "worst").glob("*.png"))) == 2
    noted = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert noted["earlier"] == []
    assert noted["cells_before"] == 0
    assert "before any network was opened" in page
    assert (
        noted["plan"]["networks"]["random"]["folder"]
        == Path(noted["plan"]["networks"]["random"]["folder"]).name
    )


def test_another_plan_stays_on_record(finished: tuple[Path, Path]) -> None:
    config, out = finished
    first = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    changed = config.with_name("changed.toml")
    text = config.read_text(encoding="utf-8").replace("resamples = 200", "resamples = 300")
    changed.write_text(text, encoding="utf-8")
    assert study(changed, out).computed == 0
    noted = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert [one["sha256"] for one in noted["earlier"]] == [first["sha256"]]
    assert noted["sha256"] != first["sha256"]


def test_a_table_of_other_weights_is_refused(finished: tuple[Path, Path], tmp_path: Path) -> None:
    config, out = finished
    said = pd.read_csv(out / "tables" / "predictions.csv")
    said["logit_glioma"] += 1.0
    said.to_csv(tmp_path / "other.csv", index=False)
    text = config.read_text(encoding="utf-8").replace(
        'folder = "', f'table = "{tmp_path / "other.csv"}"\nfolder = "'
    )
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="not of these weights"):
        study(tmp_path / "plan.toml", tmp_path / "out", cells=out / "cells")
