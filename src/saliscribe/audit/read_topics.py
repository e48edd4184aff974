"""What a report may only name to say that it was not assessed."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.clauses import hangs
from saliscribe.audit.read_side import in_picture
from saliscribe.audit.tokens import stem

#: Words between a denial and its verb: "no statement about oedema can be made".
_MODAL = ("cannot", "can", "could", "unable", "nor can", "nor could", "neither can", "can't", "couldn't")

#: So many topics are a list, and a denial so close before the first is the list's own.
_LIST, _NEAR = 3, 3
_THERE = frozenset(
    stem(word) for word in ("present", "there", "exist", "evident", "apparent", "observed", "noted", "found", "sign",
                            "signs", "evidence", "noticed", "occur", "have", "has", "had", "suffer", "demonstrated")
)  # fmt: skip

_CLEAR = frozenset(
    stem(word) for word in ("assessed", "evaluated", "judged", "examined", "statement", "comment")
)


def read_topics(clause: Clause) -> None:
    """Claims about the topics of F12; a topic outside a "not assessed" scope is refused."""
    _who_told_the_side(clause)
    spans = clause.all("topic")
    denials, count = clause.denials()
    if not spans:
        if clause.context.sentence_unassessed and count == 1 and clause.has("assess", "assess"):
            clause.take(*denials)
        if _opens_a_list(clause, count):
            clause.context.sentence_unassessed = True
            clause.take(*denials)
            clause.take_all("negation", "unassessed")
        return
    if not denials and clause.has("side") and not clause.has("negation"):
        clause.take(*(i for i in spans if clause.spans[i].tags["topic"] == ("side",)))
        spans = clause.all("topic")
    scope = _unassessed(clause, denials, count)
    for i in spans:
        clause.take(i)
        _claim(clause, i, scope)
    if scope:
        _contrast(clause)
        # What nobody knows was not assessed either.
        clause.take(*(i for i, s in enumerate(clause.spans) if s.has("unknown") or s.has("phrase")))
        clause.take(*denials)
        clause.take_all("negation", "unassessed")
        clause.take_all("certainty", "possible", "indeterminate", "excluded")
        clause.take_all("missing")
        clause.take(*(i for i in clause.all("side") if not in_picture(clause, i)))
        clause.take_all("class")
        clause.context.sentence_unassessed = True


def _who_told_the_side(clause: Clause) -> None:
    """ "Laterality relies on the orientation stated by the user": where the side is known from, and not which it is."""
    told = [i for i in clause.all("basis", "user", "header") if not clause.has("plane")]
    sides = [i for i in clause.all("topic", "side") if clause.spans[i].tags["topic"] == ("side",)]
    if told and sides and not clause.has("side") and not clause.denials()[0]:
        clause.take(*told, *sides)
        by = clause.spans[told[0]].get("basis")
        known = clause.ground.known.get(("F9", "side_basis"))
        holds = None if known is None else by == known
        reason = f"side according to {by}: the findings say {str(known).replace('_', ' ')}"
        clause.add(("F9", "side_basis"), f"side according to {by}", holds, reason, by)


def _contrast(clause: Clause) -> None:
    """ "What becomes of the contrast" in a list of what was not assessed: the pattern of enhancement."""
    if any(span.text == "contrast" for span in clause.spans):
        listed = "enhancement_pattern" in clause.ground.topics
        reason = "contrast: the findings do not list this as not assessed"
        clause.add(
            ("F12", "enhancement_pattern"),
            "not assessed: contrast",
            listed or None,
            reason,
            "enhancement_pattern",
        )


def _claim(clause: Clause, i: int, scope: bool) -> None:
    span, ground = clause.spans[i], clause.ground
    names = span.tags["topic"]
    named = next((name for name in names if name in ground.topics), None)
    said = f"{span.text}"
    if scope:
        if named is not None:
            clause.add(("F12", named), f"not assessed: {said}", True, value=named)
        elif "other_disease" in names or (
            "side" in names and ground.known.get(("F9", "side")) == "not_assessed"
        ):
            clause.add(
                ("F14", "healthy_class") if "other_disease" in names else ("F9", "side"),
                f"not assessed: {said}",
                True,
            )
        else:
            clause.add(
                ("F12", names[0]), said, None, f"{said}: the findings do not list this as not assessed"
            )
    elif named is not None:
        clause.add(("F12", named), said, False, f"{said}: the findings say that this was not assessed")
    else:
        clause.add(("F12", names[0]), said, None, f"{said}: the findings say nothing about this")


def _opens_a_list(clause: Clause, count: int) -> bool:
    """ "Not assessed:" and "One picture cannot show," before the list that they are about."""
    if clause.spans[-1].text not in (":", ",") or (
        clause.has("cue", "region", "spacing", "checker", "heat")
        or clause.has("place")
        or clause.has("class")
    ):
        return False
    cannot = any(span.text in _MODAL for span in clause.spans)
    clear = clause.has("assess", "assess") or (clause.has("assess") and cannot)
    return (count == 1 and clear) or (count == 0 and clause.has("negation", "unassessed"))


def _unassessed(clause: Clause, denials: list[int], count: int) -> bool:
    """True if the clause says that nobody assessed what it names."""
    words = [clause.spans[i].text for i in denials]
    strict = clause.has("assess", "assess") or (
        clause.has("assess", "perceive") and any(w in _MODAL for w in words)
    )
    strict |= clause.has("assess", "act") and not clause.has("topic", "treatment")
    built_in = clause.has("missing") or any(
        span.has("negation", "unassessed") and not (span.has("certainty") and clause.has("class"))
        for span in clause.spans
    )
    if clause.has("certainty", "excluded") or clause.gives_chances():
        return False
    if built_in and count and denials == clause.all("missing"):
        return not clause.has("unit")
    if count and strict and _each_has_a_verb(clause, denials):
        return not built_in and not _only_absent(clause, denials)
    if count == 0 and built_in:
        return not clause.has("unit")
    if clause.charitable and count == 1 and not built_in and _denies_an_analysis(clause, denials):
        return True
    goes_on = clause.context.sentence_unassessed and not hangs(clause.spans)
    listed = clause.context.listing_unassessed or goes_on
    return count == 0 and not _finite(clause) and listed


def _denies_an_analysis(clause: Clause, denials: list[int]) -> bool:
    """True for a list of topics with one denial that is not theirs, and no word of seeing or being there."""
    topics = [i for i, span in enumerate(clause.spans) if span.has("topic")]
    there = any(span.has("assess", "perceive") or stem(span.text) in _THERE for span in clause.spans)
    close = any(i - _NEAR <= denials[0] < i for i in topics[:1])
    return len(topics) >= _LIST and not (there or close or clause.has("certainty") or clause.has("class"))


def _each_has_a_verb(clause: Clause, denials: list[int]) -> bool:
    """True if no two denials share one verb: "not unassessed" and "not without assessment" turn back."""
    verbs = [i for i, span in enumerate(clause.spans) if span.has("assess")]
    alone = [d for d in denials if not clause.spans[d].text.startswith("nor")] or denials[:1]
    for d in alone:
        own = next((v for v in verbs if d <= v <= d + 4), None) if len(alone) > 1 else verbs[0]
        if own is None:
            return False
        verbs.remove(own)
        verbs = [v for v in verbs if v > own] if len(alone) > 1 else verbs
    return True


def _only_absent(clause: Clause, denials: list[int]) -> bool:
    """True for "no oedema is ..." with a verb that could as well say that there is none."""
    at = denials[0]
    follows = any(span.has("topic") for span in clause.spans[at + 1 : at + 3])
    clear = any(stem(span.text) in _CLEAR for span in clause.spans)
    return clause.spans[at].text in ("no", "without", "absent", "free of", "lacks") and follows and not clear


def _finite(clause: Clause) -> bool:
    """True if the clause has a verb of its own, so that a heading does not speak for it."""
    return clause.has("verb")
