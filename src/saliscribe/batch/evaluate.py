"""Score a network, or the networks of a cross-validation, on labelled data."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saliscribe.batch.progress import show_progress
from saliscribe.batch.score_slice import MaskPlan, Row, score_slice
from saliscribe.batch.scoring_networks import Assignment, assign_networks
from saliscribe.core.names import CLASSES, CamMethod
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.errors import InputError, UsageError
from saliscribe.io.labelled import read_labelled
from saliscribe.metrics.bootstrap import RESAMPLES, SEED, Figure
from saliscribe.metrics.card_figures import card_figures, figures_by_group, read_table
from saliscribe.metrics.recalibrate import at_temperature, calibrate_across_folds
from saliscribe.preprocess.prepare_labelled import prepare_labelled

#: Slices in one forward pass.
BATCH = 16


@dataclass(frozen=True)
class Evaluation:
    """The rows, and every figure made of them.

    ``exposure`` says whether training has seen the patients; "mixed" where it differs. ``figures`` use the
    probabilities as
    printed (after temperature), ``uncalibrated`` has the ECE and Brier score at temperature 1.
    ``images_per_second`` is reading,
    preparing, predicting and scoring together, ``None`` for a table.
    """

    model: str
    data: str
    exposure: str
    rows: tuple[Row, ...]
    figures: dict[str, Figure]
    uncalibrated: dict[str, Figure]
    groups: dict[str, dict[str, dict[str, Figure]]]
    calibration: str
    left_out: int
    images_per_second: float | None
    patients_known: bool

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON, without the rows."""
        return {
            "model": self.model,
            "data": self.data,
            "exposure": self.exposure,
            "calibration": self.calibration,
            "n": len(self.rows),
            "n_patients": len({row["patient"] for row in self.rows}),
            "patients_known": self.patients_known,
            "left_out_as_seen": self.left_out,
            "images_per_second": self.images_per_second,
            "figures": {name: figure.as_dict() for name, figure in self.figures.items()},
            "uncalibrated": {name: figure.as_dict() for name, figure in self.uncalibrated.items()},
            "groups": {
                group: {
                    key: {name: figure.as_dict() for name, figure in its.items()}
                    for key, its in parts.items()
                }
                for group, parts in self.groups.items()
            },
        }


def evaluate(
    data: str | Path,
    *,
    model: str | Path = "default",
    out_of_fold: str | Path | None = None,
    methods: Sequence[CamMethod] = (),
    plan: MaskPlan | None = None,
    layout: str = "auto",
    device: str = "auto",
    precision: str = "auto",
    folds: Sequence[int] = (),
    limit: int | None = None,
    allow_seen: bool = False,
    resamples: int = RESAMPLES,
    seed: int = SEED,
    progress: bool = False,
) -> Evaluation:
    """Figures with n and 95 % cluster-bootstrap intervals by patient; by class, plane, fold and size.

    ``model`` is a name, a folder, or a cross-validation folder, whose fold networks then each score their
    unseen fold. A
    model is not scored on slices it has seen, unless ``allow_seen``. ``out_of_fold`` is a table of such predictions,
    used as it is: no network runs. ``methods`` adds CAM masks; ``limit`` takes that many slices, evenly spread.

    Raises:
        UsageError: nothing may be scored. InputError: data or table cannot be read.
    """
    if out_of_fold is not None:
        rows = _table_rows(Path(out_of_fold), read_labelled(Path(data), layout=layout), folds)
        return _evaluation(
            rows, str(out_of_fold), str(data), "unseen", "as in the table", 0, None, True, resamples, seed
        )
    slices = _chosen(read_labelled(Path(data), layout=layout), folds, limit)
    assigned = assign_networks(slices, model, allow_seen=allow_seen)
    plan = plan or MaskPlan(methods=tuple(methods))
    count = sum(len(part.slices) for part in assigned)
    start = time.perf_counter()
    rows = list(
        show_progress(score_all(assigned, plan, device, precision), count, enabled=progress, label="evaluate")
    )
    speed = count / (time.perf_counter() - start)
    calibration = "the network's temperature"
    if len({part.folder for part in assigned}) > 1:
        rows, calibration = (
            calibrate_across_folds(rows),
            "each fold with the temperature that suits the other folds",
        )
    exposures = {part.exposure for part in assigned}
    exposure = exposures.pop() if len(exposures) == 1 else "mixed"
    known = all(item.patient_known for item in slices)
    left_out = len(slices) - count
    return _evaluation(
        rows, str(model), str(data), exposure, calibration, left_out, speed, known, resamples, seed
    )


def _evaluation(
    rows: list[Row],
    model: str,
    data: str,
    exposure: str,
    calibration: str,
    left_out: int,
    speed: float | None,
    known: bool,
    resamples: int,
    seed: int,
) -> Evaluation:
    figures = card_figures(rows, resamples=resamples, seed=seed)
    raw: dict[str, Figure] = {}
    if all(f"logit_{name}" in rows[0] for name in CLASSES):
        plain = [
            {key: value for key, value in row.items() if key in _NEEDED} for row in at_temperature(rows, 1.0)
        ]
        raw = {name: card_figures(plain, resamples=resamples, seed=seed)[name] for name in ("ece", "brier")}
    groups = figures_by_group(rows, resamples=resamples, seed=seed)
    return Evaluation(
        model, data, exposure, tuple(rows), figures, raw, groups, calibration, left_out, speed, known
    )


_NEEDED = frozenset({"patient", "label", *(f"p_{name}" for name in CLASSES)})


def _chosen(slices: list[LabelledSlice], folds: Sequence[int], limit: int | None) -> list[LabelledSlice]:
    kept = _in_folds(slices, folds)
    if limit is None or limit >= len(kept):
        return kept
    return [kept[int(index * len(kept) / limit)] for index in range(limit)]


def _in_folds(slices: list[LabelledSlice], folds: Sequence[int]) -> list[LabelledSlice]:
    kept = [item for item in slices if not folds or item.fold in folds]
    if not kept:
        raise UsageError("no slice is in these folds", got=", ".join(map(str, folds)))
    return kept


def _table_rows(table: Path, slices: list[LabelledSlice], folds: Sequence[int]) -> list[Row]:
    """Rows of the table that belong to the data; InputError where a file has no row or another label."""
    by_file = {row["file"]: dict(row) for row in read_table(table)}
    rows = []
    for item in _in_folds(slices, folds):
        row = by_file.get(item.path.name)
        if row is None or row["label"] != item.label:
            raise InputError(
                "the table does not fit the data",
                expected=f"{item.path.name} as {item.label}",
                got="no row" if row is None else row["label"],
                where=str(table),
            )
        rows.append({**row, "patient": item.patient, "plane": item.plane, "fold": item.fold})
    return rows


def score_all(assigned: Sequence[Assignment], plan: MaskPlan, device: str, precision: str) -> Iterator[Row]:
    """The rows of every assignment, in order, with ``exposure`` and ``model``; networks are loaded one at a time."""
    from saliscribe.models.network import load_network

    for part in assigned:
        network = load_network(part.folder, device=device, precision=precision)
        for start in range(0, len(part.slices), BATCH):
            for row in _score_batch(part.slices[start : start + BATCH], network, plan):
                yield {**row, "exposure": part.exposure, "model": network.name}


def _score_batch(items: Sequence[LabelledSlice], network: Any, plan: MaskPlan) -> Iterator[Row]:
    from saliscribe.models.predict import predict_batch

    read = [prepare_labelled(item, network.input_size) for item in items]
    ready = [one for one, _ in read]
    said = predict_batch(network, ready)
    maps: list[Any] = [{} for _ in items]
    if plan.methods:
        from saliscribe.saliency.attribute import Picture, attribute_batch

        pictures = [
            Picture(one.network_input, one.crop, (one.grey.shape[0], one.grey.shape[1]), its.label)
            for one, its in zip(ready, said, strict=True)
        ]
        maps = attribute_batch(network.net, pictures, plan.methods)
    for item, one, its, heat, (_, truth) in zip(items, ready, said, maps, read, strict=True):
        yield score_slice(item, one, its, heat, truth, plan)
