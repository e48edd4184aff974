"""A sentence of the grammar with a slip of the pen in it, mended so that the grammar can read it."""

from __future__ import annotations

import re
from functools import cache

from saliscribe.audit.read_lexicon import neutral_words, read_lexicon, real_words
from saliscribe.audit.tag_sentence import slips
from saliscribe.audit.tokens import stem
from saliscribe.core.language import words
from saliscribe.core.language.styles import PLANS
from saliscribe.core.vocabulary import regions, structures

#: Shorter words have too many neighbours; the sides are among them.
_LONG_WORD = re.compile(r"[A-Za-z]{6,}")
#: The lobes in Latin, which are otherwise read as free prose.
_LATIN = re.compile(r"\blobus (frontal|temporal|parietal|occipital)is\b")


def mend(text: str, real: bool = False) -> str:
    """Latin lobes in English, and long non-words as the one word of the grammar that is a single slip away.

    ``real``: other English words as well ("no waning was raised"), for a sentence that the grammar must then read.
    """
    return _LONG_WORD.sub(lambda match: _mended(match[0], real), _LATIN.sub(r"\1 lobe", text))


def _mended(word: str, real: bool) -> str:
    low = word.lower()
    if low in _grammar_words() or (not real and _is_word(low)):
        return word
    near = set(slips(low)) & _grammar_words()
    return near.pop() if len(near) == 1 else word


def _is_word(low: str) -> bool:
    return low in neutral_words() or low in real_words() or stem(low) in read_lexicon().words


@cache
def _grammar_words() -> frozenset[str]:
    texts = [
        re.sub(r"\{[^}]*\}", " ", choice.text)
        for plan in PLANS.values() for lines in plan.values() for line in lines for choice in line
    ]  # fmt: skip
    tables = (value for value in vars(words).values() if isinstance(value, dict))
    texts += [str(phrase) for table in tables for phrase in table.values()]
    texts += [
        f"{name} {' '.join(map(str, entry.values()))}"
        for name, entry in (*structures().items(), *regions().items())
    ]
    return frozenset(word.lower() for text in texts for word in _LONG_WORD.findall(text))
