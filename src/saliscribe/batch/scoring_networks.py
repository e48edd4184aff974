"""Which network may score which slice: never one that has seen its patient, unless that is asked for and said."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import UsageError
from saliscribe.models.places import METADATA, find_model

Exposure = Literal["unseen", "seen", "not_known"]


@dataclass(frozen=True)
class Assignment:
    """The slices that the network in ``folder`` scores, and whether its training has seen their patients."""

    folder: Path
    exposure: Exposure
    slices: tuple[LabelledSlice, ...]


def assign_networks(
    slices: Sequence[LabelledSlice], model: str | Path, *, allow_seen: bool = False
) -> tuple[Assignment, ...]:
    """Slices by network. ``model`` is a name, a model folder, or a folder of a cross-validation.

    In a cross-validation folder (``fold_<k>`` inside, as ``train`` writes it) fold k goes to ``fold_<k>``.
    Otherwise the slices that the
    model's card shows as seen are left out, or kept and marked with ``allow_seen``.

    Raises:
        UsageError: nothing is left to score.
    """
    root = Path(model)
    folds = {int(path.parent.name[5:]): path.parent for path in sorted(root.glob(f"fold_*/{METADATA}"))}
    if folds and any(item.fold in folds for item in slices):
        return _by_fold(slices, folds)
    folder = find_model(model)
    card = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    parts: dict[Exposure, list[LabelledSlice]] = {"unseen": [], "not_known": [], "seen": []}
    for item in slices:
        parts[exposure_of(item, card)].append(item)
    if not allow_seen and len(parts["seen"]) == len(slices):
        raise UsageError(
            "the model has seen the patients of every slice in training",
            where=str(folder),
            do="give the folder of its cross-validation (fold_1, fold_2, ...), or --out-of-fold TABLE with its"
            " predictions for unseen patients, or --allow-seen to score it all the same, marked as seen",
        )
    kept: tuple[Exposure, ...] = ("unseen", "not_known", "seen") if allow_seen else ("unseen", "not_known")
    return tuple(Assignment(folder, name, tuple(parts[name])) for name in kept if parts[name])


def exposure_of(item: LabelledSlice, card: Mapping[str, Any]) -> Exposure:
    """Whether training has seen the slice's patient, from the card.

    ``card["data"]["files"]`` (names trained on) decides for sets of the same source; else the folds do: a card with
    ``settings.test_fold`` has seen every other fold, one without has seen all folds. A slice without a
    fold is "not_known".
    """
    files = (card.get("data") or {}).get("files")
    if files is not None and item.fold is not None:
        return "seen" if item.path.name in files else "unseen"
    if item.fold is None:
        return "not_known"
    return "unseen" if (card.get("settings") or {}).get("test_fold") == item.fold else "seen"


def _by_fold(slices: Sequence[LabelledSlice], folds: Mapping[int, Path]) -> tuple[Assignment, ...]:
    assigned = []
    for fold, folder in folds.items():
        card = json.loads((folder / METADATA).read_text(encoding="utf-8"))
        held_out = (card.get("settings") or {}).get("test_fold")
        if held_out != fold:
            raise UsageError(
                "a fold's network was not trained without that fold",
                where=str(folder),
                expected=f"settings.test_fold {fold}",
                got=str(held_out),
            )
        part = tuple(item for item in slices if item.fold == fold)
        if part:
            assigned.append(Assignment(folder, "unseen", part))
    return tuple(assigned)
