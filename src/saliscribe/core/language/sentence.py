"""One sentence pattern: fixed words with holes, which renders claims and reads them back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.reported import Claims, Key
from saliscribe.core.language.slots import SLOTS, Slot

_HOLE = re.compile(r"\{(F[\d.]+)\.([a-z0-9_]+):([a-z_]+)\}")


@dataclass(frozen=True)
class Sentence:
    """A pattern such as ``"The plane is {F2.plane:plane}."``; ``when``: what the fixed words claim."""

    text: str
    when: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def holes(self) -> tuple[tuple[Key, str, Slot], ...]:
        """(claim, marker in the text, slot) in reading order."""
        return tuple(((m[1], m[2]), m[0], SLOTS[m[3]]) for m in _HOLE.finditer(self.text))

    @cached_property
    def constants(self) -> Claims:
        """The claims that the fixed words make."""
        return {_key(name): value for name, value in self.when.items()}

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """Everything that the sentence states."""
        return (*self.constants, *(key for key, _, _ in self.holes))

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        parts, rest = [], self.text
        for number, (_, marker, slot) in enumerate(self.holes):
            before, _, rest = rest.partition(marker)
            parts += [_literal(before), f"(?P<h{number}>{slot.pattern})"]
        return re.compile("".join([*parts, _literal(rest)]))

    @cached_property
    def opening(self) -> str:
        """The normalised fixed words before the first hole: a quick test before the regular expression."""
        return normalise(_HOLE.split(self.text, maxsplit=1)[0])

    def fits(self, claims: Claims) -> bool:
        """True when every claim of the sentence is known, can be worded, and its fixed words are true."""
        if not all(key in claims for key in self.keys):
            return False
        words_true = all(claims[key] == value for key, value in self.constants.items())
        return words_true and all(slot.takes(claims[key]) for key, _, slot in self.holes)

    def render(self, claims: Claims) -> str:
        """The sentence with its holes filled; the first letter is made a capital."""
        out = self.text
        for key, marker, slot in self.holes:
            out = out.replace(marker, slot.write(claims[key]), 1)
        return out[0].upper() + out[1:]

    def read(self, normalised: str) -> Claims | None:
        """The claims that a normalised sentence makes, or ``None`` if it is not of this pattern."""
        if not normalised.startswith(self.opening):
            return None
        match = self._regex.fullmatch(normalised)
        if match is None:
            return None
        claims = dict(self.constants)
        try:
            for number, (key, _, slot) in enumerate(self.holes):
                value = slot.read(match[f"h{number}"])
                if claims.setdefault(key, value) != value:
                    return None
        except (ValueError, KeyError):
            return None
        return claims


#: A line is a choice of sentences: the first that fits the findings is written, or none.
Line = tuple[Sentence, ...]


def _key(name: str) -> Key:
    fact, _, claim = name.rpartition(".")
    return fact, claim


def _literal(text: str) -> str:
    """Normalised fixed words as a regular expression, keeping a space at either end."""
    core = re.escape(normalise(text))
    if not core:
        return " " if text else ""
    return f"{' ' if text[0] == ' ' else ''}{core}{' ' if text[-1] == ' ' else ''}"
