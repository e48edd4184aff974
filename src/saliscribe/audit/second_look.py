"""From the facts to the text: a sentence that nearly is the grammar's own, with its sense turned round, is false.

The readers take a sentence and look its claims up in the facts. This goes the other way: it writes down everything that
the grammar can say of the facts and looks for the sentence among it. Lexicons overlook one "not"; beside the true
sentence it stands out.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.parse import all_sentences, readings
from saliscribe.core.language.reported import Claims, Key

#: Two sentences are about the same thing from this share of common words on (2 x common / both).
_SAME = 0.75
_NEGATIONS = frozenset(
    ("not", "no", "never", "none", "neither", "nor", "without", "cannot", "nothing", "nowhere")
)
_AUXILIARIES = frozenset(("do", "does", "did"))
_ENDING = re.compile(r"(?<=[a-z]{3})(?:e?s|e?d)$")
_WORD = re.compile(r"[^\W_]+(?:[.']\w+)*%?")
#: Denials in one word; "un" alone would take "uncus" and "unit" as well.
_TURNED = re.compile(
    r"un(?:known|able|certain|clear|determined|stated|likely|like|reliable|checked|assessed|available|used)"
    r"|ignored|disregarded|discarded|excluded|open|silent"
)

#: Warnings that deny something themselves.
_DENYING = frozenset(("not_brain_like", "not_t1_post_contrast", "uneven_pixels", "brain_not_found"))
#: Doubts that are part of a warning, and no denial of it.
_DOUBTS = re.compile(
    r"\bun(?:certain|clear|reliable|likely)(?= (?:orientation|spacing|pixel))|\bunlike(?= (?:a )?brain)"
)

Objection = tuple[Literal["contradicted", "unsupported"], str]
OPPOSITE: Objection = ("contradicted", "says the opposite of what the findings say")
LONGER: Objection = ("unsupported", "adds to what the findings say")


class Words(NamedTuple):
    """A sentence ready to compare: its words, the same without what a denial changes, and how often it denies."""

    all: tuple[str, ...]
    bare: tuple[str, ...]
    counts: Counter[str]
    turns: int
    about: frozenset[Key] = frozenset()


def true_sentences(known: Claims) -> tuple[Words, ...]:
    """Every sentence that the grammar, in any style, can say of these claims."""
    return tuple(
        _words(one.render(known))._replace(about=frozenset([*one.keys, *(hole[0] for hole in one.holes)]))
        for one in all_sentences()
        if one.fits(known)
    )


def second_look(text: str, true: tuple[Words, ...], about: frozenset[Key] = frozenset()) -> Objection | None:
    """What is wrong with a sentence beside the ``true_sentences``; ``None`` for nothing.

    ``about`` are the claims that were read in it: a true sentence may go on with something else that was looked up. A
    sentence that the grammar reads word for word is left to the grammar.
    """
    said = _words(text)
    if not said.all or readings(text):
        return None
    begun = [one for one in true if len(one.all) > 3 and said.all[: len(one.all)] == one.all]
    if any(about <= one.about for one in begun):
        return LONGER
    if any(fact == "F4" and code in _DENYING for fact, code in about):
        return None  # "lacks resemblance to a brain" for "does not look like a brain"
    likeness, nearest = max(((_likeness(said, one), one) for one in true), key=lambda pair: pair[0])
    return OPPOSITE if likeness >= _SAME and said.turns != nearest.turns else None


def _likeness(one: Words, other: Words) -> float:
    """Share of common words in the same order; 0 where quick bounds say that it is below ``_SAME``."""
    both = len(one.bare) + len(other.bare)
    if 2 * min(len(one.bare), len(other.bare)) < _SAME * both:
        return 0.0
    common = sum(min(count, other.counts[word]) for word, count in one.counts.items() if word in other.counts)
    if 2 * common < _SAME * both:
        return 0.0
    return SequenceMatcher(None, one.bare, other.bare, autojunk=False).ratio()


def _words(text: str) -> Words:
    words = tuple(_WORD.findall(_DOUBTS.sub("doubtful", normalise(text))))
    # "Did not outline" and "outlined" are alike.
    bare = tuple(_ENDING.sub("", word) for word in words if word not in _NEGATIONS | _AUXILIARIES)
    # "Neither ... nor" denies once.
    turns = sum(word in _NEGATIONS or bool(_TURNED.match(word)) for word in words if word != "nor")
    turns += "nor" in words and "neither" not in words
    return Words(words, bare, Counter(bare), turns)
