"""From the facts to the text: a sentence that nearly is the grammar's own, with its sense turned round, does not pass.

The audit reads a sentence and looks its claims up in the facts. This goes the other way: it writes down everything that
the grammar can say of the facts and looks for a draft's sentences among it. Word metrics and lexicons overlook
one "not"; beside the true sentence it stands out.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.parse import all_sentences, readings
from saliscribe.core.language.reported import reported
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report

#: Two sentences are about the same thing from this share of common words on (2 x common / both).
_SAME = 0.75
_NEGATIONS = frozenset(
    ("not", "no", "never", "none", "neither", "nor", "without", "cannot", "nothing", "nowhere", "hardly")
)
_AUXILIARIES = frozenset(("do", "does", "did"))
_ENDING = re.compile(r"(?<=[a-z]{3})(?:e?s|e?d)$")
_WORD = re.compile(r"[^\W_]+(?:[.']\w+)*%?")
#: Negated by their first letters; "un" alone would take "uncus" and "unit" as well.
_TURNED = re.compile(
    r"un(?:known|able|certain|clear|determined|stated|likely|like|reliable|checked|assessed|available)"
)

OPPOSITE = "says the opposite of what the facts say"
LONGER = "adds to what the facts say"


def second_look(report: Report, findings: Findings) -> tuple[Report, tuple[str, ...]]:
    """The report without the sentences that are a true sentence of the grammar turned round or led on, and those.

    A sentence that the grammar reads word for word is left to the audit.
    """
    claims = reported(findings)
    own = [_words(s.render(claims)) for s in all_sentences() if s.fits(claims)]
    refused: list[str] = []
    sections = []
    for section in report.sections:
        objections = {s.text: _objection(s.text, own) for s in section.sentences}
        refused += [f"{text} ({why})" for text, why in objections.items() if why]
        kept = tuple(s for s in section.sentences if not objections[s.text])
        sections.append(section.model_copy(update={"sentences": kept}))
    return report.model_copy(update={"sections": tuple(sections)}), tuple(refused)


def _objection(text: str, own: list[list[str]]) -> str | None:
    said = _words(text)
    if not said or readings(text):
        return None
    if any(len(true) > 3 and said[: len(true)] == true for true in own):
        return LONGER
    bare = _bare(said)
    likeness, nearest = max(((_likeness(bare, _bare(true)), true) for true in own), key=lambda pair: pair[0])
    return OPPOSITE if likeness >= _SAME and _turns(said) != _turns(nearest) else None


def _likeness(one: list[str], other: list[str]) -> float:
    """Share of common words in the same order, by a quick bound first."""
    common = sum((Counter(one) & Counter(other)).values())
    if 2 * common < _SAME * (len(one) + len(other)):
        return 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _bare(words: list[str]) -> list[str]:
    """The words without what a denial changes: "did not outline" and "outlined" are alike."""
    return [_ENDING.sub("", word) for word in words if word not in _NEGATIONS | _AUXILIARIES]


def _turns(words: list[str]) -> int:
    return sum(word in _NEGATIONS or bool(_TURNED.match(word)) for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(normalise(text))
