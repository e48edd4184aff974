"""The holes of a sentence: each writes one kind of value, says what it looks like, and reads it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saliscribe.core.language import words
from saliscribe.core.language.normalise import normalise
from saliscribe.core.vocabulary import UNLISTED_STRUCTURE, regions, structures


@dataclass(frozen=True)
class Slot:
    """``write`` makes display text; ``pattern`` is a regular expression over normalised text without groups;
    ``read`` takes normalised text and raises ``ValueError`` for anything that ``write`` cannot have meant;
    ``takes`` says whether there is a wording for a value at all."""

    write: Callable[[Any], str]
    pattern: str
    read: Callable[[str], Any]
    takes: Callable[[Any], bool] = lambda value: True


def _of_words(table: Mapping[Any, str]) -> Slot:
    back = {normalise(text): value for value, text in table.items()}
    if len(back) != len(table):
        raise ValueError("two values share one wording")
    pattern = "|".join(re.escape(text) for text in sorted(back, key=len, reverse=True))
    return Slot(
        lambda value: table[value], f"(?:{pattern})", lambda text: back[text], lambda value: value in table
    )


def join_words(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def split_words(text: str) -> list[str]:
    """The inverse of ``join_words`` for items without commas and "and"; takes an Oxford comma too."""
    return re.split(r",? and |, ", text)


def _list_of(item: Slot) -> Slot:
    def read(text: str) -> tuple[Any, ...]:
        parts = split_words(text)
        for part in parts:
            if not re.fullmatch(item.pattern, part):
                raise ValueError(f"not a known item: {part}")
        return tuple(item.read(part) for part in parts)

    return Slot(
        lambda values: join_words([item.write(value) for value in values]),
        ".+?",
        read,
        lambda values: all(item.takes(value) for value in values),
    )


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text.replace(",", ""))


def _read_percent(text: str) -> int | float:
    if text.startswith("less"):
        return 0
    if text.startswith("more"):
        return 100
    return _number(text.removesuffix("%"))


def _write_percent(value: int) -> str:
    return "less than 1%" if value == 0 else "more than 99%" if value == 100 else f"{value}%"


def _write_area(mm2: int) -> str:
    return f"{mm2} mm²" if mm2 < 100 else f"{mm2 / 100:.1f} cm²"


def _read_area(text: str) -> int:
    number, unit = text.split()
    return int(number) if unit == "mm2" else round(float(number) * 100)


def _ordinal(value: int) -> str:
    ending = "th" if 10 <= value % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _level(up: str, down: str, zero: str) -> Slot:
    """A signed number of millimetres in words."""

    def write(value: int) -> str:
        return zero if value == 0 else f"{abs(value)} mm {up if value > 0 else down}"

    def read(text: str) -> int:
        if text == zero:
            return 0
        number, _, direction = text.partition(" mm ")
        return int(number) if direction == up else -int(number)

    return Slot(write, rf"(?:{zero}|\d+ mm (?:{up}|{down}))", read)


def _counted(one: str, many: str) -> Slot:
    """ "one part", "2 parts": number and noun agree."""

    def read(text: str) -> int:
        return 1 if text == one else int(text.split()[0].replace(",", ""))

    return Slot(lambda n: one if n == 1 else f"{n:,} {many}", rf"(?:{one}|[\d,]+ {many})", read)


def structure_phrase(name: str, side: str | None) -> str:
    """ "the posterior division of the left middle temporal gyrus"."""
    label = _atlas_label(name)
    if label is not None:
        return f"the {f'{side} ' if side else ''}structure with label {label} of the atlas"
    entry = structures()[name]
    sided = f"{side} {entry['base']}" if side else entry["base"]
    article = "the " if side else entry.get("article", "the ")
    whole = f"{article}{sided}"
    return f"the {entry['part']} of {whole}" if "part" in entry else whole


def _structure() -> Slot:
    sides: tuple[str | None, ...] = (None, "left", "right")
    table = {(name, side): structure_phrase(name, side) for name in structures() for side in sides}
    listed = _of_words(table)
    numbered = r"the (?:left |right )?structure with label \d+ of the atlas"

    def read(text: str) -> tuple[str, str | None]:
        if not re.fullmatch(numbered, text):
            name, side = listed.read(text)
            return name, side
        words_in = text.split()
        side = words_in[1] if words_in[1] in sides else None
        return f"{UNLISTED_STRUCTURE} {words_in[-4]}", side

    return Slot(
        lambda value: structure_phrase(*value),
        f"(?:{numbered}|{listed.pattern})",
        read,
        lambda value: listed.takes(value) or _atlas_label(value[0]) is not None,
    )


def _atlas_label(name: str) -> int | None:
    """The number in "unlisted structure 2001": the label of a structure that only the user's atlas names."""
    number = name.removeprefix(f"{UNLISTED_STRUCTURE} ")
    return int(number) if number.isdecimal() else None


def _structure_with_share() -> Slot:
    item = _structure()

    def write(value: tuple[str, str | None, int]) -> str:
        return f"{item.write(value[:2])} ({_write_percent(value[2])})"

    def read(text: str) -> tuple[Any, ...]:
        name, _, share = text.removesuffix(")").rpartition(" (")
        return (*item.read(name), _read_percent(share.removesuffix(" of it")))

    return Slot(write, rf"{item.pattern} \({_PERCENT}\)", read)


def _region_with_share() -> Slot:
    """Only regions whose wording holds no "and" and no comma, so that a list of them can be read."""
    table = {name: entry["clinical"] for name, entry in regions().items()}
    item = _of_words({name: text for name, text in table.items() if " and " not in text and "," not in text})

    def read(text: str) -> tuple[Any, ...]:
        name, _, share = text.removesuffix(")").rpartition(" (")
        return (item.read(name), _read_percent(share))

    return Slot(
        lambda value: f"{item.write(value[0])} ({_write_percent(value[1])})",
        rf"{item.pattern} \({_PERCENT}\)",
        read,
        lambda value: item.takes(value[0]),
    )


_PERCENT = r"(?:less than 1|more than 99|\d{1,3}(?:\.\d)?)%"

SLOTS: dict[str, Slot] = {
    "percent": Slot(_write_percent, _PERCENT, _read_percent),
    "ratio": Slot(lambda v: f"{v}%", r"\d+%", _read_percent),
    "tenth": Slot(lambda v: f"{v / 10:.1f}%", r"\d+\.\d%", lambda t: round(float(t[:-1]) * 10)),
    "hundredth": Slot(lambda v: f"{v / 100:.2f}", r"[01]\.\d\d", lambda t: round(float(t) * 100)),
    "thousandth": Slot(lambda v: f"{v / 1000:.3f}", r"[01]\.\d{3}", lambda t: round(float(t) * 1000)),
    "int": Slot(lambda v: f"{v:,}", r"\d[\d,]*", lambda t: int(t.replace(",", ""))),
    "length": Slot(
        lambda v: f"{v}" if v else "less than 1",
        r"(?:less than 1|\d+(?:\.\d)?)",
        lambda t: 0 if t.startswith("less") else _number(t),
    ),
    "area": Slot(_write_area, r"\d+(?:\.\d)? [mc]m2", _read_area),
    "ml": Slot(
        lambda v: f"{v / 10:.1f} ml" if v else "less than 0.1 ml",
        r"(?:less than 0\.1|\d+\.\d) ml",
        lambda t: 0 if t.startswith("less") else round(float(t.removesuffix(" ml")) * 10),
    ),
    "mni": Slot(
        lambda v: f"({v[0]}, {v[1]}, {v[2]})",
        r"\(-?\d+, -?\d+, -?\d+\)",
        lambda t: tuple(int(n) for n in t.strip("()").split(", ")),
    ),
    "grid": Slot(lambda v: f"{v[0]} x {v[1]}", r"\d+ x \d+", lambda t: tuple(int(n) for n in t.split(" x "))),
    "spacing": Slot(
        lambda v: f"{v[0] / 100:.2f} x {v[1] / 100:.2f} mm",
        r"\d+\.\d\d x \d+\.\d\d mm",
        lambda t: tuple(round(float(n) * 100) for n in t.removesuffix(" mm").split(" x ")),
    ),
    "ordinal": Slot(_ordinal, r"\d+(?:st|nd|rd|th)", lambda t: int(t[:-2])),
    "count": _of_words(words.COUNT_WORDS),
    "warnings_count": _counted("one warning", "warnings"),
    "more": _counted("one more structure is touched", "more structures are touched"),
    "level_axial": _level("above", "below", "at the height of"),
    "level_coronal": _level("in front of", "behind", "level with"),
    "bound_axial": _level("above", "below", "at the height of"),
    "bound_coronal": _level("in front", "behind", "level"),
    "class": _of_words(words.CLASS),
    "a_class": _of_words(words.A_CLASS),
    "plain_class": _of_words(words.PLAIN_CLASS),
    "format": _of_words(words.FORMAT),
    "sequence": _of_words(words.SEQUENCE),
    "plane": _of_words(words.PLANE),
    "plain_plane": _of_words(words.PLAIN_PLANE),
    "source": _of_words(words.SOURCE),
    "methods": _list_of(_of_words(words.METHOD)),
    "architecture": _of_words(words.ARCHITECTURE),
    "warnings": _list_of(_of_words(words.WARNING)),
    "plain_warnings": _list_of(_of_words(words.PLAIN_WARNING)),
    "topics": _list_of(_of_words(words.TOPIC)),
    "plain_topics": _list_of(_of_words(words.PLAIN_TOPIC)),
    "agreement": _of_words(words.AGREEMENT),
    "side": _of_words(words.SIDE),
    "image_side": _of_words(words.IMAGE_SIDE),
    "grade": _of_words(words.GRADE),
    "sure": _of_words(words.PLAIN_CERTAINTY),
    "region": _of_words({name: entry["clinical"] for name, entry in regions().items()}),
    "plain_region": _of_words({name: entry["plain"] for name, entry in regions().items()}),
    "structures": _list_of(_structure()),
    "shares": _list_of(_structure_with_share()),
    "region_shares": _list_of(_region_with_share()),
    "doubts": _list_of(_of_words(words.DOUBT)),
    "trust_checks": _list_of(_of_words(words.TRUST_CHECK)),
}
