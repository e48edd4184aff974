"""Whose figure it is: a measure, class or accuracy given to another subject, speaker or condition is not the findings'.

The readers take a figure and look it up. "The brain measures 57 x 43 mm" and "glioma according to the doctor" hold true
figures; what makes them false stands beside. The rules are in ``lexicon/bystanders.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from saliscribe.audit.clause import Claim, Clause
from saliscribe.audit.read_lexicon import lexicon_file

_LENGTHS, _AREAS = frozenset(("mm", "cm", "px")), frozenset(("mm2", "cm2"))
#: What the claims are about; a claim with this field stands, however else the sentence may be read.
FIELD = "bystander"


@dataclass(frozen=True)
class _Rule:
    of: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    contradicts: bool
    people: bool
    says: str


def read_bystanders(clause: Clause) -> None:
    """A claim, never entailed, for every subject, speaker or condition that the findings give a figure no room for."""
    said = clause.words()
    families = [name for name, (_, applies) in _FAMILIES.items() if applies(clause)]
    people = any(word in said for word in lexicon_file("bystanders")["people"])
    for rule in _rules() if families else ():
        if rule.of not in families or (rule.people and not people):
            continue
        found = rule.words.search(said)
        if found is None or (rule.unless is not None and rule.unless.search(said)):
            continue
        fact = _FAMILIES[rule.of][0]
        holds = False if rule.contradicts else None
        clause.add((fact, FIELD), found[0], holds, f"{found[0]}: {rule.says}")


def stands(claim: Claim) -> bool:
    """True for a claim of this reader: no other reading of the sentence takes it back."""
    return claim.about[1] == FIELD


@cache
def _rules() -> tuple[_Rule, ...]:
    data = lexicon_file("bystanders")

    def compiled(pattern: str) -> re.Pattern[str]:
        for name, words in data["lists"].items():
            pattern = pattern.replace("{" + name + "}", words)
        return re.compile(pattern)

    return tuple(
        _Rule(
            of=entry["of"],
            words=compiled(entry["words"]),
            unless=compiled(entry["unless"]) if "unless" in entry else None,
            contradicts=entry.get("contradicts", False),
            people=entry.get("people", False),
            says=entry["says"],
        )
        for entry in data["rule"]
    )


def _of_a_slice(clause: Clause) -> bool:
    return clause.ground.findings.volume is None


def _measured(clause: Clause, units: frozenset[str]) -> bool:
    """True where the clause gives a size of the region of one slice: no level, no pixel spacing, no volume."""
    sizes = any(q.unit in units for q in clause.quantities)
    return sizes and _of_a_slice(clause) and not clause.has("cue", "commissure", "spacing", "grid")


def _is_size(clause: Clause) -> bool:
    return _measured(clause, _LENGTHS | _AREAS)


def _in_parts(clause: Clause) -> bool:
    return (clause.ground.findings.delineation.parts or 1) > 1


def _side_from_user(clause: Clause) -> bool:
    return clause.has("side") and clause.ground.findings.location.side_basis == "user"


#: The families of the rules: the fact a claim is about, and the clauses they are for.
_FAMILIES: dict[str, tuple[str, Callable[[Clause], bool]]] = {
    "size": ("F7", _is_size),
    "length": ("F7", lambda clause: _measured(clause, _LENGTHS)),
    "parts": ("F7", lambda clause: _is_size(clause) and _in_parts(clause)),
    "apart": ("F6", _in_parts),
    "class": ("F5", lambda clause: clause.has("class")),
    "figure": ("F13", lambda clause: clause.has("cue", "accuracy", "macro_f1", "dice", "calibration_error")),
    "population": ("F13", lambda clause: clause.has("cue", "network", "patients", "trained")),
    "drawn": ("F6", lambda clause: clause.has("cue", "pieces", "region")),
    "pieces": ("F6", lambda clause: _of_a_slice(clause) and any(c.about[0] == "F6" for c in clause.claims)),
    "one slice": ("F6", lambda clause: _of_a_slice(clause) and clause.has("cue", "pieces", "region")),
    "threshold": ("F10", lambda clause: clause.has("cue", "threshold", "stated")),
    "agree": ("F13", lambda clause: any(span.text.startswith("agree") for span in clause.spans)),
    "any": ("F14", lambda clause: True),
    "side of user": ("F9", _side_from_user),
    "place": ("F9", lambda clause: clause.has("place")),
}
