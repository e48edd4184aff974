"""The template's report as a draft in pieces."""

from __future__ import annotations

import re
from random import Random

from saliscribe.core.language.reported import Claims, reported
from saliscribe.core.language.sentence import Sentence
from saliscribe.core.language.slots import SLOTS, structure_phrase
from saliscribe.core.language.styles import PLANS
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Style
from saliscribe.faithfulness.draft import Draft, Line, Piece
from saliscribe.findings.random_findings import random_findings

_HOLE = re.compile(r"\{(F[\d.]+)\.([a-z0-9_]+):([a-z_]+)\}")
_LISTS = {"shares", "structures"}
#: Fixed words of the template that say how sure something is.
_HEDGE = re.compile(
    r"(?i:probably lies in|may lie in|The most likely location of the delineated region is"
    r"|By this placement the region projects to|Tentatively, the region projects to"
    r"|The location of the delineated region is uncertain and may be)"
)
_CERTAINTY = re.compile(r"^(?:Consistent with|Probable|Possible|Indeterminate class:)")


def template_draft(findings: Findings, style: Style) -> Draft:
    """The sentences that ``render`` writes, with every value marked."""
    claims = reported(findings)
    lines = [
        Line(section, _pieces(chosen, claims), frozenset(".".join(key) for key in chosen.keys), chosen.text)
        for section, choices in PLANS[style].items()
        for chosen in (next((s for s in line if s.fits(claims)), None) for line in choices)
        if chosen is not None
    ]

    def another(draw: Random) -> Draft:
        return template_draft(random_findings(draw.getrandbits(32)), style)

    return Draft(findings, claims, tuple(lines), style == "structured", _name, another)


def _name(name: str, side: str | None, draw: Random) -> str:
    return structure_phrase(name, side)


def _pieces(sentence: Sentence, claims: Claims) -> tuple[Piece, ...]:
    found: list[Piece] = []
    end = 0
    for hole in _HOLE.finditer(sentence.text):
        found += _fixed(sentence.text[end : hole.start()])
        found += _filled((hole[1], hole[2]), hole[3], claims)
        end = hole.end()
    found += _fixed(sentence.text[end:])
    first = found[0]
    return (Piece(first.text[:1].upper() + first.text[1:], first.about, first.value), *found[1:])


def _fixed(text: str) -> list[Piece]:
    for about, pattern in (("hedge", _HEDGE), ("certainty", _CERTAINTY)):
        match = pattern.search(text)
        if match:
            return [*_fixed(text[: match.start()]), Piece(match[0], about), *_fixed(text[match.end() :])]
    return [Piece(text)] if text else []


def _filled(key: tuple[str, str], slot: str, claims: Claims) -> list[Piece]:
    value = claims[key]
    if slot not in _LISTS:
        return [Piece(SLOTS[slot].write(value), ".".join(key), value)]
    pieces: list[Piece] = []
    for at, item in enumerate(value):
        if at:
            pieces.append(Piece(" and " if at == len(value) - 1 else ", "))
        pieces.append(Piece(structure_phrase(item[0], item[1]), "structure", item[:2]))
        if slot == "shares":
            share = SLOTS["percent"].write(item[2])
            pieces += [Piece(" ("), Piece(share, "share", item[2]), Piece(")")]
    return pieces
