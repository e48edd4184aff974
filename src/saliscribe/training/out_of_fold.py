"""What a network says about patients it has not seen: one row a slice, the raw material of every figure."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from saliscribe.core.names import CLASSES, Plane, TumourClass
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.masking.make_mask import mask_from_probability
from saliscribe.metrics.overlap import dice, iou
from saliscribe.metrics.recalibrate import best_temperature, calibrate_across_folds
from saliscribe.models.network import Network
from saliscribe.models.predict import predict_batch
from saliscribe.preprocess.prepare_labelled import prepare_labelled

#: Slices in one forward pass.
BATCH = 16


class Row(BaseModel):
    """One slice: raw logits in the order of ``CLASSES``, and the overlap of the segmentation head's mask.

    ``dice`` and ``iou`` are ``None`` where there is no true mask or no segmentation head; areas are in pixels;
    ``firmness`` is the mean tumour probability inside the mask, ``None`` where that is empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    patient: str
    fold: int | None
    plane: Plane | None
    label: TumourClass
    logit_glioma: float
    logit_meningioma: float
    logit_pituitary: float
    p_glioma: float
    p_meningioma: float
    p_pituitary: float
    dice: float | None
    iou: float | None
    true_area_px: int | None
    predicted_area_px: int | None
    firmness: float | None = None


def score_slices(network: Network, slices: Sequence[LabelledSlice]) -> list[Row]:
    """One row for each slice, in order; probabilities with the network's own temperature."""
    rows: list[Row] = []
    for start in range(0, len(slices), BATCH):
        items = slices[start : start + BATCH]
        ready = [prepare_labelled(item, network.input_size) for item in items]
        said = predict_batch(network, [one for one, _ in ready])
        for item, (one, truth), its in zip(items, ready, said, strict=True):
            rows.append(_row(item, one, its, truth))
    return rows


def _row(item: LabelledSlice, prepared: Prepared, said: Prediction, truth: NDArray[np.bool_] | None) -> Row:
    overlap: tuple[float, float] | None = None
    true_area = predicted_area = firm = None
    if said.tumour_probability is not None:
        found = mask_from_probability(said.tumour_probability, prepared.brain)
        mask, predicted_area, firm = found.pixels, found.area_px, found.firmness
        if truth is not None:
            overlap = dice(mask, truth), iou(mask, truth)
    if truth is not None:
        true_area = int(truth.sum())
    return Row(
        file=item.path.name,
        patient=item.patient,
        fold=item.fold,
        plane=item.plane,
        label=item.label,
        **{f"logit_{name}": round(value, 5) for name, value in zip(CLASSES, said.logits, strict=True)},
        **{f"p_{name}": round(said.probabilities[name], 6) for name in CLASSES},
        dice=None if overlap is None else overlap[0],
        iou=None if overlap is None else overlap[1],
        true_area_px=true_area,
        predicted_area_px=predicted_area,
        firmness=firm,
    )


def temperature_of(rows: Sequence[Row]) -> float:
    """The temperature that suits these rows best; they must be of patients that the network had not seen."""
    return best_temperature([row.model_dump() for row in rows])


def calibrate_rows(rows: Sequence[Row]) -> list[Row]:
    """Probabilities of each fold at the temperature that suits the rows of all other folds."""
    return [Row.model_validate(row) for row in calibrate_across_folds([row.model_dump() for row in rows])]


def write_rows(rows: Sequence[Row], path: Path) -> None:
    """Rows as CSV; an unknown value is an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(Row.model_fields))
        writer.writeheader()
        for row in rows:
            writer.writerow({key: _cell(value) for key, value in row.model_dump().items()})


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of a file that ``write_rows`` wrote; raises pydantic's ValidationError for any other."""
    with path.open(newline="", encoding="utf-8") as stream:
        for record in csv.DictReader(stream):
            yield Row.model_validate({key: value if value != "" else None for key, value in record.items()})


def _cell(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value
