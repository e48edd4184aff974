"""Splits, draws, loss and rows: the parts of training that can be worked out by hand."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import special

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import UsageError
from saliscribe.training.augment import apply, draw
from saliscribe.training.card import make_card, region_firmness
from saliscribe.training.loss import combined_loss, soft_dice
from saliscribe.training.out_of_fold import Row, calibrate_rows, read_rows, temperature_of, write_rows
from saliscribe.training.settings import AugmentRanges, LossWeights, TrainSettings
from saliscribe.training.splits import split_by_patient

NONE = AugmentRanges(**dict.fromkeys(AugmentRanges.model_fields, 0.0))


def items(patients: int = 30) -> list[LabelledSlice]:
    classes = ("glioma", "meningioma", "pituitary")
    return [
        LabelledSlice(Path(f"{number}_{copy}.png"), classes[number % 3], f"P{number}", fold=number % 5 + 1)
        for number in range(patients)
        for copy in range(3)
    ]


def test_no_patient_stands_on_two_sides() -> None:
    split = split_by_patient(items(), test_fold=2, validation_share=0.2, seed=1)
    groups = [{one.patient for one in part} for part in (split.train, split.validation, split.test)]
    assert sum(len(group) for group in groups) == len(set.union(*groups))
    assert set.union(*groups) == {one.patient for one in items()}
    assert {one.fold for one in split.test} == {2}
    assert {one.label for one in split.validation} == {"glioma", "meningioma", "pituitary"}


def test_an_unknown_fold_is_named() -> None:
    with pytest.raises(UsageError, match=r"no such fold.*1, 2, 3, 4, 5"):
        split_by_patient(items(), test_fold=9, validation_share=0.0, seed=0)


def test_progressive_size() -> None:
    settings = TrainSettings(size=192, warm_size=128, warm_share=0.5, epochs=10)
    assert [settings.size_at(epoch) for epoch in (0, 4, 5, 9)] == [128, 128, 192, 192]


def test_the_same_draw_gives_the_same_picture() -> None:
    images, masks = torch.rand(2, 1, 32, 32), torch.rand(2, 1, 32, 32)
    draws = [draw(np.random.default_rng(seed), AugmentRanges()) for seed in (1, 2)]
    first, second = apply(images, masks, draws, 24), apply(images, masks, draws, 24)
    torch.testing.assert_close(first, second)
    alone = apply(images[1:], masks[1:], draws[1:], 24)
    torch.testing.assert_close(alone[0][0], first[0][1])


def test_nothing_drawn_changes_nothing() -> None:
    images, masks = torch.rand(1, 1, 32, 32), torch.rand(1, 1, 32, 32)
    same = apply(images, masks, [draw(np.random.default_rng(0), NONE)], 32)
    torch.testing.assert_close(same[0], images, atol=1e-5, rtol=0)
    torch.testing.assert_close(same[1], masks, atol=1e-5, rtol=0)


def test_a_mirror_draw_mirrors_picture_and_mask_alike() -> None:
    ranges = NONE.model_copy(update={"mirror": 1.0})
    images, masks = torch.rand(1, 1, 32, 32), torch.rand(1, 1, 32, 32)
    out = apply(images, masks, [draw(np.random.default_rng(0), ranges)], 32)
    torch.testing.assert_close(out[0], images.flip(3), atol=1e-5, rtol=0)
    torch.testing.assert_close(out[1], masks.flip(3), atol=1e-5, rtol=0)


def test_the_mask_follows_the_picture_under_every_geometric_change() -> None:
    ranges = AugmentRanges(gamma=0, contrast=0, brightness=0, bias=0, noise=0, blur=0)
    blob = torch.zeros(1, 1, 64, 64)
    blob[0, 0, 20:40, 25:50] = 1.0
    for seed in range(20):
        image, mask = apply(blob, blob, [draw(np.random.default_rng(seed), ranges)], 48)
        torch.testing.assert_close(image, mask.clamp(0, 1), atol=1e-5, rtol=0)
        assert mask.sum() > 50


def test_loss_by_hand() -> None:
    """Two slices, one without a mask. CE of logits (0, 0, ln 2) for class 2 is ln 2; BCE of logit 0 is ln 2;
    soft Dice of p = 0.5 on four pixels, two true: (2 * 1 + 1) / (2 + 2 + 1) = 0.6."""
    logits = torch.tensor([[0.0, 0.0, math.log(2.0)]]).repeat(2, 1)
    masks = torch.tensor([[1.0, 1.0], [0.0, 0.0]])[None, None].repeat(2, 1, 1, 1)
    weights = LossWeights(classification=1.0, overlap=2.0, pixel=3.0, label_smoothing=0.0)
    terms = combined_loss(
        logits, torch.zeros(2, 1, 2, 2), torch.tensor([2, 2]), masks, torch.tensor([True, False]), weights
    )
    assert terms.classification.item() == pytest.approx(math.log(2), abs=1e-6)
    assert terms.pixel.item() == pytest.approx(math.log(2), abs=1e-6)
    assert terms.overlap.item() == pytest.approx(0.4, abs=1e-6)
    assert terms.total.item() == pytest.approx(4 * math.log(2) + 0.8, abs=1e-5)


def test_slices_without_masks_train_the_classifier_only() -> None:
    terms = combined_loss(
        torch.zeros(1, 3),
        torch.zeros(1, 1, 2, 2),
        torch.tensor([0]),
        torch.zeros(1, 1, 2, 2),
        torch.tensor([False]),
        LossWeights(),
    )
    assert terms.overlap.item() == 0.0
    assert terms.pixel.item() == 0.0
    assert soft_dice(torch.zeros(1, 1, 2, 2), torch.zeros(1, 1, 2, 2)).item() == 1.0


def row(fold: int, label: str, logits: tuple[float, float, float], dice: float | None = 0.5) -> Row:
    return Row(
        file="a.png",
        patient="P1",
        fold=fold,
        plane=None,
        label=label,
        logit_glioma=logits[0],
        logit_meningioma=logits[1],
        logit_pituitary=logits[2],
        p_glioma=0,
        p_meningioma=0,
        p_pituitary=0,
        dice=dice,
        iou=None,
        true_area_px=None,
        predicted_area_px=3,
    )


def test_rows_survive_the_file_and_unknown_stays_unknown(tmp_path: Path) -> None:
    rows = [row(1, "glioma", (1.0, 2.0, 3.0), None), row(2, "pituitary", (0.5, 0.25, 0.125))]
    write_rows(rows, tmp_path / "rows.csv")
    assert list(read_rows(tmp_path / "rows.csv")) == rows


def test_a_folds_temperature_does_not_see_the_fold() -> None:
    rng = np.random.default_rng(0)

    def fold_rows(fold: int, sharp: float) -> list[Row]:
        out = []
        for _ in range(400):
            logits = rng.normal(0, 1, 3)
            chances = np.exp(logits) / np.exp(logits).sum()
            label = ("glioma", "meningioma", "pituitary")[int(rng.choice(3, p=chances))]
            out.append(row(fold, label, tuple(sharp * logits)))
        return out

    rows = fold_rows(1, 1.0) + fold_rows(2, 4.0)
    assert temperature_of(rows[:400]) == pytest.approx(1.0, rel=0.25)
    assert temperature_of(rows[400:]) == pytest.approx(4.0, rel=0.25)
    calibrated = calibrate_rows(rows)
    first = calibrated[0]
    by_hand = special.softmax(
        np.array([first.logit_glioma, first.logit_meningioma, first.logit_pituitary])
        / temperature_of(rows[400:])
    )
    assert [first.p_glioma, first.p_meningioma, first.p_pituitary] == pytest.approx(
        by_hand.tolist(), abs=1e-6
    )


def test_a_card_names_no_folder_of_this_machine() -> None:
    settings = TrainSettings(start_from="/home/someone/runs/first", weights="/home/someone/weights")
    card = make_card("m", settings, {}, 1.0, [], "words")
    assert (card["settings"]["start_from"], card["settings"]["weights"]) == ("first", "weights")


def test_a_card_knows_how_firm_the_regions_of_tumours_are() -> None:
    rows = [row(1, "glioma", (1.0, 0.0, 0.0)).model_copy(update={"firmness": n / 10}) for n in range(11)]
    rows.append(row(1, "glioma", (1.0, 0.0, 0.0)))
    assert region_firmness(rows) == {"share": 0.1, "value": pytest.approx(0.1), "n": 11}
    assert region_firmness(rows[-1:]) is None
