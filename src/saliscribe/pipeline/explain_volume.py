"""The main job for a volume: every slice predicted, the one that shows most explained in full."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import Plane, TumourClass
from saliscribe.core.slices import best_plane, put_slice, slice_count, take_slice
from saliscribe.core.volume import Volume
from saliscribe.errors import InputError
from saliscribe.pipeline.components import Components
from saliscribe.pipeline.explain import Explained, explain_slice
from saliscribe.pipeline.stopwatch import Stopwatch

#: A slice is looked at when its brain region covers at least this share of it.
SMALLEST_BRAIN_SHARE = 0.02


@dataclass(frozen=True)
class SliceRow:
    """One line of ``slices.csv``: what the network said about one slice; ``None`` where it was not asked."""

    index: int
    brain_px: int
    label: TumourClass | None = None
    probability: float | None = None
    mask_px: int | None = None
    highest_tumour_probability: float | None = None


@dataclass(frozen=True)
class ExplainedVolume:
    """The joined result: ``probability`` and ``mask`` lie on the grid of ``volume``, ``key`` explains one slice."""

    volume: Volume
    plane: Plane
    key_index: int
    key: Explained
    rows: tuple[SliceRow, ...]
    mask: NDArray[np.uint8]
    probability: NDArray[np.float32] | None


def explain_volume(volume: Volume, parts: Components, watch: Stopwatch | None = None) -> ExplainedVolume:
    """Predict slice by slice across the plane of acquisition, then explain the slice with the largest region.

    Slices without brain are not shown to the network. Where no slice has a delineated region, the slice with the
    largest brain region is explained, and its findings say that nothing was delineated.

    Raises:
        InputError: no slice shows a brain.
    """
    clock = watch or Stopwatch()
    plane = best_plane(volume)
    shape = volume.data.shape[1:]
    mask = np.zeros(shape, np.uint8)
    probability = np.zeros(shape, np.float32)
    rows = []
    with_head = True
    with clock("slices"):
        for index in range(slice_count(volume, plane)):
            row, pixels, chance = _look_at(volume, plane, index, parts)
            rows.append(row)
            if pixels is not None:
                put_slice(mask, volume.affine, plane, index, pixels)
                with_head = with_head and chance is not None
            if chance is not None:
                put_slice(probability, volume.affine, plane, index, chance)
    key_index = _key_slice(rows, volume)
    key_image = take_slice(volume, plane, key_index)
    key = explain_slice(key_image, parts, clock, position=(key_index + 1, len(rows)))
    return ExplainedVolume(
        volume, plane, key_index, key, tuple(rows), mask, probability if with_head else None
    )


def _look_at(
    volume: Volume, plane: Plane, index: int, parts: Components
) -> tuple[SliceRow, NDArray[np.bool_] | None, NDArray[np.float32] | None]:
    image = take_slice(volume, plane, index)
    if float(np.ptp(image.data)) == 0.0:
        return SliceRow(index, 0), None, None
    prepared = parts.prepare(image)
    brain_px = int(prepared.brain.sum())
    if brain_px < SMALLEST_BRAIN_SHARE * prepared.brain.size:
        return SliceRow(index, brain_px), None, None
    prediction = parts.predict(prepared)
    chance = prediction.tumour_probability
    maps = {} if chance is not None else parts.attribute(prepared, prediction.label)
    masks = parts.make_mask(prepared, prediction, maps)
    pixels = masks[parts.choose_mask(masks)].pixels
    row = SliceRow(
        index,
        brain_px,
        prediction.label,
        float(prediction.probabilities[prediction.label]),
        int(pixels.sum()),
        None if chance is None else float(chance.max()),
    )
    return row, pixels, chance


def _key_slice(rows: list[SliceRow], volume: Volume) -> int:
    seen = [row for row in rows if row.label is not None]
    if not seen:
        raise InputError(
            "no slice of this volume shows a brain",
            where=volume.source.path,
            expected="a contrast-enhanced T1 image of a head",
            got=f"{len(rows)} slices without a brain region",
        )
    return max(seen, key=lambda row: (row.mask_px or 0, row.brain_px)).index
