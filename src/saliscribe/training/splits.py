"""Splits by patient: test fold, validation patients, training patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import UsageError


@dataclass(frozen=True)
class Split:
    """Three sets of slices that share no patient."""

    train: tuple[LabelledSlice, ...]
    validation: tuple[LabelledSlice, ...]
    test: tuple[LabelledSlice, ...]


def split_by_patient(
    items: Sequence[LabelledSlice], test_fold: int | None, validation_share: float, seed: int
) -> Split:
    """Test patients are those of ``test_fold``; of the others, ``validation_share`` per class, at random, validate.

    Raises UsageError when the fold does not exist or leaves no training data.
    """
    folds = {item.fold for item in items}
    if test_fold is not None and test_fold not in folds:
        known = ", ".join(sorted(str(fold) for fold in folds))
        raise UsageError(
            "no such fold", expected=f"one of {known}", got=str(test_fold), do="give --test-fold one of them"
        )
    test = tuple(item for item in items if test_fold is not None and item.fold == test_fold)
    rest = [item for item in items if test_fold is None or item.fold != test_fold]
    chosen = _validation_patients(rest, validation_share, np.random.default_rng(seed))
    train = tuple(item for item in rest if item.patient not in chosen)
    if not train:
        raise UsageError(
            "no training slices are left", got=f"{len(items)} slices", do="lower the validation share"
        )
    return Split(train, tuple(item for item in rest if item.patient in chosen), test)


def _validation_patients(items: Sequence[LabelledSlice], share: float, rng: np.random.Generator) -> set[str]:
    chosen: set[str] = set()
    for label in CLASSES:
        patients = sorted({item.patient for item in items if item.label == label})
        count = round(share * len(patients))
        chosen.update(str(patient) for patient in rng.permutation(np.array(patients, dtype=object))[:count])
    return chosen
