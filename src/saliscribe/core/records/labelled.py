"""One slice of a labelled data set: the picture, its class, whose it is, and where its tumour mask lies."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from saliscribe.core.names import Plane, TumourClass


@dataclass(frozen=True)
class LabelledSlice:
    """A labelled picture. ``patient`` groups slices for splits and statistics.

    Where the data set does not say whose slice it is, ``patient`` is unique to the file and
    ``patient_known`` is False: a split by "patient" is then only a split by slice. ``mask_path`` is a mask
    picture on the same grid, or the ``.mat`` file itself, or ``None`` (no truth for the tumour's extent).
    ``spacing_mm`` is the published in-plane pixel side on this grid where it is known. ``split`` is the
    data set's own "train"/"test" where it has one.
    """

    path: Path
    label: TumourClass
    patient: str
    fold: int | None = None
    plane: Plane | None = None
    mask_path: Path | None = None
    study: str | None = None
    patient_known: bool = True
    spacing_mm: float | None = None
    split: str | None = None
