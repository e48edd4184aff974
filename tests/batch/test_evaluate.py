"""Evaluation: nothing seen is scored, folds score their own patients, tables fit their data."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from rich.console import Console

from saliscribe.batch.compare_masks import FIXED, add_class_tuned, compare_masks
from saliscribe.batch.evaluate import evaluate
from saliscribe.batch.evaluation_report import print_evaluation, save_evaluation
from saliscribe.batch.scoring_networks import exposure_of
from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError, UsageError

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight painted slices of four patients in two folds, with masks."""
    root = tmp_path_factory.mktemp("data")
    rows, columns = np.mgrid[:128, :128].astype(float)
    lines = ["file,class,patient,fold,plane"]
    for number in range(8):
        rng = np.random.default_rng(number)
        tumour = (rows - 60) ** 2 + (columns - 50 - 4 * number) ** 2 < 10**2
        brain = ((rows - 64) / 55) ** 2 + ((columns - 64) / 45) ** 2 < 1
        grey = np.where(tumour, 0.9, np.where(brain, 0.4, 0.0)) + rng.normal(0, 0.01, rows.shape)
        for folder, picture in (("images", np.clip(grey, 0, 1) * 255), ("masks", tumour * 255)):
            (root / folder).mkdir(exist_ok=True)
            Image.fromarray(picture.astype(np.uint8)).save(root / folder / f"{number}.png")
        lines.append(f"{number}.png,{CLASSES[number % 3]},P{number // 2},{1 + number // 4},axial")
    (root / "index.csv").write_text("\n".join(lines) + "\n")
    return root


@pytest.fixture(scope="module")
def folds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two networks with random weights, as a cross-validation leaves them."""
    import torch

    from saliscribe.models.dual_head import DualHeadNet
    from saliscribe.models.network import save_network

    torch.set_num_threads(1)
    root = tmp_path_factory.mktemp("cv")
    for fold in (1, 2):
        with torch.random.fork_rng():
            torch.manual_seed(fold)
            net = DualHeadNet("efficientnet_lite0", "none")
        card = {"name": f"fold_{fold}", "input_size": 64, "temperature": 1.0, "settings": {"test_fold": fold}}
        save_network(net, root / f"fold_{fold}", card)
    return root


def test_each_fold_is_scored_by_the_network_that_has_not_seen_it(
    data: Path, folds: Path, tmp_path: Path
) -> None:
    done = evaluate(data, model=folds, methods=("gradcam",), device="cpu", resamples=200)
    assert len(done.rows) == 8
    assert done.exposure == "unseen"
    assert done.left_out == 0
    assert {row["file"]: row["model"] for row in done.rows}["7.png"] == "fold_2"
    assert {row["model"] for row in done.rows if row["fold"] == 1} == {"fold_1"}
    assert {"accuracy", "macro_f1", "ece", "dice", "dice_gradcam", "dice_gaussian_prior", "dice_otsu"} <= set(
        done.figures
    )
    assert done.figures["dice_otsu"].value > 0.9, "the painted tumours are the brightest: Otsu must find them"
    assert (done.figures["dice"].n, done.figures["dice"].n_patients) == (8, 4)
    figures, rows = save_evaluation(done, tmp_path)
    assert json.loads(figures.read_text())["n_patients"] == 4
    with rows.open() as handle:
        assert len(list(csv.DictReader(handle))) == 8
    console = Console(record=True, width=140, file=io.StringIO())
    print_evaluation(done, console)
    text = console.export_text()
    assert "8 slices, 4 patients" in text
    assert "not seen in training" in text
    assert "macro_f1" in text


def test_a_table_gives_the_same_figures_without_a_network(data: Path, folds: Path, tmp_path: Path) -> None:
    done = evaluate(data, model=folds, device="cpu", resamples=100)
    save_evaluation(done, tmp_path)
    again = evaluate(data, out_of_fold=tmp_path / "slices.csv", resamples=100)
    assert again.images_per_second is None
    for name in ("accuracy", "ece", "dice", "dice_otsu"):
        assert again.figures[name].value == pytest.approx(done.figures[name].value, abs=1e-4)
    with pytest.raises(UsageError, match="no slice is in these folds"):
        evaluate(data, out_of_fold=tmp_path / "slices.csv", folds=(9,))
    text = (tmp_path / "slices.csv").read_text()
    (tmp_path / "slices.csv").write_text(
        "\n".join(line for line in text.splitlines() if not line.startswith("3.png"))
    )
    with pytest.raises(InputError, match="does not fit"):
        evaluate(data, out_of_fold=tmp_path / "slices.csv")


def test_seen_patients_are_left_out_or_marked(data: Path, folds: Path) -> None:
    one = evaluate(data, model=folds / "fold_2", device="cpu", resamples=100)
    assert one.left_out == 4
    assert {row["fold"] for row in one.rows} == {2}
    both = evaluate(data, model=folds / "fold_2", device="cpu", resamples=100, allow_seen=True)
    assert both.exposure == "mixed"
    assert len(both.rows) == 8
    with pytest.raises(UsageError, match="has seen the patients of every slice"):
        evaluate(data, model=folds / "fold_2", folds=(1,), device="cpu")


def test_exposure_by_card() -> None:
    item = LabelledSlice(Path("a.png"), "glioma", "P1", fold=3)
    assert exposure_of(item, {"settings": {"test_fold": 3}}) == "unseen"
    assert exposure_of(item, {"settings": {"test_fold": None}}) == "seen"
    assert (
        exposure_of(LabelledSlice(Path("a.png"), "glioma", "P1"), {"settings": {"test_fold": 3}})
        == "not_known"
    )
    assert exposure_of(item, {"data": {"files": ["a.png"]}, "settings": {"test_fold": 3}}) == "seen"


def test_a_fold_network_that_saw_its_fold_is_refused(data: Path, folds: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(folds / "fold_1", tmp_path / "fold_2")
    with pytest.raises(UsageError, match="not trained without that fold"):
        evaluate(data, model=tmp_path, device="cpu")


def test_masks_are_compared_and_tuned_without_the_own_fold(data: Path, folds: Path) -> None:
    done = compare_masks(data, folds, ("gradcam",), resamples=100)
    assert {
        "dice",
        "dice_gradcam@class-tuned",
        "dice_gradcam@contrast",
        "dice_gradcam@fixed-95",
        "dice_otsu",
    } <= set(done.dice)
    assert set(done.p_against_head) == set(done.dice) - {"dice"}
    assert set(done.tuned["gradcam"]) == {"1", "2"}


def test_class_tuned_takes_the_percentile_of_the_other_fold() -> None:
    def row(fold: int, best: float) -> dict:
        scores = {
            f"{kind}_gradcam@fixed-{p:g}": 1.0 - abs(p - best) / 100
            for p in FIXED
            for kind in ("dice", "iou")
        }
        return {"fold": fold, "p_glioma": 1.0, "p_meningioma": 0.0, "p_pituitary": 0.0, **scores}

    rows = [row(1, 85.0), row(2, 98.0)]
    chosen = add_class_tuned(rows, "gradcam")
    assert (chosen["1"]["glioma"], chosen["2"]["glioma"]) == (98.0, 85.0)
    assert rows[0]["dice_gradcam@class-tuned"] == pytest.approx(0.87)
