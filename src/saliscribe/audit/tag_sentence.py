"""Tokens -> spans with meanings: longest phrase first, then typing errors, then unknown."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from saliscribe.audit.read_lexicon import (
    Tags,
    lexicon_file,
    neutral_stems,
    neutral_words,
    read_lexicon,
    real_words,
    stems,
)
from saliscribe.audit.tokens import stem

#: A word with one of these meanings must be accounted for by a reader ...
CONTENT = frozenset(
    ("place", "class", "side", "plane", "certainty", "negation", "topic", "number", "fraction", "method", "colour",
     "grade", "sequence", "othersequence", "warning", "network", "unknown", "missing", "part", "agree", "phrase",
     "healthy", "device", "vary", "degree")
)  # fmt: skip
#: ... and with one of these also where it has a plain meaning too.
_HEAVY = frozenset(
    ("place", "class", "side", "topic", "method", "colour", "othersequence", "healthy", "device")
)
#: Meanings that a typing error may never lead to: one letter must not make a side, a denial or a number.
_PROTECTED = frozenset(
    ("side", "negation", "number", "fraction", "bound", "unit", "sign", "certainty", "grade")
)
_OPPOSED = ("hypo", "hyper", "intra", "inter", "supra", "infra", "ante", "post", "anti")
_FORMS = frozenset(("", "s", "e", "es", "ed", "d", "ing"))
_SHORTEST_TYPO = 5
#: From this length on, what is no English word and one slip away from a single word is that word, whatever it means.
_LONG = 7


@dataclass(frozen=True)
class Span:
    """Tokens ``start`` to ``end`` of a sentence and what they can mean (kind -> values)."""

    text: str
    start: int
    end: int
    tags: Tags

    def get(self, kind: str) -> str | None:
        """The first value of a kind of meaning, if the span has it."""
        values = self.tags.get(kind)
        return values[0] if values else None

    def has(self, kind: str, *values: str) -> bool:
        """True if the span can mean one of ``values`` (or anything) of this kind."""
        own = self.tags.get(kind, ())
        return bool(own) and (not values or any(value in own for value in values))


def weighs(span: Span) -> bool:
    """True for a word that nobody may pass over in silence."""
    if (
        span.has("certainty", "certain", "excluded")
        or span.has("negation", "not")
        or span.has("cue", "beyond", "badmetric")
    ):
        return True
    if span.has("unit", "badunit") or not _HEAVY.isdisjoint(span.tags):
        return True
    return "plain" not in span.tags and not CONTENT.isdisjoint(span.tags)


def tag_sentence(tokens: tuple[str, ...]) -> tuple[Span, ...]:
    """Spans that cover every token, in order; slips of the pen are mended in their text."""
    tokens = tuple(map(_mended, tokens))
    keys = tuple(stem(token) for token in tokens)
    spans, i = [], 0
    while i < len(tokens):
        length, tags = _longest(keys, i)
        if tags is None:
            tags = _lone(tokens[i], keys[i])
        spans.append(Span(" ".join(tokens[i : i + length]), i, i + length, tags))
        i += length
    return tuple(spans)


def _longest(keys: tuple[str, ...], i: int) -> tuple[int, Tags | None]:
    lexicon = read_lexicon()
    for length in range(min(lexicon.longest.get(keys[i], 0), len(keys) - i), 0, -1):
        tags = lexicon.phrases.get(keys[i : i + length])
        if tags is not None and not (length > 2 and keys[i] == "of" and _goes_on(keys, i + length - 1)):
            return length, tags
    return 1, None


def _goes_on(keys: tuple[str, ...], last: int) -> bool:
    """True where the last word of a phrase begins another one: "of the brain" in "of the brain stem"."""
    phrases = read_lexicon().phrases
    return any("place" in phrases.get(keys[last : last + n], ()) for n in (2, 3))


def _lone(token: str, key: str) -> Tags:
    if not any(letter.isalnum() for letter in token):
        return {"mark": (token,)}
    if token[0].isdigit() or token[0] == ".":
        return {"number": (token,)}
    if len(token) <= 2 and token in ("th", "st", "nd", "rd"):
        return {"ordinal": (token,)}
    if key in neutral_stems():
        return {"plain": ("plain",)}
    return {"unknown": (token,)}


@lru_cache(maxsize=4096)
def _mended(token: str) -> str:
    """The word itself, or the one word of the lexicon that is a single slip of the pen away, if it may be read so."""
    if token.endswith("'s"):
        return _mended(token[:-2]) + "'s"
    key, known = stem(token), read_lexicon().words
    if (
        key in known
        or key in neutral_stems()
        or len(token) < _SHORTEST_TYPO
        or not token.isalpha()
        or key in _never()
    ):
        return token
    near: dict[str, str] = {}
    for word in slips(token):
        if (stem(word) in known and _is_form(word, stem(word))) or (
            len(token) >= _LONG and word in neutral_words()
        ):
            near.setdefault(stem(word), word)
    near = {k: word for k, word in near.items() if not (_opposed(token, word) or _inflected(token, word))}
    if len(token) < _LONG or len(near) > 1:
        near = {k: word for k, word in near.items() if len(word) >= _LONG or not _protected(k)}
    return next(iter(near.values()), token)


def _is_form(word: str, key: str) -> bool:
    """True if the word is its stem with a regular ending, so that no letters of the slip were taken for an ending."""
    rest = word[len(key) :] if word.startswith(key) else "s" if word.endswith(("ies", "ied")) else "?"
    return rest.removeprefix(key[-1]) in _FORMS or rest in _FORMS


def _protected(word: str) -> bool:
    return any(kind in _PROTECTED for kind in read_lexicon().phrases.get((word,), {}))


def _inflected(token: str, word: str) -> bool:
    """True if one only continues the other: "large" is no slip of "larger"."""
    return token.startswith(word) or word.startswith(token)


def _opposed(token: str, word: str) -> bool:
    """True for "infra" against "intra" and their like."""
    own, other = ([p for p in _OPPOSED if text.startswith(p)] for text in (token, word))
    return bool(own and other and own != other)


@lru_cache(maxsize=1)
def _never() -> frozenset[str]:
    """Real words that are no typing errors of other words, however near they are."""
    words = (*real_words(), *lexicon_file("plain")["real_words"]["words"].split())
    return frozenset(key for word in words for key in stems(word))


def slips(word: str) -> Iterator[str]:
    """Every word one slip of the pen away, the likely ones first; the first letter stays, unless it was swapped."""
    yield from (word[:i] + word[i + 1 :] for i in range(1, len(word)) if word[i] == word[i - 1])
    for i in range(len(word) - 1):
        yield word[:i] + word[i + 1] + word[i] + word[i + 2 :]
    for i in range(1, len(word) + 1):
        yield from (word[:i] + letter + word[i:] for letter in string.ascii_lowercase)
    yield from (word[:i] + word[i + 1 :] for i in range(1, len(word)))
    for i in range(1, len(word)):
        yield from (word[:i] + letter + word[i + 1 :] for letter in string.ascii_lowercase)
