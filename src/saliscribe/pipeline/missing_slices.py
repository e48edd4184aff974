"""Slices that a volume does not hold, between those that it does: nobody looked there, which is not "no tumour"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class MissingSlices:
    """``indices`` (from 0) along the array axis ``axis``; none where nothing is missing."""

    axis: int
    indices: tuple[int, ...]

    def where(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """True in every voxel (I, J, K) of a missing slice."""
        out = np.zeros(shape, dtype=bool)
        np.moveaxis(out, self.axis, 0)[list(self.indices)] = True
        return out

    def beside(self, shape: tuple[int, ...]) -> NDArray[np.bool_]:
        """True in every voxel (I, J, K) of a missing slice and of its two neighbours."""
        out = self.where(shape)
        slices = np.moveaxis(out, self.axis, 0)
        for index in self.indices:
            slices[index - 1 : index + 2] = True
        return out

    def held(self, probability: NDArray[np.float32]) -> NDArray[np.float32]:
        """``probability`` (I, J, K) without the missing slices, so that those on either side are neighbours."""
        return np.delete(probability, self.indices, axis=self.axis) if self.indices else probability

    def spread(self, held: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inverse of ``held``: each missing slice is interpolated between the nearest ones on either side."""
        if not self.indices:
            return held
        count = held.shape[self.axis] + len(self.indices)
        known = np.setdiff1d(np.arange(count), self.indices)
        at = np.interp(np.arange(count), known, np.arange(len(known)))
        low = np.floor(at).astype(int)
        share = (at - low).astype(np.float32).reshape([-1 if axis == self.axis else 1 for axis in range(3)])
        below = np.take(held, low, axis=self.axis)
        above = np.take(held, np.minimum(low + 1, len(known) - 1), axis=self.axis)
        return np.asarray((1 - share) * below + share * above, np.float32)


NONE_MISSING = MissingSlices(2, ())


def missing_slices(grey: NDArray[np.float32]) -> MissingSlices:
    """Where ``grey`` (I, J, K) holds one value in a whole slice between slices that hold a picture.

    So a reader leaves what a DICOM series lacks, and converters do the same. All are along one axis, the last that
    has any: the one along which slices are stacked.
    """
    for axis in (2, 1, 0):
        across = tuple(other for other in range(3) if other != axis)
        blank = np.ptp(grey, axis=across) == 0.0
        pictures = np.flatnonzero(~blank)
        inner = np.flatnonzero(blank)
        if len(pictures):
            inner = inner[(inner > pictures[0]) & (inner < pictures[-1])]
        if len(pictures) and len(inner):
            return MissingSlices(axis, tuple(int(index) for index in inner))
    return NONE_MISSING
