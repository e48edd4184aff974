"""A report in pieces, so that one thing in it can be made false."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from saliscribe.core.language.reported import Claims
from saliscribe.core.records.findings import Findings

SECTIONS = ("technique", "findings", "impression", "not_assessed", "reliability", "notice")


@dataclass(frozen=True)
class Piece:
    """A run of words. ``about`` names the claim that it words (``"F5.value"``, ``"structure"``), with its ``value``."""

    text: str
    about: str | None = None
    value: Any = None


@dataclass(frozen=True)
class Line:
    """One sentence. ``states`` are the claims that it makes, including those of its fixed words.

    ``wording`` is the pattern that it was made from, with holes; empty for a line that a mutation wrote.
    """

    section: str
    pieces: tuple[Piece, ...]
    states: frozenset[str] = frozenset()
    wording: str = ""

    @property
    def text(self) -> str:
        """The sentence as it is read."""
        return "".join(piece.text for piece in self.pieces)

    def has(self, *about: str) -> bool:
        """True when a piece words one of these claims."""
        return any(piece.about in about for piece in self.pieces)

    def with_piece(self, at: int, text: str) -> Line:
        """The same sentence with the words of one piece replaced."""
        return self.with_pieces({at: text})

    def with_pieces(self, texts: dict[int, str]) -> Line:
        """The same sentence with the words of some pieces replaced."""
        first, *rest = [replace(p, text=texts.get(at, p.text)) for at, p in enumerate(self.pieces)]
        return replace(self, pieces=(replace(first, text=first.text[:1].upper() + first.text[1:]), *rest))

    def with_text(self, text: str) -> Line:
        """A sentence of other words in the same place; it loses its marks."""
        return replace(self, pieces=(Piece(text),))


@dataclass(frozen=True)
class Draft:
    """A report about ``findings`` that is true, in pieces.

    ``names`` words a structure as this text does; ``another`` is the same kind of draft about another patient.
    """

    findings: Findings
    claims: Claims
    lines: tuple[Line, ...]
    bullets: bool
    names: Callable[[str, str | None, Random], str]
    another: Callable[[Random], Draft]

    def places(self, *about: str) -> list[tuple[int, int]]:
        """(line, piece) of everything that words one of these claims."""
        return [
            (at, inside)
            for at, line in enumerate(self.lines)
            for inside, piece in enumerate(line.pieces)
            if piece.about in about
        ]

    def markdown(self) -> str:
        """The report as a text with headings."""
        return as_markdown(self.lines, self.bullets)


@dataclass(frozen=True)
class Mutant:
    """A report made false. ``changed`` are the false sentences, ``missing`` the facts no longer stated."""

    lines: tuple[Line, ...]
    wrong: str
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


Mutator = Callable[[Draft, Random], Mutant | None]


def as_markdown(lines: tuple[Line, ...], bullets: bool) -> str:
    """Sentences under the headings of their sections, as a list or as paragraphs."""
    parts = []
    for section in SECTIONS:
        texts = [line.text for line in lines if line.section == section]
        body = "\n".join(f"- {text}" for text in texts) if bullets else " ".join(texts)
        if texts:
            parts.append(f"## {section.replace('_', ' ').capitalize()}\n\n{body}\n")
    return "\n".join(parts)


def replaced(draft: Draft, lines: dict[int, Line], wrong: str) -> Mutant | None:
    """The mutant in which some lines read otherwise; ``None`` if none does."""
    changed = {at: line for at, line in lines.items() if line.text != draft.lines[at].text}
    if not changed:
        return None
    every = tuple(changed.get(at, line) for at, line in enumerate(draft.lines))
    return Mutant(every, wrong, changed=tuple(line.text for line in changed.values()))


def added(draft: Draft, text: str, wrong: str, draw: Random, section: str = "findings") -> Mutant:
    """The mutant with one more sentence somewhere in a section."""
    inside = [at for at, line in enumerate(draft.lines) if line.section == section]
    at = draw.choice(inside) + 1 if inside else len(draft.lines)
    line = Line(section, (Piece(text),))
    return Mutant((*draft.lines[:at], line, *draft.lines[at:]), wrong, changed=(text,))


def without(draft: Draft, states: set[str], fact: str, wrong: str) -> Mutant | None:
    """The mutant without any sentence that states one of these claims; ``None`` if there was none."""
    kept = tuple(line for line in draft.lines if not line.states & states)
    if len(kept) == len(draft.lines):
        return None
    return Mutant(kept, wrong, missing=(fact,))


def substituted(draft: Draft, at: int, pattern: str, new: str, wrong: str) -> Mutant | None:
    """The mutant in which a sentence's first match of ``pattern`` (any case) reads ``new``."""
    old = draft.lines[at].text
    match = re.search(pattern, old, re.IGNORECASE)
    if match is None:
        return None
    words = match.expand(new)
    words = words[:1].upper() + words[1:] if old[match.start()].isupper() else words
    text = sentence_case(f"{old[: match.start()]}{words}{old[match.end() :]}")
    return replaced(draft, {at: draft.lines[at].with_text(text)}, wrong)


def sentence_case(text: str) -> str:
    """One space between words, and a capital first letter."""
    text = re.sub(r" +([.,;])", r"\1", " ".join(text.split()))
    return text[:1].upper() + text[1:]


def shuffled(draw: Random, items: list[Any]) -> Iterator[Any]:
    """The items in a drawn order."""
    return iter(draw.sample(items, len(items)))
