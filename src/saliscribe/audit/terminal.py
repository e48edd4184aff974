"""The audit on a terminal: one line per sentence with its verdict, the facts in words, and the reason."""

from __future__ import annotations

from collections.abc import Iterator

from saliscribe.audit.fact_words import fact_words
from saliscribe.core.records.audit import Audit, SentenceAudit
from saliscribe.core.records.findings import Findings

_COLOUR = {"entailed": "32", "contradicted": "31", "unsupported": "33", "harmless": "2", "missing": "35"}
_MARK = {"entailed": "✓", "contradicted": "✗", "unsupported": "?", "harmless": "·", "missing": "!"}


def terminal_lines(audit: Audit, findings: Findings, colour: bool) -> Iterator[str]:
    """Lines to print; with ``colour`` the verdicts carry ANSI colours. Control characters are replaced."""
    evidence = fact_words(findings)
    for sentence in audit.sentences:
        yield _verdict(sentence.verdict, sentence.text, colour)
        yield from _evidence(sentence, evidence)
    for omission in audit.omissions:
        yield _verdict("missing", f"{omission.what} [{omission.fact_id}]", colour)
    counts = {
        verdict: sum(s.verdict == verdict for s in audit.sentences)
        for verdict in _COLOUR
        if verdict != "missing"
    }
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    missing = f", {len(audit.omissions)} missing" if audit.omissions else ""
    yield f"audit: {audit.outcome} ({told or 'no sentences'}{missing})"


def _verdict(verdict: str, text: str, colour: bool) -> str:
    label = f"{_MARK[verdict]} {verdict:<13}"
    return f"{_painted(label, verdict) if colour else label} {_safe(text)}"


def _painted(text: str, verdict: str) -> str:
    return f"\x1b[{_COLOUR[verdict]}m{text}\x1b[0m"


def _evidence(sentence: SentenceAudit, evidence: dict[str, str]) -> Iterator[str]:
    for fact_id in sentence.fact_ids:
        yield f"{'':15} {fact_id}: {evidence.get(fact_id, '')}"
    if sentence.reason:
        yield f"{'':15} because: {_safe(sentence.reason)}"


def _safe(text: str) -> str:
    """Text without control characters, so that a report cannot steer the terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in text)
