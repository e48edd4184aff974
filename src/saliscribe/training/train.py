"""``saliscribe train``: fit a dual-head network on one split, or cross-validate it and then fit it on everything."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import UsageError
from saliscribe.io.labelled import read_labelled
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.network import Network, load_network, save_network
from saliscribe.models.places import CARD
from saliscribe.training.card import data_facts, make_card, write_card_page
from saliscribe.training.curves import draw_curves
from saliscribe.training.fit import fit
from saliscribe.training.leakage import report_leakage
from saliscribe.training.measured_offsets import measured_offsets
from saliscribe.training.out_of_fold import (
    Row,
    calibrate_rows,
    score_slices,
    temperature_of,
    write_rows,
)
from saliscribe.training.settings import TrainSettings
from saliscribe.training.splits import Split, split_by_patient
from saliscribe.training.windows_data import load_window


@dataclass(frozen=True)
class Trained:
    """A finished run: the folder of the model, its rows on unseen patients, and what to tell the user."""

    folder: Path
    rows: tuple[Row, ...]


def train(
    data: str | Path,
    out: str | Path,
    settings: TrainSettings | None = None,
    *,
    layout: str = "auto",
    name: str | None = None,
    source: Mapping[str, str] | None = None,
    progress: bool = True,
    devices: int = 1,
) -> Trained:
    """Fit one network on the labelled slices under ``data`` and write model, card, curves and log to ``out``.

    With ``settings.test_fold`` the patients of that fold are scored at the end and fill the card. The
    temperature is fitted on validation patients (``settings.validation_share``). Running again
    after a kill goes on from the last full epoch. ``devices`` are as in ``fit``. Raises InputError for unreadable
    data, UsageError for a split that cannot be made or a folder that holds another run.
    """
    settings = settings or TrainSettings()
    slices = read_labelled(Path(data), layout=layout)
    split = split_by_patient(slices, settings.test_fold, settings.validation_share, settings.seed)
    folder = Path(out)
    _claim(folder, settings)
    report_leakage(split, folder)
    net = _fitted(split, settings, folder, progress, devices)
    network = _saved(net, folder, settings, split, source, name or folder.name, temperature=1.0, rows=())
    temperature = 1.0
    if split.validation:
        temperature = temperature_of(score_slices(network, split.validation))
    rows = tuple(_at_temperature(network, split.test, temperature))
    _saved(net, folder, settings, split, source, name or folder.name, temperature, rows)
    write_rows(rows, folder / "test_slices.csv")
    draw_curves(folder, folder / "curves.png")
    return Trained(folder, rows)


def cross_validate(
    data: str | Path,
    out: str | Path,
    settings: TrainSettings | None = None,
    *,
    layout: str = "auto",
    name: str | None = None,
    source: Mapping[str, str] | None = None,
    progress: bool = True,
    devices: int = 1,
) -> Trained:
    """One network per fold, then one on all patients, whose card carries the figures of the folds.

    ``out/fold_<k>`` holds the network that has not seen fold k; ``out`` the final one, and ``out_of_fold.csv``
    with every slice as scored by the network that had not seen its patient. The temperature of a fold is
    fitted on the rows of the others, the final one on all rows. With ``settings.start_from``, the folder of an
    earlier cross-validation, each network goes on from the one of the same fold.
    """
    settings = settings or TrainSettings()
    slices = read_labelled(Path(data), layout=layout)
    folds = sorted({one.fold for one in slices if one.fold is not None})
    if len(folds) < 2:
        raise UsageError(
            "cross-validation needs folds",
            expected="a 'fold' column with two or more folds",
            got=f"{len(folds)}",
            do="add folds to index.csv, by patient",
        )
    folder = Path(out)
    rows: list[Row] = []
    for fold in folds:
        one = settings.model_copy(
            update={
                "test_fold": fold,
                "validation_share": 0.0,
                "start_from": start_of_fold(settings.start_from, fold),
            }
        )
        rows += train(
            data,
            folder / f"fold_{fold}",
            one,
            layout=layout,
            source=source,
            progress=progress,
            devices=devices,
        ).rows
    rows = calibrate_rows(rows)
    write_rows(rows, folder / "out_of_fold.csv")
    final = settings.model_copy(update={"test_fold": None, "validation_share": 0.0})
    _claim(folder, final)
    split = split_by_patient(slices, None, 0.0, settings.seed)
    net = _fitted(split, final, folder, progress, devices)
    temperature = temperature_of(rows)
    _saved(net, folder, final, split, source, name or folder.name, temperature, rows, folds=len(folds))
    draw_curves(folder, folder / "curves.png")
    return Trained(folder, tuple(rows))


def start_of_fold(start_from: str | None, fold: int) -> str | None:
    """The network of an earlier cross-validation that has not seen ``fold``; UsageError where there is none."""
    if start_from is None:
        return None
    start = Path(start_from) / f"fold_{fold}"
    if not start.is_dir():
        raise UsageError(
            "a cross-validation cannot start from a network that has seen the patients it scores",
            where=start_from,
            expected=f"the folder of an earlier cross-validation, with fold_{fold}",
            do="cross-validate without --start-from, or start from such a folder",
        )
    return str(start)


def _claim(folder: Path, settings: TrainSettings) -> None:
    """A folder belongs to one run; resuming it with other settings would mix two."""
    folder.mkdir(parents=True, exist_ok=True)
    note, own = folder / "settings.json", settings.model_dump(mode="json")
    if note.is_file() and json.loads(note.read_text(encoding="utf-8")) != own:
        raise UsageError(
            "the folder holds a run with other settings",
            where=str(folder),
            do="give another -o, or remove the folder",
        )
    note.write_text(json.dumps(own, indent=2) + "\n", encoding="utf-8")


def _fitted(split: Split, settings: TrainSettings, folder: Path, progress: bool, devices: int) -> DualHeadNet:
    train_windows = [load_window(one) for one in split.train]
    validation = [load_window(one) for one in split.validation]
    net = starting_net(settings)
    net = fit(net, train_windows, validation, settings, folder, progress=progress, devices=devices).eval()
    net.cam_offsets = measured_offsets(net, split.train, settings.size)
    return net


def starting_net(settings: TrainSettings) -> DualHeadNet:
    """A fresh network on its backbone's first weights, or the one to go on from; UsageError for another kind."""
    if settings.start_from is None:
        return DualHeadNet(settings.backbone, settings.weights, settings.mask_head, settings.dropout)
    start = load_network(settings.start_from, device="cpu").net
    asked = (settings.backbone, settings.mask_head)
    if (start.backbone, start.decoder is not None) != asked:
        raise UsageError(
            "the network to start from is another one",
            where=settings.start_from,
            expected=f"backbone {asked[0]}, mask head {asked[1]}",
            got=f"backbone {start.backbone}, mask head {start.decoder is not None}",
            do="give the same --backbone and --mask-head as that network has",
        )
    start.dropout.p = settings.dropout
    return start.requires_grad_(True)


def _saved(
    net: DualHeadNet,
    folder: Path,
    settings: TrainSettings,
    split: Split,
    source: Mapping[str, str] | None,
    name: str,
    temperature: float,
    rows: Sequence[Row],
    **more: Any,
) -> Network:
    words = split_in_words(split, settings, bool(rows))
    card = make_card(name, settings, data_facts(split.train, source), temperature, rows, words, **more)
    full = save_network(net, folder, card)
    write_card_page(full, folder / CARD)
    return load_network(folder, device="cpu")


def _at_temperature(network: Network, slices: Sequence[LabelledSlice], temperature: float) -> list[Row]:
    return score_slices(replace(network, temperature=temperature), slices)


def _kept_apart(settings: TrainSettings) -> bool:
    """Whether the network gone on from had left out the same fold, by its own card."""
    card = load_network(settings.start_from or "default", device="cpu").card
    return bool(dict(card.get("settings") or {}).get("test_fold") == settings.test_fold)


def split_in_words(split: Split, settings: TrainSettings, scored: bool) -> str:
    """How the patients were divided, in a sentence for the card."""

    def count(slices: Sequence[LabelledSlice]) -> str:
        return f"{len(slices):,} slices of {len({one.patient for one in slices})} patients"

    parts = [f"By patient. Trained on {count(split.train)}"]
    if split.validation:
        parts.append(f"validated and calibrated on {count(split.validation)}")
    if split.test:
        parts.append(f"tested on {count(split.test)} (fold {settings.test_fold})")
        if settings.start_from is not None and not _kept_apart(settings):
            parts.append(
                "the network it went on from may have seen patients of that fold, so the figures may flatter"
            )
    elif scored:
        parts.append(
            "scored by cross-validation: every slice by a network of the same settings that had not seen its patient"
        )
    return "; ".join(parts) + "."
