"""One spelling for many: what does not change the meaning must not change the verdict."""

from __future__ import annotations

import re
import unicodedata

#: American to British, and other spellings of the same word.
_SPELLING = {
    r"\bedema": "oedema", r"tumor(?!ou)": "tumour", r"\bhemorrhag": "haemorrhag", r"\bgray\b": "grey",
    r"\bcenter": "centre", r"\bcolor": "colour", r"neighbor": "neighbour", r"\blocaliz": "localis",
    r"\boptimiz": "optimis", r"\bmillimeter": "millimetre", r"\bcentimeter": "centimetre",
    r"\banalyz": "analys",
    r"\bbrainstem\b": "brain stem", r"\bfiber": "fibre",
}  # fmt: skip
_SPELLINGS = tuple((re.compile(pattern), replacement) for pattern, replacement in _SPELLING.items())
_CHARACTERS = str.maketrans(
    {"×": "x", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "\u2011": "-"}
)


def normalise(text: str) -> str:
    """Case, white space, quotes, dashes, "cm²"/"cm2", "97 %"/"97%" and British/American spelling made one."""
    out = unicodedata.normalize("NFKC", text.translate(_CHARACTERS)).translate(_CHARACTERS).casefold()
    out = re.sub(r"\s+", " ", out).strip()
    out = re.sub(r"(\d) ?(?:%|per ?cent\b)", r"\1%", out)
    for pattern, replacement in _SPELLINGS:
        out = pattern.sub(replacement, out)
    return out
