"""How far a region of a volume reaches: two diameters in its plane and the extent across the slices."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import permutations

from saliscribe.audit.clause import Clause
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.volume_number import one_of
from saliscribe.core.records.volume_facts import LesionFact

LENGTHS = {"mm": 1.0, "cm": 10.0}
#: The extent across the slices, and what it is called in each plane.
_ACROSS = (
    r"through plane|across (?:the )?slices|(?:in|along) (?:the )?slice direction|perpendicular to the slices"
    r"|orthogonal to the slices|z direction|z axis|third dimension|through the slices|over the slices|slice axis|height"
)
_ACROSS_IN = {
    "axial": r"cranio ?caudal(?:ly)?|tall|vertical(?:ly)?|superior inferior|supero ?inferior",
    "coronal": r"antero ?posterior|front to back|anterior posterior",
    "sagittal": r"medio ?lateral|left right|side to side|transverse",
}


def _across(plane: str | None) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_ACROSS}|{_ACROSS_IN.get(plane or '', _ACROSS)})\b")


def read_lengths(clause: Clause, lesion: LesionFact, plane: str | None, named: bool) -> None:
    """Three in a row, in any order; the height beside its word; with a numbered region also two in its plane."""
    lengths = [q for q in clause.free_numbers() if q.unit in LENGTHS]
    if not lengths:
        return
    across = _across(plane)
    in_plane = lesion.in_plane_mm or (None, None)
    facts = [((lesion.id, "longest"), in_plane[0]), ((lesion.id, "perpendicular"), in_plane[1])]
    height = (lesion.id, "height"), lesion.height_mm
    if len(lengths) >= 3 and all(q.by for q in lengths[:3]):
        _in_some_order(clause, lengths[:3], [*facts, height])
    elif across.search(clause.words()):
        near = min(lengths, key=lambda q: _distance(clause, q, across))
        _length(clause, near, height)
        for q, fact in zip([q for q in lengths if q is not near], facts, strict=False):
            _length(clause, q, fact)
    elif named:
        for q, fact in zip(lengths, facts, strict=False):
            _length(clause, q, fact)


def _distance(clause: Clause, q: Quantity, across: re.Pattern[str]) -> int:
    """How far a number stands from the word of the height, counted in letters; what comes behind it is nearer."""
    at = len(" ".join(span.text for span in clause.spans[: q.upto]))
    ends = [(m.start(), m.end()) for m in across.finditer(clause.words())]
    return min(start - at if start >= at else (at - end) + 12 for start, end in ends)


def _length(clause: Clause, q: Quantity, fact: tuple[tuple[str, str], float | None]) -> None:
    about, value = fact
    one_of(clause, q, [(about, None if value is None else value / LENGTHS[q.unit])])


def _in_some_order(
    clause: Clause, numbers: list[Quantity], facts: list[tuple[tuple[str, str], float | None]]
) -> None:
    def fits(order: Iterable[tuple[tuple[str, str], float | None]]) -> int:
        pairs = zip(numbers, order, strict=True)
        return sum(
            value is not None and q.says(value / LENGTHS[q.unit], 1, 1.0, 0.0) for q, (_, value) in pairs
        )

    for q, fact in zip(numbers, max(permutations(facts), key=fits), strict=True):
        _length(clause, q, fact)
