"""One sentence -> clauses, so that a denial or a hedge reaches no further than it should."""

from __future__ import annotations

from saliscribe.audit.tag_sentence import Span

_BREAKS = frozenset((";", "but", "however", "although", "because", "though", "whereas", "while", "yet"))
_JOINTS = frozenset((",", "and", "-", ":"))
#: They start a clause where a verb stands on both sides: "... since the spacing is unknown", not "change since then".
_REASONS = frozenset(("since", "so", "hence", "therefore", "thus"))
_PARTICIPLE = ("ed", "en", "wn", "found", "made", "held")
_EMBEDS = frozenset(("how", "whether", "what", "why"))
#: After a comma these go on with what was said.
_SUCH = frozenset(("such", "namely", "including", "especially", "particularly", "for"))
_LOOK = 7
_SUBORDINATE = frozenset(("when", "if", "once", "where", "whenever"))
#: "Had the brain been healthy, ..." and "Whether it is right, ..." need what comes behind the comma.
_CONDITIONS = frozenset(("had", "were", "if", "even if", "should", "whether", "even", "when"))
#: "Without a pixel spacing, ..." has said its own.
_WITHOUT = frozenset(("without", "lacking", "no", "absent"))
#: How something is hung on a sentence that was complete: "with ring enhancement", "larger than before".
_HANGERS = frozenset(
    ("with", "accompanied", "from", "due", "caused", "given", "unchanged", "stable", "larger", "smaller", "bigger",
     "worse", "better", "grown", "after", "along", "together", "plus", "also", "likely", "thus", "hence")
)  # fmt: skip
#: "With regard to growth" and "including growth" go on with a list.
_GO_ON = frozenset(("regard", "respect", "reference", "or"))
_LISTING = frozenset(("including", "concerning", "regarding"))


def clauses(spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    """(start, end) of each clause: at strong breaks, and at "and", "," where a new verb phrase starts."""
    cuts = [0]
    held = spans[0].text in _CONDITIONS if spans else False
    for i, span in enumerate(spans):
        if span.text == "," and held:
            held = False
            continue
        opens = len(cuts) == 1 and spans[0].text in _WITHOUT and not verb_at(spans, 0, i)
        opens = opens and not any(
            one.has("topic") for one in spans[:i]
        )  # "No evaluation of grade, symptoms ..."
        if span.text == "," and opens and i < _LOOK + 3:
            cuts.append(i + 1)
            continue
        strong = span.text in _BREAKS and not (span.text == "yet" and i and spans[i - 1].text == "and")
        joint = span.text in _JOINTS or (span.text in _REASONS and i > cuts[-1])
        if strong or (joint and (_starts_anew(spans, cuts[-1], i) or _is_hung_on(spans, cuts[-1], i))):
            cuts.append(i + 1)
    return [(a, b) for a, b in zip(cuts, [*cuts[1:], len(spans)], strict=True) if b > a]


def _starts_anew(spans: tuple[Span, ...], start: int, at: int) -> bool:
    """True if both sides of a joint have a verb, and the right one starts with its own subject."""
    if spans[at].text == ":":
        if any(span.has("method") for span in spans[start:at]) and not verb_at(spans, start, at):
            return False  # "GradCAM: 55% of the heat is inside"
        if spans[at + 1 : at + 2] and spans[at + 1].has("negation") and not verb_at(spans, start, at):
            return False  # "Performance: not measured"
    elif not verb_at(spans, start, at) or _in_a_subject(spans, start, at):
        return False
    if at + 1 < len(spans) and spans[at + 1].text in _SUCH:
        return False
    right = spans[at + 1 : at + 1 + _LOOK]
    for n, span in enumerate(right):
        if (span.text in _JOINTS and n > 0) or span.text in _BREAKS or span.text == "(":
            return False
        if span.text in _EMBEDS:
            return False  # the verb is that of an item: "oedema, how the contrast agent is taken up, ..."
        if span.has("verb") and not span.text.endswith("ing"):
            denied = n + 1 < len(right) and right[n + 1].has("negation")
            return (
                n > 0
                or (denied and span.text in ("is", "are"))
                or span.text not in ("is", "are", "was", "were")
            )
    return False


def _in_a_subject(spans: tuple[Span, ...], start: int, at: int) -> bool:
    """True for the "and" of "..., when threshold and level are varied": its verb comes behind."""
    opens = [i for i in range(start, at) if spans[i].text in _SUBORDINATE]
    return bool(opens) and spans[at].text == "and" and not verb_at(spans, opens[-1] + 1, at)


def _is_hung_on(spans: tuple[Span, ...], start: int, at: int) -> bool:
    """True if what follows a joint is a topic hung on words that had a verb of their own: it needs its own denial."""
    complete = verb_at(spans, start, at) or (
        spans[at].text == "," and spans[at - 1].has("negation", "unassessed")
    )
    if not complete or not hangs(spans[at + 1 :]):
        return False
    end = next((i for i in range(at + 1, len(spans)) if spans[i].text in _BREAKS), len(spans))
    return any(span.has("topic") and not span.has("topic", "side") for span in spans[at + 1 : end])


def hangs(spans: tuple[Span, ...]) -> bool:
    """True for words that hang on what was said before them: "with ...", "causing ...", "in a patient with ..."."""
    if len(spans) < 2:
        return False
    first, second = spans[0], spans[1]
    if first.text in _HANGERS or first.has("bound") or first.has("certainty", "consistent_with"):
        return second.text not in _GO_ON
    if first.text in ("in", "for", "of"):
        return second.text in ("a", "an", "the", "which")
    return first.text.endswith("ing") and first.text not in _LISTING and not first.has("topic")


def verb_at(spans: tuple[Span, ...], start: int, end: int) -> bool:
    """True if there is a verb of its own: not "Measured in plane, ..." or "As indicated by the user, ..."."""
    verbs, embedded = [], False
    for i in range(start, end):
        if spans[i].has("verb") and not spans[i].text.endswith("ing"):
            verbs += [] if embedded else [i]  # the verb of "how the contrast agent is taken up" is its own
            embedded = False
        embedded |= spans[i].text in _EMBEDS
    leads = verbs == [start] and spans[start].text.endswith(_PARTICIPLE)
    return bool(verbs) and not leads and not (verbs == [start + 1] and spans[start].text == "as")
