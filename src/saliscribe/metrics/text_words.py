"""Text -> the units that text metrics count: words, sentences, syllables."""

from __future__ import annotations

import re

from saliscribe.core.language.split_text import split_text

_WORD = re.compile(r"[a-z0-9]+(?:['\-.,][a-z0-9]+)*\+*", re.IGNORECASE)
_VOWELS = re.compile(r"[aeiouyäöü]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouytd]ed|[^aeiouycgsxz]es)$")


def words(text: str) -> list[str]:
    """Words and numbers in lower case, in order; ``0.72``, ``temporo-occipital`` and ``grad-cam++`` are one each."""
    return [match.lower() for match in _WORD.findall(text)]


def sentences(text: str) -> list[str]:
    """Sentences of plain or Markdown text, without headings."""
    return [piece.text for piece in split_text(text) if not piece.is_heading]


def syllables(word: str) -> int:
    """Syllables of an English word by vowel groups, less a silent ending; at least one (a rule, no dictionary)."""
    bare = re.sub(r"[^a-zäöü]", "", word.lower())
    groups = len(_VOWELS.findall(bare))
    return max(1, groups - bool(_SILENT.search(bare)))
