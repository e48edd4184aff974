"""The networks of a study: which weights may score which fold, and which networks are not trained."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import UsageError
from saliscribe.models.places import METADATA, WEIGHTS
from saliscribe.pipeline.resolve_settings import resolve_settings
from saliscribe.study.choose_slices import StudyData
from saliscribe.study.settings import NetworkPlan, StudyPlan
from saliscribe.training.settings import TrainSettings
from saliscribe.training.train import cross_validate


@dataclass(frozen=True)
class FoldNetwork:
    """Weights in ``folder``, the fold whose patients they have not seen (``None``: a fold is not known), what their
    training was, in words, and by layer where its fields look."""

    folder: Path
    fold: int | None
    weights_sha256: str
    training: str = ""
    field_offsets: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def placing(self, layer: str) -> dict[str, list[float]]:
        """What decides where maps of ``layer`` lie, for the key of a cell; nothing where they lie in their cells."""
        offset = self.field_offsets.get(layer)
        return {"offset": list(offset)} if offset and any(offset) else {}

    def slices_of(self, slices: tuple[LabelledSlice, ...]) -> list[LabelledSlice]:
        """The slices that this network may score."""
        return [one for one in slices if self.fold is None or one.fold == self.fold]


@dataclass(frozen=True)
class StudyNetwork:
    """A named network with its fold networks; none where it is not trained, and ``why`` says so."""

    name: str
    plan: NetworkPlan
    folds: tuple[FoldNetwork, ...]
    why: str = ""

    @property
    def trained(self) -> bool:
        """True where there are weights, or a table of what they said."""
        return bool(self.folds) or self.plan.table is not None


def find_networks(plan: StudyPlan, data: StudyData, out: Path) -> list[StudyNetwork]:
    """Every network of the plan. Those with ``train`` and without a folder are trained into ``out/networks``.

    Raises:
        UsageError: a folder is named and holds no network, or only one that has seen every patient.
    """
    return [_found(name, one, plan, data, out) for name, one in plan.networks.items()]


def _found(name: str, one: NetworkPlan, plan: StudyPlan, data: StudyData, out: Path) -> StudyNetwork:
    if one.folder is not None:
        folds = fold_networks(Path(one.folder), data)
        if not folds and one.table is None:
            raise UsageError(
                "no network here may score these slices",
                where=one.folder,
                expected="a cross-validation folder, one sub-folder per fold, or a model that has not seen the data",
            )
        return StudyNetwork(name, one, folds)
    if one.train:
        folder = out / "networks" / name
        if {fold.fold for fold in fold_networks(folder, data)} != {item.fold for item in data.slices}:
            own = {"backbone": one.backbone, "mask_head": one.mask_head}
            settings = resolve_settings(TrainSettings, "train", None, {**plan.train, **own})
            cross_validate(data.table, folder, settings, name=name, progress=False)
        return StudyNetwork(name, one, fold_networks(folder, data))
    why = "" if one.table else "not trained: the plan names no weights for it"
    return StudyNetwork(name, one, (), why)


def fold_networks(root: Path, data: StudyData) -> tuple[FoldNetwork, ...]:
    """Networks under ``root`` by the fold that their card says they were trained without.

    A single model counts where its card shows that it has not seen these slices: trained on other data (no fold in the
    slices), or without the fold that they are in.
    """
    cards = {path.parent: _card(path) for path in sorted(root.glob(f"*/{METADATA}"))}
    folds = {
        card["settings"]["test_fold"]: _fold_network(folder, card, _held_out(card))
        for folder, card in cards.items()
        if _held_out(card) is not None and (folder / WEIGHTS).is_file()
    }
    known = {one.fold for one in data.slices}
    if folds:
        return tuple(folds[fold] for fold in sorted(folds) if fold in known)
    if not (root / METADATA).is_file():
        return ()
    card = _card(root / METADATA)
    fold = _held_out(card)
    unseen = fold in known or data.synthetic
    return (_fold_network(root, card, None if data.synthetic else fold),) if unseen else ()


def _fold_network(folder: Path, card: dict[str, Any], fold: int | None) -> FoldNetwork:
    words = training_in_words(card.get("settings") or {})
    return FoldNetwork(folder, fold, card["weights_sha256"], words, card.get("field_offsets", {}))


def training_in_words(settings: Mapping[str, Any]) -> str:
    """Start, length and window of a training, from the settings in its card; empty where they are not told."""
    if "epochs" not in settings:
        return ""
    start = {"none": "random weights", "imagenet": "ImageNet weights"}.get(
        str(settings["weights"]), "given weights"
    )
    if settings.get("start_from"):
        start = "a network trained before"
    sizes = sorted({settings.get("warm_size") or settings["size"], settings["size"]})
    windows = " then ".join(str(size) for size in sizes)
    return f"from {start}, {settings['epochs']} epochs, windows of {windows} px"


def _held_out(card: dict[str, Any]) -> int | None:
    fold = (card.get("settings") or {}).get("test_fold")
    return None if fold is None else int(fold)


def _card(path: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return card
