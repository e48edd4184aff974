"""D: the wrong number."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from random import Random

from saliscribe.faithfulness.draft import Draft, Mutant, replaced, shuffled, substituted

LENGTHS = ("F7.longest_mm", "F7.perpendicular_mm", "F7.longest_px", "F7.perpendicular_px")
AREAS = ("F7.area_mm2", "F7.area_px")
SHARES = ("F7.share_of_brain", "F9.outside", "share")
PROBABILITIES = ("F5.probability", "F5.runner_up_probability", "F5.third_probability")
OTHER = (
    "F6.parts", "F8.level", "F10.smallest", "F10.largest", "F11.1.dice", "F11.2.dice", "F11.3.dice", "F11.1.inside",
    "F11.2.inside", "F11.3.inside", "F13.accuracy", "F13.macro_f1", "F13.dice", "F13.patients", "F3.spacing",
)  # fmt: skip
#: What a region may be called a share of instead of the brain; a share of the tumour itself would be nonsense.
_OTHER_WHOLES = ("of the frontal lobe", "of the skull")
_OF_BRAIN = r"of the (?:slice's brain|brain|visible brain|intracranial)(?: area| surface)?"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip


def value_changed(draft: Draft, draw: Random) -> Mutant | None:
    """A number is another one, by a fifth or more."""
    factor = draw.choice((0.4, 0.6, 0.75, 1.3, 1.6, 2.0))
    return _renumbered(
        draft, draw, (*LENGTHS, *AREAS, *SHARES, *OTHER), lambda n: n * factor, "the number is another"
    )


def unit_changed(draft: Draft, draw: Random) -> Mutant | None:
    """Millimetres become centimetres or the other way round; the number stays."""
    other = {"mm": "cm", "cm": "mm", "millimetres": "centimetres", "centimetres": "millimetres",
             "square centimetres": "square millimetres", "square millimetres": "square centimetres"}  # fmt: skip
    for at, _ in shuffled(draw, draft.places(*LENGTHS[:2], AREAS[0])):
        line = draft.lines[at]
        text = re.sub(r"(?<![a-z])(mm|cm|millimetres|centimetres)(?![a-z])", lambda m: other[m[0]], line.text)
        if "less than" not in line.text and "known" not in line.text:
            return replaced(draft, {at: line.with_text(text)}, "the unit is another")
    return None


def decimal_shifted(draft: Draft, draw: Random) -> Mutant | None:
    """A decimal point moves by one place."""
    factor = draw.choice((0.1, 10.0))
    about = (*LENGTHS, *AREAS, "F11.1.dice", "F11.2.dice", "F11.3.dice", "F13.patients")
    return _renumbered(draft, draw, about, lambda n: n * factor, "the decimal point is in another place")


def shares_swapped(draft: Draft, draw: Random) -> Mutant | None:
    """Two structures exchange their shares."""
    for at in shuffled(draw, sorted({at for at, _ in draft.places("share")})):
        line = draft.lines[at]
        shares = [n for n, p in enumerate(line.pieces) if p.about == "share"]
        pairs = [(a, b) for a in shares for b in shares if line.pieces[a].value > line.pieces[b].value]
        if pairs:
            a, b = draw.choice(pairs)
            texts = {a: line.pieces[b].text, b: line.pieces[a].text}
            return replaced(draft, {at: line.with_pieces(texts)}, "two shares have changed places")
    return None


def denominator(draft: Draft, draw: Random) -> Mutant | None:
    """A share of one thing is called a share of another."""
    changes = (
        (r"as shares of its area", draw.choice(("as shares of each structure", "as shares of the brain"))),
        (r"of the brain area", draw.choice(_OTHER_WHOLES)),
        (r"lies outside the brain", "lies outside the picture"),
        (
            r"of its heat lies inside",
            draw.choice(("of the region lies inside it", "of the brain lies inside")),
        ),
        (r"of the (?:region|lesion|delineated area)(?= [(,.]|[.,])", "of the brain"),
        (r"of its area", "of the brain"),
        (r"no structure for (.+?) of the region", r"no structure for \1 of the brain"),
        (_OF_BRAIN, draw.choice(_OTHER_WHOLES)),
    )
    for at in shuffled(draw, sorted({at for at, _ in draft.places(*SHARES, "F11.1.inside", "F11.2.inside")})):
        for pattern, new in shuffled(draw, list(changes)):
            if pattern == _OF_BRAIN and not draft.lines[at].has("F7.share_of_brain"):
                continue
            mutant = substituted(draft, at, pattern, new, "the share is of something else")
            if mutant:
                return mutant
    return None


def probability_changed(draft: Draft, draw: Random) -> Mutant | None:
    """A probability is another one, by 7 points or more."""
    for at, inside in shuffled(draw, draft.places(*PROBABILITIES)):
        line = draft.lines[at]
        piece = line.pieces[inside]
        far = [n for n in range(3, 98) if abs(n - piece.value) >= 7]
        new = draw.choice(far)
        text = f"{new / 100:.2f}" if re.fullmatch(r"[01]\.\d\d", piece.text) else f"{new}%"
        return replaced(
            draft, {at: line.with_piece(inside, text)}, f"the probability is {piece.text}, not {text}"
        )
    return None


def false_precision(draft: Draft, draw: Random) -> Mutant | None:
    """Digits that nobody measured."""
    for at, inside in shuffled(draw, draft.places(*LENGTHS, *PROBABILITIES, "F7.share_of_brain")):
        line = draft.lines[at]
        piece = line.pieces[inside]
        whole = re.match(r"(\d+)(?![\d.])", piece.text)
        if whole:
            text = f"{whole[1]}.{draw.randint(1, 9)}{draw.randint(1, 9)}{draw.randint(1, 9)}{piece.text[whole.end() :]}"
            if abs(_exact(draft, piece.about) - float(_number(text))) > 0.01:
                return replaced(draft, {at: line.with_piece(inside, text)}, "more digits than were measured")
    return None


def number_in_words(draft: Draft, draw: Random) -> Mutant | None:
    """A wrong number, spelt out."""
    for at, inside in shuffled(draw, draft.places(*LENGTHS, *SHARES, *PROBABILITIES)):
        line = draft.lines[at]
        piece = line.pieces[inside]
        if re.fullmatch(r"\d{1,2}(?: ?%| mm)?", piece.text):
            number = int(_number(piece.text))
            far = [n for n in range(4, 99) if abs(n - number) >= max(4, number // 5)]
            unit = " per cent" if "%" in piece.text else piece.text[len(str(number)) :]
            text = in_words(draw.choice(far)) + unit
            return replaced(draft, {at: line.with_piece(inside, text)}, f"the number is {number}")
    return None


def value_copied(draft: Draft, draw: Random) -> Mutant | None:
    """A number stands in the place of another one of the same kind."""
    kinds = (
        (*SHARES, *PROBABILITIES, "F11.1.inside", "F11.2.inside", "F11.3.inside"),
        LENGTHS[:2],
        LENGTHS[2:],
        ("F11.1.dice", "F11.2.dice", "F11.3.dice", "F13.dice"),
    )
    for kind in shuffled(draw, list(kinds)):
        places = draft.places(*kind)
        for at, inside in shuffled(draw, places):
            line = draft.lines[at]
            piece = line.pieces[inside]
            pieces = [draft.lines[a].pieces[b] for a, b in places]
            other = [p for p in pieces if _differ(p.value, piece.value) and p.about != piece.about
                     and _shape(p.text) == _shape(piece.text)]  # fmt: skip
            if other:
                new = draw.choice(other)
                return replaced(
                    draft, {at: line.with_piece(inside, new.text)}, f"this is the number of {new.about}"
                )
    return None


def diameter_for_area(draft: Draft, draw: Random) -> Mutant | None:
    """The area is called a diameter, or the diameter an area."""
    changes = (
        (r"an area of ([\d.,]+) ([mc]m)[²2]", r"a diameter of \1 \2"),
        (r"\b(area|surface)( (?:of|is|amounts)\b.*?)([\d.,]+) ([mc]m)[²2]", r"diameter\2\3 \4"),
        (
            r"\b(area|surface)( (?:of|is|amounts)\b.*?)([\d.,]+) square (centimetres|millimetres)",
            r"diameter\2\3 \4",
        ),
        (r"([\d.]+(?: [mc]m)? (?:x|by|×) [\d.]+) ([mc]m)\b", r"\1 \2²"),
        (r"\bdiameters are\b", "area is"),
        (r"\bdiameters?\b", "area"),
        (r"about (\d+) mm long and (\d+) mm wide", r"about \1 mm² in area"),
    )
    for at in shuffled(draw, sorted({at for at, _ in draft.places(*LENGTHS, *AREAS)})):
        for pattern, new in changes:
            mutant = substituted(draft, at, pattern, new, "diameter and area are confused")
            if mutant:
                return mutant
    return None


def in_words(number: int) -> str:
    """0 to 99 in English."""
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")


def _renumbered(
    draft: Draft, draw: Random, about: tuple[str, ...], change: Callable[[float], float], wrong: str
) -> Mutant | None:
    for at, inside in shuffled(draw, draft.places(*about)):
        line = draft.lines[at]
        old = _NUMBER.search(line.pieces[inside].text)
        if old is None:
            continue
        value = float(old[0].replace(",", ""))
        most = (
            100.0
            if "%" in line.pieces[inside].text
            else 1.0
            if re.fullmatch(r"[01]\.\d\d", old[0])
            else math.inf
        )
        new = _like(old[0], change(value) if change(value) <= most else 0.6 * value)
        text = line.pieces[inside].text
        if new is not None and "less" not in text and "more" not in text:
            text = f"{text[: old.start()]}{new}{text[old.end() :]}"
            return replaced(draft, {at: line.with_piece(inside, text)}, f"{wrong} (it is {old[0]})")
    return None


def _like(old: str, value: float) -> str | None:
    """``value`` with the decimals of ``old``; ``None`` unless it differs by two units of the last one or more."""
    decimals = len(old.partition(".")[2])
    new = f"{value:,.{decimals}f}" if "," in old else f"{value:.{decimals}f}"
    unit = 10.0**-decimals
    before, after = float(old.replace(",", "")), float(new.replace(",", ""))
    return new if after > 0 and abs(after - before) >= 2 * unit else None


def _number(text: str) -> str:
    match = _NUMBER.search(text)
    return match[0].replace(",", "") if match else "0"


def _exact(draft: Draft, about: str | None) -> float:
    extent, fact = draft.findings.extent, draft.findings.tumour_class
    known = {
        "F7.longest_mm": extent.longest_mm, "F7.perpendicular_mm": extent.perpendicular_mm,
        "F7.longest_px": extent.longest_px, "F7.perpendicular_px": extent.perpendicular_px,
        "F5.probability": 100 * fact.probability, "F5.runner_up_probability": 100 * fact.runner_up_probability,
        "F7.share_of_brain": 100 * (extent.share_of_brain or 0.0),
    }  # fmt: skip
    return known.get(about or "") or 0.0


def _differ(a: object, b: object) -> bool:
    return isinstance(a, int) and isinstance(b, int) and abs(a - b) >= 2


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)
