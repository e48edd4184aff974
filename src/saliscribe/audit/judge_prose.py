"""One free sentence against the findings: read word for word, claim for claim."""

from __future__ import annotations

from dataclasses import dataclass, replace

from saliscribe.audit.account import unaccounted
from saliscribe.audit.bystanders import stands
from saliscribe.audit.clause import Claim, Context
from saliscribe.audit.clauses import clauses
from saliscribe.audit.ground import Ground
from saliscribe.audit.other_reading import other_reading
from saliscribe.audit.plain_turns import in_plain_turns
from saliscribe.audit.quantities import Quantity, quantities
from saliscribe.audit.read_clause import read_clause, says_nothing
from saliscribe.audit.read_denied import DENIED
from saliscribe.audit.tag_sentence import Span, tag_sentence
from saliscribe.audit.tokens import tokenise


@dataclass(frozen=True)
class Reading:
    """What a sentence claims, and the words that nobody could account for."""

    claims: tuple[Claim, ...]
    left_over: tuple[Span, ...]

    @property
    def is_true(self) -> bool:
        """True if something is claimed, all of it holds, and no word is left over."""
        return bool(self.claims) and not self.left_over and all(c.verdict == "entailed" for c in self.claims)

    @property
    def says_denied(self) -> bool:
        """True if it says what the findings deny: no cut between the words makes that true."""
        return any(claim.reason is not None and claim.reason.endswith(DENIED) for claim in self.claims)


def read_prose(text: str, ground: Ground, context: Context) -> Reading:
    """Every claim of a free sentence. Two readers must agree: ``left_over`` also names what no fact accounts for.

    Where the first reading is not true, another explanation of the same words is looked for, under which all of them
    hold. A lie has none; a true sentence in unusual words may.
    """
    spans = tag_sentence(tokenise(in_plain_turns(text)))
    numbers = quantities(spans)
    context.sentence_unassessed, context.measure = False, ""
    before = replace(context)
    first = _first_reading(spans, numbers, ground, context)
    if first.is_true or first.says_denied or any(map(stands, first.claims)):
        return first
    other = other_reading(spans, numbers, ground, before)
    if other is None or unaccounted(spans, numbers, ground):
        return first
    context.methods = other[-1].context.methods
    return Reading(tuple(claim for clause in other for claim in clause.claims), ())


def _first_reading(
    spans: tuple[Span, ...], numbers: tuple[Quantity, ...], ground: Ground, context: Context
) -> Reading:
    claims: list[Claim] = []
    left: list[Span] = []
    empty: list[Span] = []
    for start, end in clauses(spans):
        clause = read_clause(spans, numbers, start, end, ground, context)
        claims += clause.claims
        left += clause.left_over()
        empty += [Span(clause.words(), start, end, {})] if says_nothing(clause) else []
    left += empty if claims else []
    if not left and all(claim.verdict == "entailed" for claim in claims):
        left += unaccounted(spans, numbers, ground)
    return Reading(tuple(claims), tuple(left))
