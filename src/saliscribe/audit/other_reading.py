"""Another explanation of a sentence whose first reading is not true: cut elsewhere, and read with charity.

A sentence is cut where its clauses may end, and every piece must be understood by itself: its claims hold, each denial
is what some fact demands, and no word with a clinical meaning is left over. What a piece denies must be lacking in the
findings, so that a denial too many or too few has no explanation.
"""

from __future__ import annotations

from dataclasses import replace

from saliscribe.audit.accounted import belongs
from saliscribe.audit.clause import Clause, Context
from saliscribe.audit.clauses import clauses
from saliscribe.audit.ground import Ground
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.read_clause import EMPTY, is_anchor, read_clause
from saliscribe.audit.tag_sentence import Span

#: Where a piece may end: before or at one of these.
_JOINTS = frozenset(
    (",", ";", ":", "-", "(", ")", "and", "or", "but", "so", "as", "since", "because", "which", "that", "hence", "thus",
     "therefore", "though", "although", "while", "whereas", "however", "yet", "whether", "where", "when", "if")
)  # fmt: skip
_MOST = 9
_OF_FIGURES = (
    "long",
    "perp",
    "area",
    "size",
    "dice",
    "inside",
    "beyond",
    "heat",
    "regionshare",
    "structureshare",
    "stated",
)


def other_reading(
    spans: tuple[Span, ...], numbers: tuple[Quantity, ...], ground: Ground, context: Context
) -> list[Clause] | None:
    """The pieces of a true reading of the sentence, or ``None`` if it has none; the fewest pieces that do."""
    pieces: list[Clause] = []
    for start, end in clauses(spans):
        cuts = [i for i in range(start + 1, end) if spans[i].text in _JOINTS]
        cuts = [i for i in cuts if not _binds(i, start, end, spans, numbers)][:_MOST]
        found = _explain(spans, numbers, start, [*cuts, end], ground, context)
        if found is None:
            return None
        pieces += found
        context = found[-1].context
    facts = {claim.about[0].partition(".")[0] for piece in pieces for claim in piece.claims}
    return pieces if facts and all(piece.claims or _goes_with(piece, facts) for piece in pieces) else None


def _explain(
    spans: tuple[Span, ...],
    numbers: tuple[Quantity, ...],
    start: int,
    ends: list[int],
    ground: Ground,
    context: Context,
) -> list[Clause] | None:
    for end in reversed(ends):
        # What was not assessed must be denied in its own piece: "..., with ring enhancement" hangs on nothing.
        asked = replace(context, sentence_unassessed=False)
        piece = read_clause(spans, numbers, start, end, ground, asked, charitable=True)
        if not _holds(piece):
            continue
        if end == ends[-1]:
            return [piece]
        rest = _explain(spans, numbers, end, [e for e in ends if e > end], ground, piece.context)
        if rest is not None:
            return [piece, *rest]
    return None


def _holds(piece: Clause) -> bool:
    if piece.left_over() or any(claim.verdict != "entailed" for claim in piece.claims):
        return False
    facts = {claim.about[0] for claim in piece.claims}
    # "(scale unknown), larger than before": what is unknown is the scale, and growth hangs on nothing.
    return not (any(fact.startswith("F12") for fact in facts) and facts & {"F3", "F4", "F5", "F7", "F10"})


def _goes_with(piece: Clause, facts: set[str]) -> bool:
    """True for a piece that claims nothing, with no meanings but those that belong to the other pieces' facts."""
    spans = [span for span in piece.spans if not EMPTY.issuperset(span.tags)]
    own = any(is_anchor(span) for span in piece.spans) or any(span.has("assess") for span in spans)
    return not own and all(belongs(span, facts) for span in spans)


def _binds(cut: int, start: int, end: int, spans: tuple[Span, ...], numbers: tuple[Quantity, ...]) -> bool:
    """True where a cut would part figures and classes of a clause from each other, or from what they measure."""
    held = [q.at for q in numbers if start <= q.at < end and (q.unit or q.decimals)]
    apart = (
        spans[cut:end] if held and max(held) < cut else spans[start:cut] if held and min(held) > cut else ()
    )
    denies = any(span.has("negation") or span.has("missing") for span in apart)
    if denies and not any(span.has("cue", "heat") or span.has("class") for span in apart):
        return False  # "..., its size in millimetres not being known"
    kinds = (("class",), ("cue", *_OF_FIGURES), *((("place",), ("method",)) if held else ()))
    held += [i for i in range(start, end) if any(spans[i].has(*kind) for kind in kinds)]
    return bool(held) and min(held) < cut <= max(held)
