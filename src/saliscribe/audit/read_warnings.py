"""The warnings of the input check, item by item, in whatever words: the ideas of ``lexicon/warnings.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from saliscribe.audit.clause import Clause
from saliscribe.audit.read_lexicon import lexicon_file, stems
from saliscribe.audit.tag_sentence import Span
from saliscribe.audit.tokens import stem

_INPUT = frozenset(("image", "picture", "input", "file", "quality", "slice", "scan", "quality of the image"))
Phrase = tuple[str, ...]
_BETWEEN_ITEMS = frozenset((",", ";", ":", "and", "as well as", "plus", "because of", "owing to", "but"))
#: What an item of a list of warnings may hold besides the words of its idea.
_LOOSE = ("sequence", "negation", "colour", "certainty", "phrase", "side", "fraction", "healthy", "missing", "part",
          "agree", "number", "warning", "plane", "placing", "locating", "cue", "degree", "agreeing")  # fmt: skip


@dataclass(frozen=True)
class _Idea:
    """A warning: one phrase of each group must occur, with or without a denial."""

    code: str
    groups: tuple[frozenset[Phrase], ...]
    denied: bool


def read_warnings(clause: Clause) -> None:
    """Claims about F4."""
    if not (clause.has("class") or clause.has("method") or any(q.unit for q in clause.quantities)):
        _ideas_named(clause)
    _phrases(clause)
    _counted(clause)


def _ideas_named(clause: Clause) -> None:
    codes = clause.ground.known.get(("F4", "codes")) or ()
    about_input = any(span.has("cue", "checker", "warning") for span in clause.sentence)
    if not (about_input or any(span.text in _INPUT for span in clause.sentence)):
        return
    for start, end in _items(clause):
        if any(_is_about_the_patient(span) for span in clause.spans[start:end]):
            continue
        keys = [stem(word) for span in clause.spans[start:end] for word in span.text.split()]
        for _, code, true in _found_in(keys, codes):
            if (code not in codes or code == "unsure_region") and (
                not about_input or _is_named(clause, start, end)
            ):
                continue
            said = " ".join(span.text for span in clause.spans[start:end])
            clause.add(
                ("F4", code if code in codes and true else "codes"),
                said,
                code in codes and true,
                f"{said}: the input check did not warn of this",
                code,
            )
            _take(clause, start, end)
            break


def _is_about_the_patient(span: Span) -> bool:
    return span.has("place") or (span.has("topic") and not span.has("topic", "side"))


def _is_named(clause: Clause, start: int, end: int) -> bool:
    """True if a phrase of the lexicon names a warning here, which the other reader judges."""
    return any(span.has("warning") for span in clause.spans[start:end])


def _items(clause: Clause) -> list[tuple[int, int]]:
    cuts = [-1, *(i for i, span in enumerate(clause.spans) if span.text in _BETWEEN_ITEMS), len(clause.spans)]
    return [(a + 1, b) for a, b in pairwise(cuts) if b > a + 1]


def _found_in(keys: list[str], codes: tuple[str, ...]) -> list[tuple[int, str, bool]]:
    """Ideas that occur: those that were warned of first, then those with more groups; true unless denied wrongly."""
    turns = {phrase for phrase in _denials() if _occurs(phrase, keys)}
    named = [idea for idea in _ideas() if all(any(_occurs(p, keys) for p in g) for g in idea.groups)]
    odd = {idea: len(turns - frozenset().union(*idea.groups)) % 2 == 1 for idea in named}
    found = [(len(idea.groups), idea.code, True) for idea in named if idea.denied == odd[idea]]
    wrong = [
        (len(idea.groups), idea.code, False)
        for idea in named
        if idea.denied and not odd[idea] and idea.code in codes and len(idea.groups) > 1
    ]
    return sorted(found or wrong, key=lambda one: (one[1] not in codes, -one[0]))


def _occurs(phrase: Phrase, keys: list[str]) -> bool:
    n = len(phrase)
    return any(tuple(keys[i : i + n]) == phrase for i in range(len(keys) - n + 1))


def _take(clause: Clause, start: int, end: int) -> None:
    clause.take(
        *(
            i
            for i in range(start, end)
            if any(clause.spans[i].has(kind) for kind in _LOOSE) and not clause.spans[i].has("unknown")
        )
    )


@cache
def _ideas() -> tuple[_Idea, ...]:
    return tuple(_read_ideas())


def _read_ideas() -> Iterator[_Idea]:
    for code, entry in lexicon_file("warnings").items():
        for denied, kind in ((False, "says"), (True, "denied")):
            for groups in entry.get(kind, ()):
                yield _Idea(code, tuple(frozenset(map(stems, group)) for group in groups), denied)


@cache
def _denials() -> frozenset[Phrase]:
    words = (*lexicon_file("warnings")["denials"]["words"], *lexicon_file("words")["negation"]["not"])
    return frozenset(map(stems, words))


def _phrases(clause: Clause) -> None:
    codes = clause.ground.known.get(("F4", "codes")) or ()
    spans = clause.all("warning")
    for i in spans:
        values = clause.spans[i].tags["warning"]
        hit = next((v for v in values if v in codes), None)
        clause.take(i)
        denied = (
            clause.negated()
            and not clause.has("cue", "checker")
            and clause.spans[i].text != "brain outline that was not found"
        )
        denied |= "brain outline that was found" in clause.words() and "brain_not_found" in values
        clause.add(
            ("F4", hit or "codes"),
            clause.spans[i].text,
            hit is not None and not denied,
            f"{clause.spans[i].text}: the input check did not warn of this",
            hit,
        )
    if spans and "happy" in clause.words():
        clause.take_all("negation", "not")


def _counted(clause: Clause) -> None:
    codes = clause.ground.known.get(("F4", "codes")) or ()
    told = clause.has("cue", "checker") and re.search(
        r"\b(?:raised|gave|issued|has|had) (?:a|some) ", clause.words()
    )
    if told and clause.has("cue", "warning") and not clause.denials()[1] and not codes:
        clause.add(("F4", "state"), "a warning", False, "the input check raised no warning")
    if clause.has("cue", "warning", "checker"):
        for q in clause.free_numbers():
            if q.unit == "" and any(s.has("cue", "warning") for s in clause.spans[q.upto : q.upto + 2]):
                clause.compare(("F4", "count"), q)
