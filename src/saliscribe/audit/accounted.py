"""Words with several senses: one that a true claim of the same clause accounts for is enough."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.statements import knowing
from saliscribe.audit.tag_sentence import Span
from saliscribe.audit.tokens import stem
from saliscribe.core.language.reported import Key

#: Senses that belong to a family of facts.
_SENSES: dict[str, tuple[tuple[str, ...], ...]] = {
    "F5": (("cue", "alternative", "probability", "classify", "among"),),
    "F7": (("cue", "long", "perp", "area", "size", "brainshare"),),
    "F8": (("placing", "likely"), ("cue", "commissure")),
    "F9": (("placing", "likely", "small"), ("locating",), ("cue", "atlas", "share", "regionshare")),
    "F10": (("vary",), ("cue", "threshold", "stated")),
    "F11": (("cue", "peak", "heat", "inside", "beyond"), ("agreeing",)),
}
_NONE: frozenset[Key] = frozenset()
#: What makes a doubt in a sentence true.
_DOUBTS = ("possible", "indeterminate")


def take_other_senses(clause: Clause) -> None:
    """Take words that are left over if a claim of the clause, all of which hold, accounts for another sense."""
    if not clause.claims or any(claim.verdict != "entailed" for claim in clause.claims):
        return
    facts = {claim.about[0].partition(".")[0] for claim in clause.claims}
    made = {claim.about for claim in clause.claims}
    for i, span in enumerate(clause.spans):
        if span.has("negation") or span.has("certainty", "excluded") or span.has("class"):
            continue
        before = clause.spans[i - 1] if i else None
        if span.has("certainty", "certain"):
            if before is not None and before.text == "less" and ("F9", "fragile") in made:
                clause.take(i)
            continue
        if before is not None and before.has("cue", "alternative") and span.has("certainty", "rank"):
            clause.take(i)  # "the next most probable"
            continue
        known = belongs(span, facts) or not made.isdisjoint(_of_statements(span))
        if known or _is_the_first(clause, span) or _is_a_doubt(clause, span):
            clause.take(i)


def belongs(span: Span, facts: set[str]) -> bool:
    """True if a sense of the word belongs to one of these facts ("F7")."""
    return any(span.has(*sense) for fact in facts for sense in _SENSES.get(fact, ()))


def _of_statements(span: Span) -> frozenset[Key]:
    """What the statements are about that know a word which nothing else knows."""
    return (
        frozenset().union(*(knowing(stem(word)) for word in span.text.split()))
        if span.has("phrase")
        else _NONE
    )


def _is_the_first(clause: Clause, span: Span) -> bool:
    """A word of the first rank beside the class that was found, and no other."""
    named = {one.get("class") for one in clause.spans if one.has("class")}
    return span.has("certainty", "rank") and named == {clause.ground.known["F5", "value"]}


def _is_a_doubt(clause: Clause, span: Span) -> bool:
    """A word of doubt where the place is doubtful, and nothing is said of a class."""
    tentative = clause.ground.known.get(("F9", "hedge")) == "tentative"
    return tentative and clause.has("place") and span.has("certainty", *_DOUBTS) and not clause.has("class")
