"""The main job for a volume: slices predicted and joined, placed in the template, one of them explained."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.localise_volume import SliceFrame, brain_of, find_lesions, localise_in_volume
from saliscribe.anatomy.register_volume import is_doubtful, register_volume
from saliscribe.core.names import CamMethod, Plane, TumourClass
from saliscribe.core.records.lesion import Lesion
from saliscribe.core.records.localisation import Localisation
from saliscribe.core.records.mask import Mask, SweepStep
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.records.volume_facts import VolumeFact
from saliscribe.core.records.volume_placement import VolumePlacement
from saliscribe.core.slices import best_plane, index_axes, read_slice, take_slice
from saliscribe.core.volume import Volume, has_gaps
from saliscribe.errors import InputError
from saliscribe.findings.volume_fact import volume_fact
from saliscribe.masking.settings import DEFAULT_MASK_SETTINGS
from saliscribe.pipeline.components import Components, Masks
from saliscribe.pipeline.explain import Explained
from saliscribe.pipeline.join_slices import join_slices, mask_at
from saliscribe.pipeline.look_at_slices import Look, Looked, OnProgress, look_at_slices
from saliscribe.pipeline.missing_slices import MissingSlices, missing_slices
from saliscribe.pipeline.stopwatch import Stopwatch
from saliscribe.pipeline.volume_evidence import volume_evidence
from saliscribe.pipeline.volume_heat import volume_heat

#: How the mask of a volume came to be.
JOINED = "joined over slices"
BESIDE_A_GAP = "the region touches missing slices: what it is like there was not seen"


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
    """The joined result; every array lies on the grid of ``volume``.

    ``key`` explains one slice. ``heat`` is (method, raw activation) for the class of that slice. ``probability`` is
    ``None`` for a network without a segmentation head, ``brain`` where nothing fitted.
    """

    volume: Volume
    plane: Plane
    key_index: int
    key: Explained
    rows: tuple[SliceRow, ...]
    mask: NDArray[np.uint8]
    probability: NDArray[np.float32] | None
    brain: NDArray[np.uint8] | None
    placement: VolumePlacement
    lesions: tuple[Lesion, ...]
    fact: VolumeFact
    heat: tuple[CamMethod, NDArray[np.float32]] | None

    @property
    def slices_with_region(self) -> list[int]:
        """Indices of the slices that the mask touches, in array order."""
        return [row.index for row in self.rows if row.mask_px]


def explain_volume(
    volume: Volume, parts: Components, watch: Stopwatch | None = None, on_progress: OnProgress | None = None
) -> ExplainedVolume:
    """Predict slice by slice across the plane of acquisition, join, register, list the regions, explain one slice.

    The slice with the largest part of the joined region is the one that is shown; where nothing was delineated, the
    slice with the largest brain region, and its findings say so. Slices without brain are not shown to the network.

    Raises:
        InputError: no slice shows a brain. MissingError: the atlas is not on this machine.
    """
    clock = watch or Stopwatch()
    tell = on_progress or (lambda stage, done, total: None)
    plane = best_plane(volume)
    with clock("slices"):
        looked = look_at_slices(volume, plane, parts, tell)
    if all(look.label is None for look in looked.looks):
        raise _no_brain(volume, len(looked.looks))
    axis = 2 if volume.affine is None else index_axes(volume.affine, plane)[2]
    with clock("join"):
        missing = missing_slices(volume.data[0])
        joined = _joined(volume, looked, axis, missing)
    tell("registration", 0, 1)
    with clock("register"):
        placement = register_volume(volume, joined >= DEFAULT_MASK_SETTINGS.threshold)
        brain = None if placement.affine is None else brain_of(placement, _grid(volume))
    tell("registration", 1, 1)
    with clock("join"):
        mask = mask_at(joined, DEFAULT_MASK_SETTINGS.threshold, brain, axis)
    with clock("localise"):
        placement = _lowered_by_gaps(placement, volume, mask, missing)
        lesions = find_lesions(mask, placement, parts.settings.atlas)
    key_index = _key_slice(looked.looks, mask, axis)
    distance = _slice_mm(volume, placement, axis)
    evidence = volume_evidence(volume, looked.looks, mask, lesions, brain, axis, key_index, distance, missing)
    fact = volume_fact(volume, plane, placement, lesions, evidence, axis, len(missing.indices))
    joint = _Joint(volume, plane, axis, joined, looked.with_head, mask, brain, placement, fact)
    key = _explain_key(joint, key_index, parts, clock)
    rows = _rows(looked.looks, mask, axis)
    with clock("attribute"):
        touched = [row.index for row in rows if row.mask_px]
        heat = volume_heat(volume, plane, touched, key.prediction.label, parts)
    return ExplainedVolume(
        volume,
        plane,
        key_index,
        key,
        rows,
        mask.astype(np.uint8),
        looked.probability if looked.with_head else None,
        None if brain is None else brain.astype(np.uint8),
        placement,
        lesions,
        fact,
        heat,
    )


def _joined(volume: Volume, looked: Looked, axis: int, missing: MissingSlices) -> NDArray[np.float32]:
    """Masks of heat maps are kept as they are; only probabilities can be averaged. What a slice alone shows counts no
    more beside a missing one than elsewhere, so its neighbours are the nearest that were seen."""
    seen = missing.held(looked.probability)
    if not looked.with_head:
        return missing.spread(seen)
    thickness = None if volume.spacing_mm is None else volume.spacing_mm[axis]
    return missing.spread(join_slices(seen, axis, thickness))


def _lowered_by_gaps(
    placement: VolumePlacement, volume: Volume, mask: NDArray[np.bool_], missing: MissingSlices
) -> VolumePlacement:
    """Grade B at best where the region touches a slice that nobody has seen, or may do so."""
    near = missing.beside(mask.shape) if missing.indices else has_gaps(volume)
    guessed = bool((mask & near).any())
    if placement.grade != "A" or not guessed:
        return placement
    return replace(placement, grade="B", notes=(*placement.notes, BESIDE_A_GAP))


def _slice_mm(volume: Volume, placement: VolumePlacement, axis: int) -> float | None:
    """Distance between slices, from the match where the header's cannot be true; ``None`` where nobody knows."""
    if is_doubtful(volume):
        return None if placement.estimated_mm is None else placement.estimated_mm[axis]
    return None if volume.spacing_mm is None else volume.spacing_mm[axis]


def _key_slice(looks: tuple[Look, ...], mask: NDArray[np.bool_], axis: int) -> int:
    """The largest slice of the class that most of the region is called, if it has half the area of the largest."""
    areas = _areas(mask, axis)
    seen = [look for look in looks if look.label is not None]
    votes: dict[TumourClass | None, int] = {}
    for look in seen:
        votes[look.label] = votes.get(look.label, 0) + int(areas[look.index])
    chosen = max(votes, key=lambda label: votes[label])
    candidates = [look for look in seen if 2 * areas[look.index] >= areas.max()]
    return max(candidates, key=lambda look: (look.label == chosen, areas[look.index], look.brain_px)).index


def _grid(volume: Volume) -> tuple[int, int, int]:
    _, i, j, k = volume.data.shape
    return i, j, k


def _areas(mask: NDArray[np.bool_], axis: int) -> NDArray[np.intp]:
    return np.asarray(np.moveaxis(mask, axis, 0).reshape(mask.shape[axis], -1).sum(axis=1))


def _rows(looks: tuple[Look, ...], mask: NDArray[np.bool_], axis: int) -> tuple[SliceRow, ...]:
    areas = _areas(mask, axis)
    return tuple(
        SliceRow(
            look.index,
            look.brain_px,
            look.label,
            look.chance,
            None if look.label is None else int(areas[look.index]),
            look.highest_tumour_probability,
        )
        for look in looks
    )


def _explain_key(joint: _Joint, index: int, parts: Components, clock: Stopwatch) -> Explained:
    """The line of a lone slice for the one that is shown, with mask, brain and place of the whole volume."""
    image = take_slice(joint.volume, joint.plane, index)
    with clock("prepare"):
        prepared = joint.with_brain(parts.prepare(image), index)
    with clock("predict"):
        prediction = parts.predict(prepared)
    with clock("attribute"):
        maps = parts.attribute(prepared, prediction.label)
    with clock("make_mask"):
        masks = joint.with_joined_mask(parts.make_mask(prepared, prediction, maps), index)
        mask_source = parts.choose_mask(masks)
    with clock("localise"):
        localisation = joint.localised(image, index, parts) or parts.localise(
            image, prepared, masks[mask_source]
        )
    with clock("summarise"):
        position = (index + 1, joint.mask.shape[joint.axis])
        findings = parts.summarise(
            image, prepared, prediction, maps, masks, mask_source, localisation, position, joint.fact
        )
    with clock("write_report"):
        drafted = parts.write_report(findings)
    with clock("verify"):
        report, audit, writing = parts.verify(drafted, findings)
    return Explained(
        image, prepared, prediction, maps, masks, mask_source, localisation, findings, report, audit,
        clock.seconds, writing,
    )  # fmt: skip


@dataclass(frozen=True)
class _Joint:
    """What the slices of one volume share."""

    volume: Volume
    plane: Plane
    axis: int
    joined: NDArray[np.float32]
    with_head: bool
    mask: NDArray[np.bool_]
    brain: NDArray[np.bool_] | None
    placement: VolumePlacement
    fact: VolumeFact

    def cut(self, array: NDArray[np.bool_], index: int) -> NDArray[np.bool_]:
        """Slice ``index`` of an array on the grid of the volume, as the picture shows it."""
        return read_slice(array, self.volume.affine, self.plane, index)

    def with_brain(self, prepared: Prepared, index: int) -> Prepared:
        """The brain of the registration in place of the rough one of a lone slice."""
        region = None if self.brain is None else self.cut(self.brain, index)
        return prepared if region is None or not region.any() else replace(prepared, brain=region)

    def with_joined_mask(self, masks: Masks, index: int) -> Masks:
        """The cut of the joined mask in place of the slice's own; masks of heat maps stay as they are."""
        if not self.with_head:
            return masks
        own: Mask = masks["segmentation_head"]
        sweep = tuple(
            SweepStep(step, self.cut(mask_at(self.joined, step, self.brain, self.axis), index))
            for step in DEFAULT_MASK_SETTINGS.sweep_thresholds
        )
        pixels = self.cut(self.mask, index)
        return {**masks, "segmentation_head": replace(own, pixels=pixels, sweep=sweep, criterion=JOINED)}

    def localised(self, image: Volume, index: int, parts: Components) -> Localisation | None:
        """The place of the whole region, or ``None`` where the volume was not placed."""
        if self.volume.affine is None or image.affine is None or self.placement.affine is None:
            return None
        shape = (image.data.shape[1], image.data.shape[2])
        frame = SliceFrame(self.plane, shape, np.linalg.inv(self.volume.affine) @ image.affine)
        return localise_in_volume(self.mask, frame, self.placement, parts.settings.atlas)


def _no_brain(volume: Volume, count: int) -> InputError:
    return InputError(
        "no slice of this volume shows a brain",
        where=volume.source.path,
        expected="a contrast-enhanced T1 image of a head",
        got=f"{count} slices without a brain region",
    )
