"""The probability maps of an atlas: how much of a region is expected in each structure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.atlas import Atlas
from saliscribe.anatomy.installed_files import open_nifti
from saliscribe.core.names import Side

#: So many of the most probable structures are kept per voxel; the others are all below the third.
KEPT = 3


@dataclass(frozen=True, eq=False)
class ProbableStructures:
    """``labels`` and ``percents`` (X, Y, Z, 3), most probable first; label 0 is none. ``names`` by label."""

    labels: NDArray[np.unsignedinteger]
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
def probable_structures(atlas: Atlas) -> ProbableStructures | None:
    """The maps of ``atlas``, or ``None`` for an atlas of labels alone. Its terms hold for them too."""
    if atlas.maps is None:
        return None
    path = atlas.maps
    arrays = cached_arrays(
        "probable-structures", f"{file_sha256(path)} {KEPT} v2", lambda: most_probable(path, KEPT)
    )
    names = tuple((label.name, label.side) for label in sorted(atlas.table, key=lambda one: one.value))
    return ProbableStructures(arrays["labels"], arrays["percents"], arrays["affine"], names)


def most_probable(path: Path, kept: int) -> dict[str, NDArray]:
    """The ``kept`` highest of all maps per voxel, by inserting one map after the other.

    Maps are in percent, or in parts of 1 where no value is above 1. Of equal ones the earlier comes first.
    """
    image = open_nifti(path)
    maps = np.asarray(image.dataobj)
    scale = 100.0 if float(maps.max()) <= 1.0 else 1.0
    shape = (*maps.shape[:3], kept)
    percents = np.zeros(shape, dtype=np.uint8)
    labels = np.zeros(shape, dtype=np.uint16)
    for number in range(maps.shape[3]):  # volume by volume: the file is in Fortran order
        one = np.rint(np.clip(maps[..., number] * scale, 0, 100)).astype(np.uint8)
        where = one > percents[..., kept - 1]
        if where.any():
            new = np.concatenate([percents[where], one[where][:, None]], axis=1)
            value = np.full((len(new), 1), number + 1, dtype=np.uint16)
            both = np.concatenate([labels[where], value], axis=1)
            order = np.argsort(-new.astype(np.int16), axis=1, kind="stable")[:, :kept]
            percents[where] = np.take_along_axis(new, order, axis=1)
            labels[where] = np.take_along_axis(both, order, axis=1)
    return {"labels": labels, "percents": percents, "affine": np.asarray(image.affine, dtype=np.float64)}
