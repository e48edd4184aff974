"""Controls that need pixels but no network: near-duplicates across patients, and what a slice-level split would leak.

A nearest neighbour on 32 x 32 fingerprints is taught labels that were shuffled among patients. There is nothing to
learn, so on unseen patients it must stay at chance; where slices of one patient stand on both sides, it knows the
patient again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.io.labelled_pixels import read_pixels
from saliscribe.metrics.duplicates import find_duplicates, fingerprint
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import StudyData

FORMAT = 1
SHUFFLES = 200
NEAR = 0.95


def control_cell(data: StudyData, store: CellStore) -> pd.DataFrame:
    """Rows ``control``, ``split``, ``labels``, ``shuffle``, ``value``: accuracies, and the count of duplicate pairs."""
    key = {"kind": "controls", "format": FORMAT, "slices": data.sha256}
    return store.rows("controls", key, lambda: _rows(data.slices))


def _rows(slices: Sequence[LabelledSlice]) -> list[dict[str, Any]]:
    prints = np.stack([fingerprint(read_pixels(one)[0]) for one in slices])
    patients = [one.patient for one in slices]
    pairs = find_duplicates(prints, same=NEAR, groups=patients)
    rows: list[dict[str, Any]] = [
        {"control": f"pairs of slices across patients alike at {NEAR:g} or more", "value": float(len(pairs))}
    ]
    flat = prints.reshape(len(prints), -1)
    likeness = flat @ flat.T
    labels = np.array([CLASSES.index(one.label) for one in slices])
    for split, folds in splits(slices).items():
        nearest = nearest_outside(likeness, folds)
        who = {"control": "nearest neighbour", "split": split}
        rows.append({**who, "labels": "true", "value": float((labels[nearest] == labels).mean())})
        for shuffle in range(SHUFFLES):
            taught = shuffled_by_patient(labels, patients, shuffle)
            value = float((taught[nearest] == taught).mean())
            rows.append({**who, "labels": "shuffled", "shuffle": shuffle, "value": value})
    for shuffle in range(SHUFFLES):
        one, other = (shuffled_by_patient(labels, patients, seed) for seed in (shuffle, SHUFFLES + shuffle))
        rows.append({"control": "chance", "shuffle": shuffle, "value": float((one == other).mean())})
    return rows


def splits(slices: Sequence[LabelledSlice], seed: int = 0) -> dict[str, NDArray[np.intp]]:
    """Fold numbers by slice (at random) and by patient (the data's own folds, else five at random)."""
    rng = np.random.default_rng(seed)
    own = {one.patient: one.fold for one in slices}
    drawn = dict(zip(own, rng.permutation(len(own)) % 5, strict=True))
    known = all(fold is not None for fold in own.values())
    by_patient = [own[one.patient] if known else int(drawn[one.patient]) for one in slices]
    return {
        "by slice": np.asarray(rng.permutation(len(slices)) % 5, dtype=np.intp),
        "by patient": np.asarray(by_patient, dtype=np.intp),
    }


def nearest_outside(likeness: NDArray[np.floating], folds: NDArray[np.intp]) -> NDArray[np.intp]:
    """For each slice, the most alike slice of another fold."""
    return np.where(folds[:, None] == folds[None, :], -np.inf, likeness).argmax(axis=1)


def shuffled_by_patient(
    labels: NDArray[np.integer], patients: Sequence[str], seed: int
) -> NDArray[np.integer]:
    """Labels exchanged among whole patients; the slices of one patient keep one label."""
    names, first, codes = np.unique(np.asarray(patients), return_index=True, return_inverse=True)
    of_patient = np.asarray(labels)[first]
    return of_patient[np.random.default_rng(seed).permutation(len(names))][codes.reshape(-1)]
