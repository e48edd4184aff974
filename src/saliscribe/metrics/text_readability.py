"""How hard a text is to read, by the usual formulas. None of these looks at what the text says."""

from __future__ import annotations

import math
from dataclasses import dataclass

from saliscribe.metrics.text_words import sentences, syllables, words

#: Syllables from which the fog index calls a word complex.
COMPLEX = 3


@dataclass(frozen=True)
class Counts:
    """What the formulas rest on."""

    sentences: int
    words: int
    syllables: int
    complex_words: int


def count(text: str) -> Counts:
    """Counts of plain or Markdown text; headings are left out."""
    parts = sentences(text)
    lengths = [syllables(word) for part in parts for word in words(part)]
    return Counts(len(parts), len(lengths), sum(lengths), sum(n >= COMPLEX for n in lengths))


def flesch_reading_ease(c: Counts) -> float:
    """206.835 - 1.015 words per sentence - 84.6 syllables per word (Flesch 1948); higher is easier."""
    if not c.words:
        return math.nan
    return 206.835 - 1.015 * c.words / c.sentences - 84.6 * c.syllables / c.words


def flesch_kincaid_grade(c: Counts) -> float:
    """0.39 words per sentence + 11.8 syllables per word - 15.59 (Kincaid 1975): years of school."""
    return 0.39 * c.words / c.sentences + 11.8 * c.syllables / c.words - 15.59 if c.words else math.nan


def gunning_fog(c: Counts) -> float:
    """0.4 (words per sentence + 100 complex words per word) (Gunning 1952): years of school."""
    return 0.4 * (c.words / c.sentences + 100.0 * c.complex_words / c.words) if c.words else math.nan
