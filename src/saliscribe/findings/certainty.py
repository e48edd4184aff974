"""From a calibrated probability to a word, by one documented table."""

from __future__ import annotations

from saliscribe.core.records.fact import CertaintyWord

#: Lowest calibrated probability of each word. After the five-step lexicon for radiology reports of
#: Panicek & Hricak (AJR 2016;207:2-3): "consistent with" above 90 %, "probable" around 75 %, "possible"
#: around 50 %; below that the most probable of three classes is hardly distinguished from the others.
CERTAINTY_TABLE: tuple[tuple[float, CertaintyWord], ...] = (
    (0.90, "consistent_with"),
    (0.65, "probable"),
    (0.45, "possible"),
    (0.00, "indeterminate"),
)


def certainty_word(probability: float) -> CertaintyWord:
    """The certainty word of a calibrated probability in [0, 1]."""
    return next(word for lowest, word in CERTAINTY_TABLE if probability >= lowest)
