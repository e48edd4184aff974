"""The data files in ``lexicon/`` and the vocabulary of the grammar -> one table of phrases."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from saliscribe.audit.tokens import stem, tokenise
from saliscribe.core.language import words
from saliscribe.core.vocabulary import regions, structures

Tags = Mapping[str, tuple[str, ...]]


#: Lists of statements.toml that hold ordinary verbs.
_ORDINARY = ("@told", "@performed")


@dataclass(frozen=True)
class Lexicon:
    """``phrases``: stems -> meanings (kind -> values); ``longest``: first stem -> words of its longest phrase;
    ``words``: every stem that occurs."""

    phrases: Mapping[tuple[str, ...], Tags]
    longest: Mapping[str, int]
    words: frozenset[str]


@cache
def lexicon_file(name: str) -> dict[str, Any]:
    """One data file of the lexicon."""
    folder = resources.files("saliscribe.audit.lexicon")
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def real_words() -> tuple[str, ...]:
    """Words of English that lie one slip of the pen from a word of the lexicon and are not in it."""
    text = (resources.files("saliscribe.audit.lexicon") / "real_words.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def neutral_words() -> frozenset[str]:
    """Ordinary words that claim nothing, as they are written."""
    text = (resources.files("saliscribe.audit.lexicon") / "neutral.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if line[:1] != "#" for word in line.split())


@cache
def neutral_stems() -> frozenset[str]:
    """The stems of the ordinary words."""
    return frozenset(map(stem, neutral_words()))


def stems(phrase: str) -> tuple[str, ...]:
    """The key of a phrase in the table."""
    return tuple(stem(token) for token in tokenise(phrase))


@cache
def read_lexicon() -> Lexicon:
    """Every phrase with everything that it can mean."""
    table: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = {}
    for phrase, kind, value in (*_entries(), *_of_the_grammar()):
        key = stems(phrase)
        if key[0] in ("the", "a", "an", "its") and len(key) > 1 and kind != "fraction":
            key = key[1:]
        tags = table.setdefault(key, {})
        if value not in tags.get(kind, ()):
            tags[kind] = (*tags.get(kind, ()), value)
    for word in _ordinary_verbs():
        table.setdefault((word,), {"plain": ("plain",)})
    for word in (*_of_statements(), *_of_ideas()):
        table.setdefault((word,), {"phrase": (word,)})
    longest: dict[str, int] = {}
    for key in table:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return Lexicon(table, longest, frozenset(word for key in table for word in key if word.isalpha()))


def _entries() -> Iterator[tuple[str, str, str]]:
    for name, entry in lexicon_file("places")["place"].items():
        for phrase in (name, *entry["words"]):
            yield phrase, "place", name
    for name, phrases in lexicon_file("places")["part"].items():
        for phrase in (name, *phrases):
            yield phrase, "part", name
    for name, phrases in lexicon_file("tumours")["class"].items():
        for phrase in phrases:
            yield phrase, "class", name
    for topics in (lexicon_file("tumours")["other"], lexicon_file("topics")["topic"]):
        for name, phrases in topics.items():
            for phrase in phrases:
                yield phrase, "topic", name
    for kind, meanings in lexicon_file("words").items():
        for value, phrases in meanings.items():
            for phrase in phrases:
                yield phrase, kind, value
    for phrase in lexicon_file("plain")["idioms"]["words"]:
        yield phrase, "plain", "plain"
    for text in lexicon_file("plain")["plain"].values():
        for word in text.split():
            yield word, "plain", "plain"


def in_full(phrases: Sequence[str]) -> list[str]:
    """The phrases of a statement's group, with every "@name" replaced by the list of that name."""
    lists = lexicon_file("statements")["groups"]
    return [text for phrase in phrases for text in (lists[phrase[1:]] if phrase[0] == "@" else (phrase,))]


def _of_statements() -> Iterator[str]:
    """Single words that only a statement knows; the statement must account for them."""
    for entry in lexicon_file("statements")["statement"]:
        for group in entry["needs"]:
            for phrase in (text for name in group if name not in _ORDINARY for text in in_full((name,))):
                words_of = () if phrase.startswith("#") else stems(phrase)
                yield from (word for word in words_of if word not in neutral_stems())


def _ordinary_verbs() -> Iterator[str]:
    """Words such as "told" and "performed", which claim nothing by themselves."""
    for phrase in in_full(_ORDINARY):
        yield from stems(phrase)


def _of_ideas() -> Iterator[str]:
    """Single words that only the ideas of the warnings know."""
    for entry in lexicon_file("warnings").values():
        for groups in (*entry.get("says", ()), *entry.get("denied", ())):
            for phrase in (text for group in groups for text in group):
                yield from (word for word in stems(phrase) if word not in neutral_stems())


def _of_the_grammar() -> Iterator[tuple[str, str, str]]:
    """What the project itself writes: structures, regions, topics, warnings and the names of networks."""
    for name, entry in structures().items():
        if "part" not in entry:
            yield entry["base"], "place", name
            yield name, "place", name
        else:
            yield entry["base"], "place", entry["base"].casefold()
    for name, entry in regions().items():
        for phrase in (name, entry["clinical"], entry["plain"], entry["plain"].partition(" (")[0]):
            yield phrase, "place", name
        yield from ((phrase, "place", name) for phrase in _turned(name))
    tables = (("topic", words.TOPIC), ("topic", words.PLAIN_TOPIC), ("warning", words.WARNING))
    for kind, table in (*tables, ("warning", words.PLAIN_WARNING), ("network", words.ARCHITECTURE)):
        for value, phrase in table.items():
            yield phrase, kind, str(value)
    for value, phrase in (*words.PLAIN_CLASS.items(), *words.A_CLASS.items()):
        yield phrase, "class", str(value)
    for value, phrase in words.PLAIN_CERTAINTY.items():
        yield phrase, "certainty", str(value)


def _turned(region: str) -> Iterator[str]:
    """ "temporal and frontal lobes", "frontotemporal region" for "frontal and temporal lobes"."""
    first, joined, second = region.removesuffix(" lobes").partition(" and ")
    if not joined or not region.endswith(("lobes", "insula")):
        return
    if region.endswith("lobes"):
        yield f"{second} and {first} lobes"
        yield f"{first} lobe and {second} lobe"
        yield f"{first} lobe and the {second} lobe"
        yield f"{second} lobe and the {first} lobe"
        stem_of = first.removesuffix("al").removesuffix("ic") + "o"
        for noun in ("region", "area", "lobes", ""):
            yield f"{stem_of}{second} {noun}".strip()
            yield f"{stem_of}-{second} {noun}".strip()
            yield f"{first}/{second} {noun}".strip()
    else:
        yield f"{second} and {first}"
        yield f"the {second} and the {first}"
        yield f"{first} and {second}"
