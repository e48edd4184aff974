"""One sentence -> clauses, so that a denial or a hedge reaches no further than it should."""

from __future__ import annotations

from saliscribe.audit.tag_sentence import Span

_BREAKS = frozenset((";", "but", "however", "although", "because", "though", "whereas", "while", "yet"))
_JOINTS = frozenset((",", "and", "-", ":"))
_LOOK = 7


def clauses(spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    """(start, end) of each clause: at strong breaks, and at "and", "," where a new verb phrase starts."""
    cuts = [0]
    for i, span in enumerate(spans):
        strong = span.text in _BREAKS and not (span.text == "yet" and i and spans[i - 1].text == "and")
        if strong or (span.text in _JOINTS and _starts_anew(spans, cuts[-1], i)):
            cuts.append(i + 1)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(spans)], strict=True) if b > a]


def _starts_anew(spans: tuple[Span, ...], start: int, at: int) -> bool:
    """True if both sides of a joint have a verb, and the right one starts with its own subject."""
    if spans[at].text != ":" and not _verb_at(spans, start, at):
        return False
    right = spans[at + 1 : at + 1 + _LOOK]
    for n, span in enumerate(right):
        if (span.text in _JOINTS and n > 0) or span.text in _BREAKS or span.text == "(":
            return False
        if span.has("verb"):
            denied = n + 1 < len(right) and right[n + 1].has("negation")
            return (
                n > 0
                or (denied and span.text in ("is", "are"))
                or span.text not in ("is", "are", "was", "were")
            )
    return False


def _verb_at(spans: tuple[Span, ...], start: int, end: int) -> bool:
    return any(span.has("verb") for span in spans[start:end])
