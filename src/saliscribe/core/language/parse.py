"""Sentences -> claims: the grammar read backwards, in every style at once."""

from __future__ import annotations

from functools import cache

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.reported import Claims
from saliscribe.core.language.sentence import Sentence
from saliscribe.core.language.styles import PLANS
from saliscribe.core.records.report import Report


@cache
def all_sentences() -> tuple[Sentence, ...]:
    """Every sentence pattern of every style, each once."""
    found: dict[tuple[str, str], Sentence] = {}
    for plan in PLANS.values():
        for sentence in (s for lines in plan.values() for line in lines for s in line):
            found.setdefault((sentence.text, repr(sorted(sentence.when.items()))), sentence)
    return tuple(found.values())


@cache
def _by_first_word() -> dict[str, list[Sentence]]:
    table: dict[str, list[Sentence]] = {}
    for sentence in all_sentences():
        table.setdefault(sentence.opening.split(" ", 1)[0], []).append(sentence)
    return table


def readings(text: str) -> list[Claims]:
    """Every distinct way to read one sentence as claims; empty if it is not a sentence of the grammar."""
    normalised = normalise(text)
    found: list[Claims] = []
    for sentence in _by_first_word().get(normalised.split(" ", 1)[0], ()):
        claims = sentence.read(normalised)
        if claims is not None and claims not in found:
            found.append(claims)
    return found


def parse(report: Report) -> Claims:
    """The claims of a whole report; ``ValueError`` for a contradiction or a sentence outside the grammar."""
    claims: Claims = {}
    for sentence in report.sentences():
        ways = readings(sentence.text)
        if len(ways) != 1:
            raise ValueError(f"{len(ways)} readings of: {sentence.text}")
        for key, value in ways[0].items():
            if claims.setdefault(key, value) != value:
                raise ValueError(f"two values for {'.'.join(key)}")
    return claims
