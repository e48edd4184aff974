"""The network that was taught shuffled labels: maps that show what was learnt must differ from its maps.

Data randomisation after Adebayo and others, "Sanity checks for saliency maps" (2018). Pictures, masks, architecture and
recipe stay; only the classes are shuffled, among whole patients. The control is small and taught shortly, so a twin is
taught the true labels in the same way: what is lost beside the twin is lost to the labels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from saliscribe.core.names import CLASSES, CamMethod
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.metrics.card_figures import read_table
from saliscribe.models.backbones import cam_layers
from saliscribe.models.network import Network, load_network
from saliscribe.pipeline.resolve_settings import resolve_settings
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import StudyData, of_some_patients, spread, write_table
from saliscribe.study.control_cells import shuffled_by_patient
from saliscribe.study.find_networks import StudyNetwork
from saliscribe.study.score_cells import cell_key, fold_word
from saliscribe.study.settings import StudyPlan
from saliscribe.study.trust_names import LABELS_SHUFFLED, LABELS_TRUE
from saliscribe.training.settings import TrainSettings
from saliscribe.training.train import train

Compare = Callable[
    [Network, Mapping[str, Network], Sequence[LabelledSlice], CamMethod], Iterator[Mapping[str, Any]]
]
SCORES = "test_slices.csv"


def label_cell(
    network: StudyNetwork, data: StudyData, plan: StudyPlan, store: CellStore, compare: Compare
) -> pd.DataFrame:
    """Rows of the table ``sanity``: a slice, a method and how alike its map is to that of either small network.

    ``unseen_accuracy`` is the share of the first fold's slices that the small network calls right. No rows where the
    plan leaves the control out, or where it is not known which patients a network has not seen.
    """
    its = plan.trust.labels
    fold = network.folds[0]
    if not its.enabled or fold.fold is None:
        return pd.DataFrame()
    compared = spread(of_some_patients(fold.slices_of(data.map_slices), its.patients), 1)
    learnt = [one for one in data.slices if one.fold != fold.fold]
    taught_on = [*of_some_patients(learnt, its.train_patients), *fold.slices_of(data.slices)]
    own = {"backbone": network.plan.backbone, "mask_head": network.plan.mask_head}
    settings = resolve_settings(
        TrainSettings, "train", None, {**its.train, **own, "test_fold": fold.fold, "validation_share": 0.0}
    )

    # Not below ``networks``: a folder with a card there counts as a network of the study.
    root = store.folder / "label_control" / network.name

    def compute() -> list[Mapping[str, Any]]:
        folders = {
            change: taught(taught_on, change, settings, root) for change in (LABELS_SHUFFLED, LABELS_TRUE)
        }
        others = {change: load_network(folder, "cpu", "float32") for change, folder in folders.items()}
        right = {change: unseen_accuracy(folder) for change, folder in folders.items()}
        real = load_network(fold.folder, "cpu", "float32")
        return [
            {**row, "unseen_accuracy": right[row["change"]]}
            for method in plan.methods
            for row in compare(real, others, compared, method)
        ]

    learned = [(one.path.name, one.patient, one.label) for one in taught_on]
    key = cell_key("labels", fold, compared, learned=learned, settings=settings.model_dump(mode="json"),
                   methods=plan.methods, layers=cam_layers(network.plan.backbone))  # fmt: skip
    cell = store.rows(f"labels/{network.name}/{fold_word(fold)}", key, compute)
    if len(cell):
        cell.insert(0, "network", network.name)
    return cell


def taught(slices: Sequence[LabelledSlice], change: str, settings: TrainSettings, root: Path) -> Path:
    """The folder of a small network taught true or shuffled labels; trained once, and on from where it was killed."""
    table = with_shuffled_labels(slices, settings.test_fold) if change == LABELS_SHUFFLED else slices
    facts = [settings.model_dump(mode="json"), [(one.path.name, one.patient, one.label) for one in table]]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:12]
    folder = root / f"{change.replace(',', '').replace(' ', '_')}-{digest}"
    if not (folder / SCORES).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        train(write_table(table, folder / "slices.csv"), folder, settings, progress=False)
    return folder


def with_shuffled_labels(slices: Sequence[LabelledSlice], test_fold: int | None) -> list[LabelledSlice]:
    """Classes exchanged among the patients that are learnt from; those of ``test_fold`` keep theirs."""
    learnt = [one for one in slices if one.fold != test_fold]
    codes = np.array([CLASSES.index(one.label) for one in learnt])
    shuffled = shuffled_by_patient(codes, [one.patient for one in learnt], seed=0)
    changed = [replace(one, label=CLASSES[code]) for one, code in zip(learnt, shuffled, strict=True)]
    return [*changed, *(one for one in slices if one.fold == test_fold)]


def unseen_accuracy(folder: Path) -> float:
    """Share of the left-out slices whose likeliest class is the true one."""
    rows = read_table(folder / SCORES)
    right = [max(CLASSES, key=lambda name: float(row[f"p_{name}"])) == row["label"] for row in rows]
    return float(np.mean(right))
