"""Image files -> inputs: the DICOM slices that make one volume become one input, everything else stays a file."""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.axes import plane_of
from saliscribe.errors import InputError
from saliscribe.io.dicom import DECODER
from saliscribe.io.dicom_geometry import frame_affine
from saliscribe.io.dicom_series import DESCRIBER
from saliscribe.io.dicom_stack import levels_of
from saliscribe.io.inputs import is_dicom
from saliscribe.io.isolation import decode_isolated

#: What tells images at the same place apart, tried in this order, with its word.
_DIFFERENCES = {
    "echo": "echo",
    "echo_time": "echo time",
    "time_point": "time point",
    "inversion_time": "inversion time",
    "b_value": "b-value",
    "kind": "image type",
    "acquisition": "acquisition",
}
#: More images than this at each place are a time series or diffusion, and not told apart.
_MOST_PARTS = 12
#: Fewer slices, or slices farther apart than this (mm), show no tumour in two neighbours: they are no volume.
_FEWEST_SLICES, _FARTHEST_MM = 5, 15.0
_TALLEST_MM = 600.0
#: A folder named by a DICOM identifier: digits and dots.
_IDENTIFIER = re.compile(r"^\d+(\.\d+){4,}$")


@dataclass(frozen=True)
class ImageInput:
    """One thing to read: the file ``path``, or, under the name ``path``, the ``files`` of a DICOM series."""

    path: Path
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class GroupedInputs:
    """Inputs in the order of their first files, and one line for each thing to say about the grouping."""

    inputs: tuple[ImageInput, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Slice:
    path: Path
    facts: dict[str, Any]
    affine: NDArray[np.float64]


@dataclass(frozen=True)
class _Series:
    slices: tuple[_Slice, ...]
    difference: str = ""

    @property
    def home(self) -> Path:
        """The folder that holds all files, not counting folders named by identifiers."""
        folder = Path(os.path.commonpath([one.path.parent for one in self.slices]))
        while _IDENTIFIER.match(folder.name):
            folder = folder.parent
        return folder

    @property
    def levels(self) -> dict[float, list[_Slice]]:
        """The slices at each place, by its depth (mm) along their normal, in rising order."""
        affines = np.stack([one.affine for one in self.slices])
        depths = affines[:, :3, 3] @ (affines[0][:3, 2] / np.linalg.norm(affines[0][:3, 2]))
        together: dict[int, list[int]] = defaultdict(list)
        for number, level in enumerate(levels_of(depths)):
            together[level].append(number)
        return {
            float(depths[together[level][0]]): [self.slices[number] for number in together[level]]
            for level in sorted(together)
        }

    @property
    def is_volume(self) -> bool:
        """Slices enough, and near enough to each other, for what one shows to go on in the next."""
        depths = list(self.levels)
        if len(depths) < _FEWEST_SLICES:
            return False
        taller_than_a_head = depths[-1] - depths[0] > _TALLEST_MM  # the distance is not to be believed, then
        return bool(taller_than_a_head or min(np.diff(depths)) <= _FARTHEST_MM)

    @property
    def summary(self) -> str:
        first = self.slices[0]
        size = f"{first.facts['rows']} x {first.facts['columns']}"
        told = f", by {self.difference}" if self.difference else ""
        return f"{len(self.slices)} {plane_of(first.affine)} slices of {size}{told}"


def group_series(paths: Iterable[Path]) -> GroupedInputs:
    """Put DICOM files together by series, direction, size and pixel size, and, where several images lie at one place,
    by echo, time point and the like.

    A lone DICOM file, a multi-frame one, and one whose header says no series or no place stay files, and so do slices
    too few or too far apart for a volume, less the copies among them. A volume is named after its folder, or
    ``series-1``, ``series-2`` ... in it where there are several; never after its header.
    """
    files = list(paths)
    slices, unplaced = _described(files)
    series = [part for group in _alike(slices) for part in _told_apart(_Series(tuple(group)))]
    several = [one for one in series if len(one.slices) > 1]
    named, notes = _named([one for one in several if one.is_volume])
    member = {file: one for one in named for file in one.files}
    copies: set[Path] = set()
    for one in several:
        if not one.is_volume:
            again = _copies(one)
            copies |= again
            notes.append(_loose(one, len(again)))
    inputs = dict.fromkeys(member.get(file) or ImageInput(file) for file in files if file not in copies)
    if unplaced:
        notes.append(f"{unplaced} DICOM files of series do not say where they lie and are read one by one")
    return GroupedInputs(tuple(inputs), tuple(notes))


def _described(files: Sequence[Path]) -> tuple[list[_Slice], int]:
    candidates = [file for file in files if is_dicom(file) and os.path.isfile(file)]  # a pipe would block
    slices: list[_Slice] = []
    unplaced = 0
    for file in candidates if len(candidates) > 1 else ():
        try:
            facts = decode_isolated(DESCRIBER, file).facts
        except InputError:
            continue  # reading it alone says what is wrong
        affine = frame_affine(facts["places"][0]) if facts["frames"] == 1 else None
        if affine is not None:
            slices.append(_Slice(file, facts, affine))
        unplaced += affine is None and facts["frames"] == 1
    return slices, unplaced


def _alike(slices: Sequence[_Slice]) -> list[list[_Slice]]:
    """Slices of one series, size, direction and pixel size together."""
    series: dict[tuple[Any, ...], list[list[_Slice]]] = defaultdict(list)
    for one in slices:
        groups = series[one.facts["series"], one.facts["rows"], one.facts["columns"]]
        for group in groups:
            if np.allclose(group[0].affine[:3, :2], one.affine[:3, :2], atol=1e-3):
                group.append(one)
                break
        else:
            groups.append([one])
    return [group for groups in series.values() for group in groups]


def _told_apart(series: _Series) -> list[_Series]:
    """Parts with one image at each place, by the first difference that divides them so; else the series itself."""
    crowd = _most_at_one_place(series)
    for name, word in _DIFFERENCES.items() if crowd > 1 else ():
        parts: dict[Any, list[_Slice]] = defaultdict(list)
        for one in series.slices:
            parts[one.facts[name]].append(one)
        told = " and ".join(filter(None, (series.difference, word)))
        divided = [_Series(tuple(part), told) for part in parts.values()]
        if 1 < len(parts) <= min(crowd, _MOST_PARTS) and all(
            _most_at_one_place(part) < crowd for part in divided
        ):
            return [smallest for part in divided for smallest in _told_apart(part)]
    return [series]


def _most_at_one_place(series: _Series) -> int:
    return max(map(len, series.levels.values()))


def _copies(series: _Series) -> set[Path]:
    """Files with the pixels of another at the same place; of each such picture the first stays."""
    found: set[Path] = set()
    for level in series.levels.values():
        seen: set[bytes] = set()
        for one in level if len(level) > 1 else ():
            try:
                pixels = decode_isolated(DECODER, one.path).arrays["pixels"]
            except InputError:
                continue  # reading it alone says what is wrong
            digest = hashlib.sha256(pixels.tobytes()).digest()
            if digest in seen:
                found.add(one.path)
            seen.add(digest)
    return found


def _loose(series: _Series, copies: int) -> str:
    start = f"{_folder(series.home)}: {series.summary}"
    depths = list(series.levels)
    left_out = f"; {copies} of them left out as copies" if copies else ""
    if len(depths) == 1:
        return f"{start} at one place, read as pictures{left_out}"
    gap = min(np.diff(depths))
    why = f"too few for a volume ({_FEWEST_SLICES})" if gap <= _FARTHEST_MM else "too far apart for a volume"
    return f"{start}, {gap:.3g} mm apart, {why}: read one by one{left_out}"


def _named(series: Sequence[_Series]) -> tuple[list[ImageInput], list[str]]:
    homes: dict[Path, list[_Series]] = defaultdict(list)
    for one in series:
        homes[one.home].append(one)
    inputs: list[ImageInput] = []
    notes: list[str] = []
    for home, members in homes.items():
        if len(members) == 1:
            inputs.append(_input(home, members[0]))
            notes.append(f"{_folder(home)}: read as one volume, {members[0].summary}")
            continue
        members.sort(key=lambda one: one.slices[0].facts["series_number"] or 0.0)
        names = _free_names(home, len(members))
        inputs += [_input(home / name, one) for name, one in zip(names, members, strict=True)]
        told = "; ".join(f"{name} ({one.summary})" for name, one in zip(names, members, strict=True))
        notes.append(f"{_folder(home)}: {len(members)} DICOM series told apart: {told}")
    return inputs, notes


def _input(path: Path, series: _Series) -> ImageInput:
    return ImageInput(path, tuple(one.path for one in series.slices))


def _free_names(home: Path, count: int) -> list[str]:
    """``series-1`` and so on, passing over what exists: such a folder may be an input itself."""
    names: list[str] = []
    number = 0
    while len(names) < count:
        number += 1
        if not os.path.lexists(home / f"series-{number}"):
            names.append(f"series-{number}")
    return names


def _folder(home: Path) -> str:
    return Path(os.path.abspath(home)).name or str(home)
