"""Labels are shuffled among the patients that are learnt from, and among nobody else; nothing is taught twice."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.study.label_control import SCORES, taught, unseen_accuracy, with_shuffled_labels
from saliscribe.study.trust_names import LABELS_SHUFFLED, LABELS_TRUE
from saliscribe.training.settings import TrainSettings

SLICES = [
    LabelledSlice(Path(f"{at}.png"), CLASSES[at // 2 % 3], f"P{at // 2}", fold=1 + at // 2 % 5)
    for at in range(120)
]


def test_the_left_out_fold_keeps_its_labels_and_patients_stay_whole() -> None:
    changed = {one.path: one for one in with_shuffled_labels(SLICES, 1)}
    assert len(changed) == len(SLICES)
    unseen = [one for one in SLICES if one.fold == 1]
    assert all(changed[one.path].label == one.label for one in unseen)
    learnt = [one for one in SLICES if one.fold != 1]
    assert Counter(changed[one.path].label for one in learnt) == Counter(one.label for one in learnt)
    # A third of shuffled labels is right by chance: 48 patients, standard deviation 7 %.
    assert sum(changed[one.path].label == one.label for one in learnt) / len(learnt) < 0.6
    for patient in {one.patient for one in learnt}:
        assert len({changed[one.path].label for one in learnt if one.patient == patient}) == 1


def test_a_network_is_taught_once_per_table_and_recipe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def pretend(table: Path, out: Path, settings: TrainSettings, *, progress: bool) -> None:
        calls.append(table.read_text(encoding="utf-8"))
        rows = "patient,label,p_glioma,p_meningioma,p_pituitary\nP,glioma,.8,.1,.1\nQ,glioma,.1,.8,.1\n"
        (out / SCORES).write_text(rows, encoding="utf-8")

    monkeypatch.setattr("saliscribe.study.label_control.train", pretend)
    settings = TrainSettings(test_fold=1, epochs=1)
    places = {
        taught(SLICES, change, settings, tmp_path)
        for change in (LABELS_SHUFFLED, LABELS_TRUE, LABELS_SHUFFLED)
    }
    assert len(places) == len(calls) == 2
    assert calls[0] != calls[1]
    assert taught(SLICES, LABELS_TRUE, TrainSettings(test_fold=1, epochs=2), tmp_path) not in places
    assert {unseen_accuracy(place) for place in places} == {0.5}
