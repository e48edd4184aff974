"""The statements of ``lexicon/statements.toml``, ready to be looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from saliscribe.audit.read_lexicon import in_full, lexicon_file, stems
from saliscribe.core.language.reported import Key

#: A denial anywhere before the words of a statement turns it, unless the statement says otherwise.
_FAR = 1000


@dataclass(frozen=True)
class Group:
    """Ways to fill one need: phrases (as stems, by their first one) or meanings (kind, value)."""

    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    meanings: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Statement:
    """One pattern of the data file."""

    about: tuple[str, str]
    value: Any
    needs: tuple[Group, ...]
    negated: bool | None
    covers: tuple[tuple[str, str], ...]
    denial: bool
    requires: tuple[tuple[str, str], str] | None
    only_topic: str
    unless: frozenset[tuple[str, str]]
    apart: bool
    requires_no: tuple[str, ...]
    words_negate: frozenset[tuple[str, ...]]
    parity: frozenset[tuple[str, ...]]
    denial_needs: tuple[Group, ...]
    denial_reach: int
    denial_after: bool
    denial_leads: bool
    denial_beside: bool
    charity: bool


@cache
def knowing(word: str) -> frozenset[Key]:
    """What the statements are about in which a word (its stem) occurs."""
    return frozenset(
        statement.about
        for statement in statements()
        if any(
            word in phrase for group in statement.needs for ways in group.phrases.values() for phrase in ways
        )
    )


@cache
def statements() -> tuple[Statement, ...]:
    """Every pattern of the data file, in its order."""
    return tuple(_statement(entry) for entry in lexicon_file("statements")["statement"])


def _statement(entry: dict[str, Any]) -> Statement:
    fact, _, field = entry["about"].rpartition(".")
    return Statement(
        about=(fact, field),
        value=entry["value"],
        needs=groups_of(entry["needs"]),
        negated=entry.get("negated"),
        covers=tuple(
            (kind, value) for kind, _, value in (text.partition(".") for text in entry.get("covers", ()))
        ),
        denial=entry.get("denial", True),
        requires=condition(entry.get("requires")),
        only_topic=entry.get("only_topic", ""),
        unless=frozenset(
            (text.rpartition(".")[0], text.rpartition(".")[2]) for text in entry.get("unless", ())
        ),
        apart=entry.get("apart", False),
        requires_no=tuple(entry.get("requires_no", ())),
        words_negate=frozenset(stems(text) for text in in_full(entry.get("words_negate", ()))),
        parity=frozenset(stems(text) for text in entry.get("parity", ())),
        denial_needs=groups_of(entry.get("denial_needs", ())),
        denial_reach=entry.get("denial_reach", _FAR),
        denial_after=entry.get("denial_after", False),
        denial_leads=entry.get("denial_leads", False),
        denial_beside=entry.get("denial_beside", False),
        charity=entry.get("charity", False),
    )


def condition(text: str | None) -> tuple[Key, str] | None:
    """ "F3.state=not_assessed" as a claim and its value in words; ``None`` for no condition."""
    if not text:
        return None
    about, _, value = text.partition("=")
    fact, _, field = about.rpartition(".")
    return (fact, field), value


def groups_of(groups: Any) -> tuple[Group, ...]:
    """The groups of a data file's ``needs``; a list "@name" is written out."""
    return tuple(_group(group) for group in groups)


def _group(texts: list[str]) -> Group:
    phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
    texts = in_full(texts)
    for key in (stems(text) for text in texts if not text.startswith("#")):
        phrases[key[0]] = (*phrases.get(key[0], ()), key)
    meanings = tuple(
        (kind, value) for kind, _, value in (text[1:].partition(".") for text in texts if text[0] == "#")
    )
    return Group(phrases, meanings)
