"""Every slice of a volume through the network, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Plane, TumourClass
from saliscribe.core.records.mask import Mask
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.slices import put_slice, slice_count, take_slice
from saliscribe.core.volume import Volume
from saliscribe.pipeline.components import Components

#: A slice is looked at when its brain region covers at least this share of it.
SMALLEST_BRAIN_SHARE = 0.02
BATCH = 8

#: Called with (stage in words, done, total) as the work goes on.
OnProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Look:
    """What the network said about one slice; ``mask`` only from a network without a segmentation head."""

    index: int
    brain_px: int
    label: TumourClass | None = None
    chance: float | None = None
    highest_tumour_probability: float | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Looked:
    """``probability`` (I, J, K) float32; without a segmentation head it holds the single-slice masks, 0 and 1."""

    looks: tuple[Look, ...]
    probability: NDArray[np.float32]
    with_head: bool


def look_at_slices(
    volume: Volume, plane: Plane, parts: Components, on_progress: OnProgress | None = None
) -> Looked:
    """Predict every slice of ``plane`` that shows a brain; the others are ``Look`` records without a label."""
    count = slice_count(volume, plane)
    probability = np.zeros(volume.data.shape[1:], np.float32)
    looks: dict[int, Look] = {}
    with_head = True
    for batch in _batches(_prepared(volume, plane, count, parts, looks)):
        predictions = parts.predict_batch([prepared for _, prepared in batch])
        for (index, prepared), prediction in zip(batch, predictions, strict=True):
            looks[index] = _look(index, prepared, prediction)
            picture = prediction.tumour_probability
            if picture is None:
                with_head = False
                picture = _own_mask(prepared, prediction, parts).pixels.astype(np.float32)
            put_slice(probability, volume.affine, plane, index, picture)
        if on_progress:
            on_progress("slices", batch[-1][0] + 1, count)
    return Looked(tuple(looks[index] for index in range(count)), probability, with_head)


def _prepared(
    volume: Volume, plane: Plane, count: int, parts: Components, looks: dict[int, Look]
) -> Iterator[tuple[int, Prepared]]:
    """The slices that show a brain, prepared; those that do not are noted in ``looks``."""
    for index in range(count):
        image = take_slice(volume, plane, index)
        if float(np.ptp(image.data)) == 0.0:
            looks[index] = Look(index, 0)
            continue
        prepared = parts.prepare(image)
        brain_px = int(prepared.brain.sum())
        if brain_px < SMALLEST_BRAIN_SHARE * prepared.brain.size:
            looks[index] = Look(index, brain_px)
            continue
        yield index, prepared


def _batches(slices: Iterator[tuple[int, Prepared]]) -> Iterator[list[tuple[int, Prepared]]]:
    batch: list[tuple[int, Prepared]] = []
    for one in slices:
        batch.append(one)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _look(index: int, prepared: Prepared, prediction: Prediction) -> Look:
    tumour = prediction.tumour_probability
    return Look(
        index,
        int(prepared.brain.sum()),
        prediction.label,
        float(prediction.probabilities[prediction.label]),
        None if tumour is None else float(tumour.max()),
        prepared.warnings,
    )


def _own_mask(prepared: Prepared, prediction: Prediction, parts: Components) -> Mask:
    masks = parts.make_mask(prepared, prediction, parts.attribute(prepared, prediction.label))
    return masks[parts.choose_mask(masks)]
