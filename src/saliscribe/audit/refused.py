"""Turns of phrase that these findings refuse, whatever else a sentence says: ``lexicon/refused.toml``.

The readers take the words that a fact accounts for. Some words turn such a sentence round without being a denial: "a
faithful report *is right* about the patient", "the *slight* oedema was not assessed". They are looked for in what has
passed.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from saliscribe.audit.ground import Ground
from saliscribe.audit.plain_turns import in_plain_turns
from saliscribe.audit.read_lexicon import lexicon_file
from saliscribe.audit.second_look import Objection
from saliscribe.audit.tag_sentence import tag_sentence
from saliscribe.audit.tokens import tokenise
from saliscribe.core.language.reported import Claims, Key

_NAMED = re.compile(r"@(\w+)")
_CLOSING = re.compile(r" (?=[,;:.)%])|(?<=\() ")


@dataclass(frozen=True)
class _Turn:
    """``about``: a fact of which the sentence must make a claim; ``requires``: what the findings must hold."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    about: str
    requires: tuple[tuple[Key, str, str], ...]
    objection: Objection


def refused(text: str, ground: Ground, about: Set[Key]) -> Objection | None:
    """The first turn of phrase in ``text`` that the findings refuse; ``about`` are the claims that were read in it."""
    facts = {fact.partition(".")[0] for fact, _ in about}
    said = _with_topics_marked(text, ground)
    for turn in _turns():
        here = (not turn.about or turn.about in facts) and _holds(turn, ground.known)
        if here and turn.pattern.search(said) and not (turn.unless and turn.unless.search(said)):
            return turn.objection
    return None


def _with_topics_marked(text: str, ground: Ground) -> str:
    """The plain words of the sentence, each topic of the findings in angle brackets: "the slight <oedema>"."""
    spans = tag_sentence(tokenise(in_plain_turns(text)))
    marked = (
        f"<{span.text}>" if not ground.topics.isdisjoint(span.tags.get("topic", ())) else span.text
        for span in spans
    )
    return _CLOSING.sub("", " ".join(marked))


def _holds(turn: _Turn, known: Claims) -> bool:
    """Whether the findings are such that the turn is false; "" asks that they say anything."""
    return all(
        key in known if not value else (str(known.get(key)) == value) is (sign == "=")
        for key, sign, value in turn.requires
    )


@cache
def _turns() -> tuple[_Turn, ...]:
    data = lexicon_file("refused")
    words = data["words"]
    return tuple(
        _Turn(
            _compiled(entry["pattern"], words),
            _compiled(entry["unless"], words) if "unless" in entry else None,
            entry.get("about", ""),
            tuple(map(_condition, entry.get("requires", ()))),
            (entry.get("verdict", "contradicted"), entry["reason"]),
        )
        for entry in data["refused"]
    )


def _compiled(pattern: str, words: dict[str, str]) -> re.Pattern[str]:
    return re.compile(_NAMED.sub(lambda name: f"(?:{words[name[1]]})", pattern))


def _condition(text: str) -> tuple[Key, str, str]:
    """ "F6.state=present", "F9.side!=not_assessed" or "F11.any_poor" (the findings say something of it)."""
    name, sign, value = re.fullmatch(r"([\w.+]+?)(?:(!?=)(.*))?", text).groups("")  # type: ignore[union-attr]
    fact, _, field = name.rpartition(".")
    return (fact, field), sign, value
