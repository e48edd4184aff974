"""Numbers of a sentence with their units, bounds and precision."""

from __future__ import annotations

import re
from dataclasses import dataclass

from saliscribe.audit.tag_sentence import Span

_LINKS = frozenset(
    ("x", "by", "to", "and", ",", "or", "/", "-", "until", "&", "versus", "vs", "against", "then")
)
_ROUND_SHARE = 0.025
#: "Roughly a third" is right for so many per cent around it.
_ROUGH_FRACTION = 2.5
#: "More than half" is right for so many per cent above it.
_OVER_FRACTION = 12.5


#: What a word before a fraction makes of it.
_FRACTION_BOUNDS = {"": "about", "about": "roughly", "above": "over fraction", "below": "under fraction"}


@dataclass(frozen=True)
class Quantity:
    """A number as written. ``at``: index of its span; ``upto``: index after its unit; ``unit``: "" if none.

    ``bound``: about, above or below; ``group`` numbers the quantities that a link such as "34 x 27" joins.
    """

    at: int
    upto: int
    value: float
    decimals: int
    unit: str
    bound: str
    group: int
    by: bool = False
    ordinal: bool = False

    def says(self, exact: float, decimals: int, least: float = 0.0, most: float = float("inf")) -> bool:
        """True if the number is a correct way to write ``exact``, which may be written with ``decimals``.

        ``least`` and ``most``: what an exact value below or above them may be written as ("less than 1").
        """
        if self.decimals > decimals:
            return False
        if self.bound in ("over fraction", "under fraction"):
            over = exact - self.value if self.bound == "over fraction" else self.value - exact
            return 0.0 < over <= _OVER_FRACTION
        if self.bound == "above":
            return exact > self.value - 1e-9 and (exact - self.value) <= max(0.06 * abs(exact), most * 0.02)
        if self.bound == "below":
            return exact < self.value + 1e-9 and (self.value - exact) <= max(0.06 * abs(exact), least)
        error = abs(abs(self.value) - exact) if exact >= 0 else abs(self.value - exact)
        if error <= 0.5 * 10.0**-self.decimals + 1e-9:
            return True
        if self.bound == "roughly":
            return error <= _ROUGH_FRACTION
        step = 10.0 ** _trailing_zeros(self.value) if self.decimals == 0 else 0.0
        return self.bound == "about" and error <= min(0.5 * step, _ROUND_SHARE * abs(exact))


def _trailing_zeros(value: float) -> int:
    text = str(int(value))
    return len(text) - len(text.rstrip("0")) if value else 0


def quantities(spans: tuple[Span, ...]) -> tuple[Quantity, ...]:
    """Every number of the sentence in order; a unit reaches back over "34 x 27 mm" and "94, 5 and 1%"."""
    found: list[Quantity] = []
    i = 0
    while i < len(spans):
        made = _one(spans, i, len(found))
        if made is None:
            i += 1
            continue
        found.append(made)
        i = made.upto
    return tuple(_linked(spans, found))


def _one(spans: tuple[Span, ...], i: int, number: int) -> Quantity | None:
    span = spans[i]
    if span.has("fraction"):
        value, decimals, upto, unit = float(span.get("fraction") or 0), 0, i + 1, "%"
        return Quantity(i, upto, value, decimals, unit, _FRACTION_BOUNDS[_bound(spans, i)], number)
    if not span.has("number"):
        return None
    text = (span.get("number") or "").replace(",", "")
    value, upto = float(text), i + 1
    if (
        20 <= value <= 90
        and value % 10 == 0
        and span.text.isalpha()
        and upto < len(spans)
        and _below_ten(spans[upto])
    ):
        value, upto = value + float(spans[upto].get("number") or 0), upto + 1
    decimals = len(text.partition(".")[2])
    unit, ordinal = "", False
    if upto < len(spans):
        after = spans[upto]
        if after.text == "%" or after.text in ("percent", "per cent"):
            unit, upto = "%", upto + 1
        elif after.has("unit"):
            unit, upto = after.get("unit") or "", upto + 1
        elif after.has("ordinal"):
            ordinal, upto = True, upto + 1
    return Quantity(i, upto, value, decimals, unit, _bound(spans, i), number, ordinal=ordinal)


def _below_ten(span: Span) -> bool:
    return span.has("number") and span.text.isalpha() and float(span.get("number") or 0) < 10


def _bound(spans: tuple[Span, ...], i: int) -> str:
    if i > 0 and spans[i - 1].has("bound"):
        return spans[i - 1].get("bound") or ""
    return ""


def _linked(spans: tuple[Span, ...], found: list[Quantity]) -> list[Quantity]:
    """Numbers joined by a link share a group and, from the last one back, a unit."""
    for n in range(len(found) - 1, 0, -1):
        before, after = found[n - 1], found[n]
        between = [span.text for span in spans[before.upto : after.at] if not span.has("bound")]
        if between and len(between) <= 2 and all(text in _LINKS for text in between):
            by = between[0] in ("x", "by")
            unit = before.unit or after.unit if not before.ordinal else before.unit
            if unit == "%" and not before.unit and before.value <= 1 and before.decimals > 1:
                unit = ""  # "0.02 and less than 1%": a share of one beside one of a hundred
            found[n - 1] = _with(before, unit, before.group, by or before.by)
            if by:
                found[n] = _with(after, after.unit, after.group, True)
    groups: list[Quantity] = []
    for n, one in enumerate(found):
        joined = n > 0 and _between_links(spans, found[n - 1], one)
        groups.append(_with(one, one.unit, groups[-1].group if joined else one.group, one.by))
    return groups


def _between_links(spans: tuple[Span, ...], before: Quantity, after: Quantity) -> bool:
    between = [span.text for span in spans[before.upto : after.at] if not span.has("bound")]
    return bool(between) and len(between) <= 2 and all(text in _LINKS for text in between)


def _with(one: Quantity, unit: str, group: int, by: bool) -> Quantity:
    return Quantity(one.at, one.upto, one.value, one.decimals, unit, one.bound, group, by, one.ordinal)


#: Roman numerals and years never stand for measured values.
YEAR = re.compile(r"(?:19|20)\d\d")
