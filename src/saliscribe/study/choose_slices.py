"""Which slices a study looks at: all of them for the classes, a few of each patient for the maps."""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError
from saliscribe.io.encode import png_bytes
from saliscribe.io.labelled import read_labelled
from saliscribe.study.settings import StudyPlan

SHARED = "SALISCRIBE_SHARED"
_COLUMNS = ("file", "class", "patient", "fold", "plane", "mask", "spacing_mm")


@dataclass(frozen=True)
class StudyData:
    """``slices`` for the classes and ``map_slices`` for the maps; ``table`` holds the former as CSV, for training.

    ``synthetic`` where painted phantoms stand in for data that are not here.
    """

    name: str
    synthetic: bool
    slices: tuple[LabelledSlice, ...]
    map_slices: tuple[LabelledSlice, ...]
    table: Path

    @property
    def sha256(self) -> str:
        """Hash of which slices, patients, folds and labels: known before any prediction is opened."""
        lines = (f"{one.path.name},{one.label},{one.patient},{one.fold}" for one in self.slices)
        chosen = (one.path.name for one in self.map_slices)
        return hashlib.sha256("\n".join([*lines, "maps", *chosen]).encode()).hexdigest()


def choose_slices(plan: StudyPlan, folder: Path) -> StudyData:
    """The slices of the plan; phantoms and the table of the chosen slices are written into ``folder``.

    Raises:
        InputError: the data are not here and the plan paints no phantoms, or they cannot be read.
    """
    root = find_data(plan.data)
    if root is None and not plan.phantoms:
        raise InputError(
            "the study's data are not here",
            expected=f"{plan.data}, as it is or in ${SHARED} or ../shared",
            do=f"set ${SHARED}, or give [study] a number of phantoms",
        )
    folder.mkdir(parents=True, exist_ok=True)
    every = _painted(folder / "phantoms", plan.phantoms) if root is None else read_labelled(root)
    every = [one for one in every if not plan.folds or one.fold in plan.folds]
    slices = spread(of_some_patients(every, plan.patients), plan.slices_per_patient)
    chosen = spread(of_some_patients(slices, plan.map_patients), plan.map_slices_per_patient)
    name = "painted phantoms (no patients)" if root is None else plan.data
    return StudyData(
        name, root is None, tuple(slices), tuple(chosen), write_table(slices, folder / "slices.csv")
    )


def find_data(name: str) -> Path | None:
    """``name`` as it is, in ``$SALISCRIBE_SHARED``, or in ``../shared``; ``None`` where it is in none of them."""
    places = (Path(), Path(os.environ.get(SHARED) or "../shared"))
    return next((place / name for place in places if (place / name).exists()), None)


def spread(slices: Sequence[LabelledSlice], count: int | None) -> list[LabelledSlice]:
    """``count`` slices of each patient, from the middles of equal runs of its slices; all where it has fewer."""
    if count is None:
        return list(slices)
    chosen = []
    for patient in dict.fromkeys(one.patient for one in slices):
        own = [one for one in slices if one.patient == patient]
        kept = min(count, len(own))
        chosen += [own[int((index + 0.5) * len(own) / kept)] for index in range(kept)]
    return chosen


def of_some_patients(slices: Sequence[LabelledSlice], count: int | None) -> list[LabelledSlice]:
    """The slices of ``count`` patients, taken in turn from every class and fold, so that few still have all of them."""
    patients = {one.patient: (one.label, one.fold) for one in slices}
    if count is None or count >= len(patients):
        return list(slices)
    groups = [
        [name for name, its in patients.items() if its == key]
        for key in sorted(set(patients.values()), key=str)
    ]
    depth = max(map(len, groups))
    in_turn = [group[row] for row in range(depth) for group in groups if row < len(group)]
    chosen = set(in_turn[:count])
    return [one for one in slices if one.patient in chosen]


def _painted(folder: Path, count: int) -> list[LabelledSlice]:
    """Phantoms as labelled slices: two folds, every phantom a patient of its own."""
    slices = []
    for place in ("images", "masks"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for seed in range(count):
        label = CLASSES[seed % len(CLASSES)]
        volume, mask, truth = paint_phantom(seed, label)
        paths = [folder / place / f"phantom_{seed:04d}.png" for place in ("images", "masks")]
        for path, pixels in zip(paths, (volume.picture.astype("uint8"), mask), strict=True):
            path.write_bytes(png_bytes(pixels))
        fold = 1 + (seed // len(CLASSES)) % 2
        spacing = float(truth["plan"]["pixel_mm"])
        slices.append(
            LabelledSlice(
                paths[0], label, f"phantom {seed}", fold, truth["plane"], paths[1], spacing_mm=spacing
            )
        )
    return slices


def write_table(slices: Sequence[LabelledSlice], path: Path) -> Path:
    """Slices as the CSV that ``saliscribe train`` reads; returns ``path``."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for one in slices:
            files = (one.path.resolve(), "" if one.mask_path is None else one.mask_path.resolve())
            writer.writerow(
                (files[0], one.label, one.patient, one.fold, one.plane or "", files[1], one.spacing_mm or "")
            )
    return path
