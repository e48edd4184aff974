"""One spelling for many: what does not change the meaning must not change the verdict."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: American to British, and other spellings of the same word.
_SPELLING = {
    r"\bedema": "oedema", r"tumor": "tumour", r"\bhemorrhag": "haemorrhag", r"\bgray\b": "grey",
    r"\bcenter": "centre", r"\bcolor": "colour", r"neighbor": "neighbour", r"\blocaliz": "localis",
    r"\boptimiz": "optimis", r"\bmillimeter": "millimetre", r"\bcentimeter": "centimetre",
    r"\banalyz": "analys",
    r"\bbrainstem\b": "brain stem", r"\bfiber": "fibre",
}  # fmt: skip
_ANY_SPELLING = re.compile("|".join(f"({pattern})" for pattern in _SPELLING))
_BRITISH = tuple(_SPELLING.values())
_CHARACTERS = str.maketrans(
    {"×": "x", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "\u2011": "-"}
)


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Case, white space, quotes, dashes, "cm²"/"cm2", "97 %"/"97%" and British/American spelling made one."""
    out = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).translate(_CHARACTERS).casefold()
    out = " ".join(out.split())
    out = re.sub(r"(\d) ?(?:%|per ?cent\b)", r"\1%", out)
    return _ANY_SPELLING.sub(lambda match: _BRITISH[(match.lastindex or 1) - 1], out)
