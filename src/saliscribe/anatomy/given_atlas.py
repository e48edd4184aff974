"""An atlas that the user hands in: any NIfTI label map, or file of probability maps, in MNI space with its table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.atlas import Atlas, AtlasLabel
from saliscribe.anatomy.installed_files import open_nifti
from saliscribe.anatomy.label_sides import side_in_space, split_by_side
from saliscribe.anatomy.label_table import FORMATS, LabelRow, LabelTable, plain_text, read_label_table
from saliscribe.anatomy.lobes import CORRECTED, LOBE_OF, kind_of, plain_name
from saliscribe.anatomy.probable_structures import most_probable
from saliscribe.errors import UsageError

SPACE = "MNI152NLin6Asym"
TERMS = "The atlas was handed in by the user, who knows its terms of use."
#: A voxel of probability maps belongs to its most probable structure if that has at least this probability.
LEAST_PERCENT = 25
#: Voxel sizes (mm) of an atlas of the brain, and the box in MNI mm that no label leaves by more than a voxel.
VOXEL_MM = (0.4, 5.0)
BOX_MM = ((-100.0, 100.0), (-140.0, 110.0), (-100.0, 120.0))
MOST_VALUES = 600_000_000

_GIVEN = re.compile(r"^(?P<volume>.+?\.nii(?:\.gz)?)(?::(?P<table>.+))?$", re.IGNORECASE)
#: Spaces that BIDS file names and tables state; coordinates of any MNI 152 template are taken over unchanged.
_IN_NAME = re.compile(r"(?:^|_)(?:tpl|space)-([A-Za-z0-9]+)")


def is_given(name: str) -> bool:
    """Whether ``name`` of an atlas is a file rather than a line of the table."""
    return _GIVEN.match(name) is not None


def given_files(name: str) -> tuple[Path, Path]:
    """The label map and the table that ``name`` stands for.

    Raises:
        UsageError: one of them is not there.
    """
    match = _GIVEN.match(name)
    assert match is not None
    volume = Path(match["volume"]).expanduser()
    table = Path(match["table"]).expanduser() if match["table"] else _table_beside(volume)
    for path in (volume, table):
        if not path.is_file():
            raise UsageError("no such atlas file", where=path.name, do="--atlas VOLUME.nii.gz:TABLE.csv")
    return volume, table


def load_given_atlas(name: str) -> Atlas:
    """The label map ``volume.nii[.gz]`` with the table of its name beside it, or ``volume.nii.gz:table``.

    Three dimensions: values are the indices of the table (each index + 1 for FSL's XML tables). Four: probability
    maps in percent or parts of 1, numbered from 0 or from 1 by the table; a single map with a table of several names
    is a label map.

    Raises:
        UsageError: files that cannot be read, have no geometry, do not lie in MNI space, or do not fit each other.
    """
    volume, table_path = given_files(name)
    table = read_label_table(table_path)
    image = _open(volume)
    if image.shape[3:] == (1,) and len(table.rows) > 1:
        with _damage_is_told(volume):
            image = image.slicer[..., 0]
    space = _space(volume, table)
    _check_geometry(volume, image)
    if image.ndim == 4:
        values, rows, remarks = _from_maps(volume, image, table)
    else:
        values, rows, remarks = _from_labels(volume, image, table)
    affine = np.asarray(image.affine, dtype=np.float64)
    _check_place(volume, values, affine)
    labels, entries, sided = _with_sides(volume, values, affine, rows, splitting=image.ndim == 3)
    if space != SPACE:
        remarks += (f"the atlas is in {space}: its coordinates are taken over unchanged",)
    return Atlas(
        name=plain_text(volume.name),
        space=space,
        labels=labels,
        affine=affine,
        table=entries,
        terms=TERMS,
        source="handed in by the user",
        sha256=file_sha256(volume),
        maps=volume if image.ndim == 4 else None,
        remarks=(*remarks, *sided),
    )


def _table_beside(volume: Path) -> Path:
    stem = re.sub(r"\.nii(\.gz)?$", "", volume.name, flags=re.IGNORECASE)
    found = next((path for end in FORMATS if (path := volume.with_name(stem + end)).is_file()), None)
    if found is None:
        raise UsageError(
            "the atlas has no label table",
            where=volume.name,
            expected=f"{stem}.csv, .tsv, .json, .xml, .txt or .lut beside it",
            do="name it: --atlas VOLUME.nii.gz:TABLE.csv",
        )
    return found


def _open(volume: Path) -> Any:
    try:
        image = open_nifti(volume)
    except Exception as error:  # nibabel raises many kinds for a damaged file
        raise UsageError("the atlas is no NIfTI file", where=volume.name, got=type(error).__name__) from None
    if image.ndim not in (3, 4) or min(image.shape) < 1 or int(np.prod(image.shape)) > MOST_VALUES:
        shape = " x ".join(map(str, image.shape))
        raise UsageError(
            "the atlas has no usable shape",
            where=volume.name,
            expected=f"3 dimensions (labels) or 4 (probability maps), at most {MOST_VALUES:,} values",
            got=shape,
        )
    if image.get_data_dtype().kind not in "biuf":
        raise UsageError(
            "the atlas holds no plain numbers",
            where=volume.name,
            expected="labels or probabilities",
            got=str(image.get_data_dtype()),
        )
    return image


@contextmanager
def _damage_is_told(volume: Path) -> Iterator[None]:
    """The header may be whole where the voxels are not."""
    try:
        yield
    except Exception as error:  # gzip, zlib and nibabel raise many kinds
        raise UsageError("the atlas file is damaged", where=volume.name, got=type(error).__name__) from None


def _space(volume: Path, table: LabelTable) -> str:
    """The space that the table or a BIDS file name states, else the one that is assumed."""
    named = _IN_NAME.search(volume.name)
    space = table.space or (named[1] if named else SPACE)
    if not space.upper().startswith("MNI"):
        raise UsageError("the atlas is not in MNI space", where=volume.name, expected=SPACE, got=space)
    return space


def _check_geometry(volume: Path, image: Any) -> None:
    affine = np.asarray(image.affine, dtype=np.float64)
    stated = int(image.header.get("sform_code", 1)) > 0 or int(image.header.get("qform_code", 0)) > 0
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    sound = np.isfinite(affine).all() and abs(np.linalg.det(affine[:3, :3])) > 1e-6
    if not stated or not sound or sizes.min() < VOXEL_MM[0] or sizes.max() > VOXEL_MM[1]:
        got = (
            "neither qform nor sform" if not stated else "voxels of " + " x ".join(f"{s:.3g}" for s in sizes)
        )
        raise UsageError(
            "the geometry of the atlas cannot be that of MNI space",
            where=volume.name,
            expected=f"an affine to MNI mm with voxels of {VOXEL_MM[0]} to {VOXEL_MM[1]:.0f} mm",
            got=got,
        )


def _check_place(volume: Path, values: NDArray, affine: NDArray[np.float64]) -> None:
    """Labels that leave the head are in another space."""
    voxels = np.argwhere(values > 0)
    places = voxels @ affine[:3, :3].T + affine[:3, 3] if len(voxels) else np.zeros((0, 3))
    low, high = (np.array([side[end] for side in BOX_MM]) for end in (0, 1))
    if len(places) and (places >= low).all() and (places <= high).all():
        return
    spans = (
        ", ".join(
            f"{axis} {lowest:.0f} to {highest:.0f}"
            for axis, lowest, highest in zip("xyz", places.min(axis=0), places.max(axis=0), strict=True)
        )
        if len(places)
        else "no named label in the volume"
    )
    raise UsageError(
        "the labels do not lie where a brain lies in MNI space",
        where=volume.name,
        expected=", ".join(
            f"{axis} {lo:.0f} to {hi:.0f}" for axis, (lo, hi) in zip("xyz", BOX_MM, strict=True)
        ),
        got=spans,
    )


def _from_labels(
    volume: Path, image: Any, table: LabelTable
) -> tuple[NDArray[np.uint16], tuple[LabelRow, ...], tuple[str, ...]]:
    """Values 1, 2, ... in the order of the rows that occur; 0 for voxels without a named label."""
    with _damage_is_told(volume):
        given = np.asarray(image.dataobj)
    whole = np.rint(np.nan_to_num(given))
    if float(np.abs(whole - np.nan_to_num(given)).max(initial=0.0)) > 1e-3:
        raise UsageError(
            "the label map holds fractions", where=volume.name, expected="whole numbers (nearest neighbour)"
        )
    shift = 1 if table.from_zero else 0
    present, inverse = np.unique(whole.astype(np.int64), return_inverse=True)
    by_index = {row.index + shift: row for row in table.rows if row.index + shift != 0}
    rows = tuple(by_index[int(value)] for value in present if int(value) in by_index)
    number = {value: place for place, value in enumerate((v for v in present if int(v) in by_index), start=1)}
    lookup = np.array([number.get(value, 0) for value in present], dtype=np.uint16)
    unnamed = [int(value) for value in present if value != 0 and int(value) not in by_index]
    absent = [row.index for value, row in by_index.items() if value not in set(present.tolist())]
    return lookup[inverse].reshape(whole.shape), rows, _remarks(unnamed, absent)


def _from_maps(
    volume: Path, image: Any, table: LabelTable
) -> tuple[NDArray[np.uint16], tuple[LabelRow, ...], tuple[str, ...]]:
    """The most probable structure per voxel; every map must have its row, so that no name is guessed."""
    count = image.shape[3]
    indices = [row.index for row in table.rows]
    if indices not in (list(range(count)), list(range(1, count + 1))):
        raise UsageError(
            "the label table does not fit the probability maps",
            where=volume.name,
            expected=f"{count} named rows, numbered 0 to {count - 1} or 1 to {count}",
            got=f"{len(indices)} rows, {indices[0]} to {indices[-1]}",
        )
    key = f"{file_sha256(volume)} {LEAST_PERCENT} v1"
    with _damage_is_told(volume):
        arrays = cached_arrays("given-maps", key, lambda: most_probable(volume, 1))
    labels = np.where(arrays["percents"][..., 0] >= LEAST_PERCENT, arrays["labels"][..., 0], 0)
    found = set(np.unique(labels).tolist())
    absent = [row.index for value, row in enumerate(table.rows, start=1) if value not in found]
    return labels.astype(np.uint16), table.rows, _remarks([], absent)


def _remarks(unnamed: list[int], absent: list[int]) -> tuple[str, ...]:
    remarks = []
    if unnamed:
        remarks.append(f"labels without a name, taken as no structure: {_listed(unnamed)}")
    if absent:
        remarks.append(f"names without a voxel: {_listed(absent)}")
    return tuple(remarks)


def _listed(numbers: list[int]) -> str:
    more = f" and {len(numbers) - 12} more" if len(numbers) > 12 else ""
    return ", ".join(map(str, numbers[:12])) + more


def _with_sides(
    volume: Path,
    values: NDArray[np.uint16],
    affine: NDArray[np.float64],
    rows: tuple[LabelRow, ...],
    splitting: bool,
) -> tuple[NDArray[np.unsignedinteger], tuple[AtlasLabel, ...], tuple[str, ...]]:
    """Sides from the table, else from where the label lies; a label of both halves becomes two."""
    seen = side_in_space(values, affine, len(rows))
    against = [
        row.index
        for row, place in zip(rows, seen, strict=True)
        if row.side in ("left", "right") and place in ("left", "right") and row.side != place
    ]
    if against:
        raise UsageError(
            "the label table calls left what lies right in the map, or the reverse",
            where=volume.name,
            expected="x rising to the right of the patient (RAS+)",
            got=f"{len(against)} of {len(rows)} labels on the other side: {_listed(against)}",
        )
    halves = [
        splitting and row.side is None and place == "both halves"
        for row, place in zip(rows, seen, strict=True)
    ]
    labels, right_of = split_by_side(values, affine, np.array([False, *halves]))
    entries = []
    for value, (row, place) in enumerate(zip(rows, seen, strict=True), start=1):
        if value in right_of:
            entries += [_entry(value, row, "left"), _entry(right_of[value], row, "right")]
        else:
            known = place if place in ("left", "right") else "not_assessed"
            entries.append(_entry(value, row, row.side or known))
    unsided = sum(entry.side == "not_assessed" for entry in entries)
    remark = f"{unsided} of {len(entries)} labels lie on both sides and get no side"
    return labels, tuple(entries), (remark,) if unsided else ()


def _entry(value: int, row: LabelRow, side: Any) -> AtlasLabel:
    name = plain_name(row.name)
    name = CORRECTED.get(name, name)
    return AtlasLabel(value, name, side, kind_of(name), LOBE_OF.get(name), row.index, row.parent)
