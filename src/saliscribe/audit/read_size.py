"""Diameters, areas and shares of the brain."""

from __future__ import annotations

import re
from itertools import pairwise

from saliscribe.audit.clause import Clause, nearest
from saliscribe.audit.quantities import Quantity

_LENGTH = {"mm": 1.0, "cm": 10.0}
_AREA = {"mm2": 1.0, "cm2": 100.0}
#: "Its largest area amounts to 51 mm": the word of a diameter before an area.
_LONG_AREA = re.compile(
    r"\b(?:largest|longest|greatest|maximum|maximal|perpendicular|two) (?:in plane )?areas?\b"
    r"|^areas? of \d|\b(?:in plane|cross sectional|sectional|surface|its) areas? of \d[\d.]* (?:x|by) \d"
    r"|\barea of (?:the |this |its )?(?:\w+ ){0,2}(?:lesion|region|tumour|mass|focus|outline|mask) (?:is|was)\b"
    r".*\d (?:x|by) \d"
    r"|^(?:the )?area (?:is|are|was|were) .*\d x \d"
)
#: What was plural is a pair of diameters: "the area were measured at 79 by 49 pixels".
_PLURAL_AREA = re.compile(
    r"(?:^|, |\b(?:so|as|since|because|hence|and) )(?:the |its )?(?:\w+ )?area "
    r"(?:of (?:the |this |its )?(?:\w+ ){0,3})?(?:were|are)\b"
)


def read_size(clause: Clause) -> None:
    """Claims about F7: lengths, areas, and the share of the brain."""
    lengths = [q for q in clause.free_numbers() if q.unit in _LENGTH and not _is_level(clause)]
    pixels = [q for q in clause.free_numbers() if q.unit == "px"] or _bare_pair(clause)
    for q in [q for q in clause.free_numbers() if q.unit in _AREA]:
        _area(clause, q)
    if clause.has("cue", "area"):
        for q in [p for p in pixels if not p.by and _near_area(clause, p, pixels)]:
            _compare(clause, "area_px", q)
            pixels.remove(q)
    _diameters(clause, lengths, "mm")
    _diameters(clause, pixels, "px")
    for q in [q for q in clause.free_numbers() if q.unit == "%"]:
        if any(
            span.has("cue", "brainshare") for span in clause.spans[q.upto : q.upto + 4]
        ) and not clause.has("cue", "heat"):
            clause.compare(("F7", "share_of_brain"), q)
            clause.take_all("place", "outside the brain")
    of_brain = _of_brain(clause) or (
        clause.has("cue", "brainshare")
        and not clause.has("cue", "heat", "inside")
        and not clause.has("place")
    )
    for q in [q for q in clause.free_numbers() if q.unit == "%" and of_brain]:
        clause.compare(("F7", "share_of_brain"), q)
    if clause.has("cue", "brainshare") or clause.has("unit"):
        clause.take_all("frame")


def _bare_pair(clause: Clause) -> list[Quantity]:
    """ "Measured in pixels only: 45 by 26": the unit stands apart from two diameters, and no other figure is there."""
    pair = [q for q in clause.free_numbers() if q.by and q.unit == "" and not q.decimals]
    said = any(span.has("unit", "px") for span in clause.spans) or "pixels only" in clause.words()
    alone = len(pair) == 2 and len(clause.quantities) == 2
    of_picture = clause.has("cue", "grid", "spacing") or clause.has("format") or clause.has("cue", "slices")
    return (
        pair
        if alone and said and clause.has("cue", "region", "size", "long", "perp") and not of_picture
        else []
    )


def _of_brain(clause: Clause) -> bool:
    """ "Relative to the brain in this slice, it occupies 6% of the area"."""
    keys = clause.words()
    return clause.has("cue", "brain") and any(
        word in keys
        for word in ("relative to the", "relation to the", "compared with the", "compared to the")
    )


def _is_level(clause: Clause) -> bool:
    return clause.has("cue", "commissure", "spacing")


def _area(clause: Clause, q: Quantity) -> None:
    scale = _AREA[q.unit]
    if q.by:
        clause.take_number(q)
        clause.add(("F7", "perpendicular_mm"), "a length by an area", False, "a diameter is given as an area")
        return
    if any(clause.spans[i].has("cue", "long", "perp") for i in range(max(0, q.at - 3), q.at)) and not any(
        clause.spans[i].has("cue", "area") for i in range(max(0, q.at - 4), q.at)
    ):
        clause.take_number(q)
        clause.add(("F7", "longest_mm"), "an area as a diameter", False, "an area is given as a diameter")
        return
    _compare(clause, "area_mm2", q, scale, more=2 if q.unit == "cm2" else 0)


def _compare(clause: Clause, field: str, q: Quantity, scale: float = 1.0, more: int = 0) -> None:
    """A size against its fact. What was delineated is not nothing, however small: 0.4 mm are no "0 mm".

    "At least 57 mm" of a region that was measured as 57 mm says that it may be larger.
    """
    if q.value > 0 and not _only_bounds(clause, field, q, scale):
        clause.compare(("F7", field), q, scale, more)
        return
    clause.take_number(q)
    if q.value > 0:
        said = f"{q.bound} {q.value:g} {q.unit}"
        clause.add(("F7", field), said, False, f"{said}: the findings give this as the size, not as a bound")
        return
    said = f"{field.replace('_', ' ')} 0"
    clause.add(("F7", field), said, False, f"{said}: what was delineated has a size")


def _only_bounds(clause: Clause, field: str, q: Quantity, scale: float) -> bool:
    """True for the measured size, rounded as it is written, as an upper or a lower bound."""
    if q.bound not in ("above", "below") or ("F7", field) not in clause.ground.numbers:
        return False
    return round(clause.ground.numbers["F7", field][0] / scale, q.decimals) == q.value


def _near_area(clause: Clause, q: Quantity, pixels: list[Quantity]) -> bool:
    areas = clause.all("cue", "area")
    closest = nearest(q.at, areas)
    return closest is not None and min(pixels, key=lambda p: abs(p.at - closest)).at == q.at


def _diameters(clause: Clause, numbers: list[Quantity], unit: str) -> None:
    if not numbers:
        return
    named_area = any(a.has("cue", "long", "perp") and b.text == "area" for a, b in pairwise(clause.spans))
    named_area |= bool(_LONG_AREA.search(clause.words()))
    no_size = not clause.has("cue", "size", "long", "perp")
    named_area |= bool(_PLURAL_AREA.search(clause.words()))
    if named_area or (no_size and re.search(r"\barea (?:is|was|amounts to) \d", clause.words())):
        clause.add(("F7", "area_mm2"), "a length as an area", False, "a length is given as an area")
    if clause.has("cue", "area") and not clause.has("cue", "long", "perp", "size") and not numbers[0].by:
        for q in numbers:
            clause.take_number(q)
            clause.add(("F7", "area_mm2"), "a length as an area", False, "a length is given as an area")
        return
    longs, perps = clause.all("cue", "long"), clause.all("cue", "perp")
    for n, q in enumerate(numbers):
        key = _which(clause, q, n, numbers, longs, perps)
        scale = _LENGTH.get(q.unit, 1.0)
        _compare(clause, f"{key}_{unit}", q, scale, more=1 if q.unit == "cm" else 0)


def _closest(clause: Clause, cue: int, numbers: list[Quantity]) -> Quantity:
    """The number next to a word; its unit stands between when the word comes behind."""
    return min(numbers, key=lambda q: _apart(clause, cue, q))


def _apart(clause: Clause, cue: int, q: Quantity) -> int:
    """How many words lie between; a comma or an "and" sets them further apart."""
    low, high = (q.upto, cue) if q.at < cue else (cue, q.at)
    if q.at == cue + 2 and clause.spans[cue + 1].text in (":", "="):
        return 0
    return high - low + 5 * sum(span.text in (",", "and", "by", ";") for span in clause.spans[low:high])


def _two_cues(
    clause: Clause, q: Quantity, numbers: list[Quantity], longs: list[int], perps: list[int]
) -> str:
    """Two numbers and two words: the closest pair belongs together, and so do the others."""
    cues = sorted([*longs, *perps])
    first, second = numbers
    straight = min(_apart(clause, cues[0], first), _apart(clause, cues[1], second))
    crossed = min(_apart(clause, cues[0], second), _apart(clause, cues[1], first))
    own = cues if straight <= crossed else cues[::-1]
    return "longest" if own[numbers.index(q)] in longs else "perpendicular"


def _which(
    clause: Clause, q: Quantity, n: int, numbers: list[Quantity], longs: list[int], perps: list[int]
) -> str:
    """Longest diameter or the perpendicular: by order in "34 x 27 mm", otherwise by the nearest word."""
    if q.by and len(numbers) >= 2:
        first = next(p for p in numbers if p.group == q.group)
        if n - numbers.index(first) > 1:
            return "third"
        return "longest" if first is q else "perpendicular"
    if len(numbers) == 2 and numbers[0].group == numbers[1].group and not q.by:
        swapped = bool(perps) and bool(longs) and perps[0] < longs[0]
        return ("perpendicular", "longest")[n] if swapped else ("longest", "perpendicular")[n]
    if len(numbers) == 2 and len(longs) + len(perps) == 2:
        return _two_cues(clause, q, numbers, longs, perps)
    if len(numbers) == 2 and bool(longs) != bool(perps):
        named = _closest(clause, (longs or perps)[0], numbers) is q
        return "longest" if named == bool(longs) else "perpendicular"
    low = numbers[n - 1].upto if n else 0
    high = numbers[n + 1].at if n + 1 < len(numbers) else len(clause.spans)
    near = nearest(q.at, [i for i in (*longs, *perps) if low <= i < high])
    if near is None:
        return "longest" if n == 0 else "perpendicular"
    return "longest" if near in longs else "perpendicular"
