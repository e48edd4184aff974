"""Text -> tokens, and the stem under which a word is looked up."""

from __future__ import annotations

import re
from functools import lru_cache

from saliscribe.core.language.normalise import normalise

_TOKEN = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+|[^\W\d_][\w']*|\+\+|\S")
_TIMES = re.compile(r"(?<=\d) ?x ?(?=\d)")
#: A hyphen inside a word joins what the lexicon writes as two words.
_HYPHEN = re.compile(r"(?<=[a-z])-(?=\w)|(?<=\d)-(?=[a-z])")
_RANGE = re.compile(r"(?<=\d) ?- ?(?=\d)")
#: "middle and superior temporal gyri", "anterior and posterior divisions of the cingulate gyrus": two places, one noun.
_SHARED = re.compile(
    r"\b(superior|middle|inferior),? and (?:the )?(superior|middle|inferior) (frontal|temporal) gyr(?:i|us)\b"
)
_DIVISIONS = re.compile(
    r"\b(anterior|posterior|superior|inferior),? and (?:the )?(anterior|posterior|superior|inferior) "
    r"(?:divisions?|parts?|portions?) of the ((?:(?:left|right) )?[a-z ]+?(?:gyrus|cortex))\b"
)
#: "whether it is the left or the right half of the brain": which side, however it is worded.
_EITHER = re.compile(
    r"\b(?:left|right)(?: side| half| hemisphere)? or (?:(?:on )?the )?(?:left|right)\b"
    r"(?:[ -](?:side|half|hemisphere)\b(?: is affected| is concerned| is involved)?)?"
    r"(?: of (?:the |its )?(?:brain|head|body|patient)\b)?"
    r"|\b(?:left and right|right and left)(?: (?:of|in) the (?:patient|body|brain|head))?"
    r"(?= (?:cannot|could not|can hardly|can not|are not))"
    r"|\b(?:left[ -]right|right[ -]left) (?:orientation|assignment)\b"
)
_POSSESSIVE = re.compile(r"'s$|'$")
#: A stem keeps so many letters, so that "noted" does not become "not".
_SHORTEST = 4
_ENDINGS = ("ing", "ed", "es", "s")


def tokenise(text: str) -> tuple[str, ...]:
    """Words, numbers and marks of a text, normalised; hyphens inside words are taken away."""
    text = _SHARED.sub(r"\1 \3 gyrus and the \2 \3 gyrus", normalise(text))
    text = _EITHER.sub("left or right", text)
    text = _DIVISIONS.sub(r"\1 division of the \3 and the \2 division of the \3", text)
    text = _RANGE.sub(" to ", _TIMES.sub(" x ", text))
    return tuple(_TOKEN.findall(_HYPHEN.sub(" ", text.replace("++'s", "++"))))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without plural and verb endings: crude, but the same for the lexicon and for the text."""
    word = _POSSESSIVE.sub("", word)
    if not word.isalpha() or len(word) <= 4:
        return word
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y"
    for ending in _ENDINGS:
        if (
            word.endswith(ending)
            and not word.endswith(("ss", "us", "is"))
            and len(word) - len(ending) >= _SHORTEST
        ):
            word = word[: -len(ending)]
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    # "notes" are no "not".
    return word[:-1] if len(word) > 3 and word.endswith("e") and word != "note" else word
