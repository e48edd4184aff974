"""Percentages of the region, or of a structure, beside the places they belong to."""

from __future__ import annotations

import re
from itertools import pairwise

from saliscribe.audit.clause import Clause
from saliscribe.audit.named_places import Named
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.read_side import in_picture

_NAMELESS = frozenset(
    (
        "unlabelled",
        "unnamed",
        "nameless",
        "unassigned",
        "without a label",
        "outside the atlas",
        "lacks",
        "none",
    )
)


_NAMES = re.compile(r"\bstructures?\b|\b(?:anatomical|atlas) (?:names?|labels?)\b")
_UNCOVERED = frozenset(("not covered", "lie beyond", "lies beyond", "beyond the reach", "outside the reach"))


def place_shares(clause: Clause, named: list[Named]) -> None:
    """Percentages of the region (or of a structure) beside the places they belong to."""
    numbers = [q for q in clause.free_numbers() if q.unit == "%" and not _other_share(clause, q)]
    outside = [
        q for q in numbers if (clause.has("cue", "atlas") or _NAMES.search(clause.words())) and not named
    ]
    for q in outside:
        turns = (
            clause.denials()[1]
            + clause.has("cue", "beyond")
            + any(s.text in _NAMELESS or s.text in _UNCOVERED for s in clause.spans)
        )
        if turns % 2 == 0:
            clause.take_number(q)
            said = f"{q.value:g}% has a name"
            clause.add(("F9", "outside"), said, False, f"{said}: the findings give the share without a name")
            continue
        clause.compare(("F9", "outside"), q)
        clause.take_all("negation", "not")
        clause.take_all("negation", "unassessed")
        clause.take_all("cue", "beyond")
    if not named:
        _explained(clause)
        return
    if _as_shares_of_the_brain(clause):
        for q in numbers:
            clause.take_number(q)
            said = f"{q.value:g}% of the brain"
            clause.add(("F9", "main"), said, False, f"{said}: the findings give shares of the region")
        return
    for q, one in _pairs(clause, [q for q in numbers if q not in outside], named):
        if _of_placements(clause, q):
            _chance(clause, q, one)
        else:
            _one_share(clause, q, one)


def _explained(clause: Clause) -> None:
    """ "..., where the numbers are fractions of its area": says of what the shares of the sentence are."""
    shares = any(q for q in clause.quantities)
    if clause.has("cue", "regionshare") and clause.has("cue", "share") and not shares:
        told = any(span.has("place") for span in clause.sentence)
        clause.add(("F9", "shares"), "shares of the region", told or None, None)


def _other_share(clause: Clause, q: Quantity) -> bool:
    after = clause.spans[q.upto : q.upto + 2]
    return any(span.has("cue", "brainshare", "stated", "interval") for span in after) or clause.has(
        "cue", "heat", "peak"
    )


def _as_shares_of_the_brain(clause: Clause) -> bool:
    return any(
        one.has("cue", "share") and following.has("cue", "brainshare")
        for one, following in pairwise(clause.sentence)
    )


def _pairs(clause: Clause, numbers: list[Quantity], named: list[Named]) -> list[tuple[Quantity, Named]]:
    """In brackets behind its place; "19% of the region in its place"; lists of equal length in order."""
    if len(numbers) == len(named) > 1 and len({q.group for q in numbers}) == 1:
        return list(zip(numbers, named, strict=True))
    pairs = []
    number_first = bool(numbers) and numbers[0].at < named[0].first and not _bracketed(clause, numbers[0])
    for q in numbers:
        before = [one for one in named if one.at < q.at]
        after = [one for one in named if one.first >= q.upto]
        if _bracketed(clause, q):
            pairs.append((q, (before or after)[-1 if before else 0]))
        elif number_first:
            pairs.append((q, after[0] if after else before[-1]))
        else:
            pairs.append((q, before[-1] if before else after[0]))
    return pairs


def _bracketed(clause: Clause, q: Quantity) -> bool:
    before = [span.text for span in clause.spans[max(0, q.at - 3) : q.at]]
    return "(" in before


def _one_share(clause: Clause, q: Quantity, one: Named) -> None:
    clause.take_number(q)
    side = _side_of_share(clause, q, one)
    facts = [fact for fact in clause.ground.places.get(one.place, ()) if fact.name == one.place]
    facts = [fact for fact in facts if side in (None, fact.side) or fact.side == "not_assessed"] or facts
    said = f"{q.value:g}% {one.place}"
    if not facts or (len(facts) > 1 and not _of_each(clause)):
        facts_in = clause.ground.places.get(one.place, ())
        total = 100.0 * sum(fact.share_of_lesion for fact in facts_in)
        holds = bool(facts_in) and q.says(total, 0, 1.0, 100.0) and len(facts_in) > 1
        clause.add(
            ("F9", "main"), said, holds if facts_in else None, f"{said}: the findings give no such share"
        )
        return
    of_structure = _of_structure(clause, q, one)
    whole = "structure" if of_structure else "region"
    shares = [fact.share_of_structure if of_structure else fact.share_of_lesion for fact in facts]
    known = [share for share in shares if share is not None]
    if len(known) < len(shares):
        clause.add(("F9", "main"), said, None, f"{said}: the findings give no share of the structure")
        return
    holds = all(q.says(100.0 * share, 1, 5.0, 100.0) for share in known)
    told = " and ".join(f"{100.0 * share:.0f}%" for share in known)
    clause.add(("F9", "main"), said, holds, f"{said}: the findings say {told} of the {whole}", facts[0].id)


def _of_placements(clause: Clause, q: Quantity) -> bool:
    """ "Named in 84% of the plausible placements": no share of the region."""
    before = clause.spans[q.at - 1].text if q.at else ""
    behind = clause.spans[q.upto : q.upto + 5]
    return before in ("in", "about", "at", "with") and any(s.text.startswith("placement") for s in behind)


def _chance(clause: Clause, q: Quantity, one: Named) -> None:
    """In how many of the plausible placements a structure comes up."""
    clause.take_number(q)
    facts = [fact for fact in clause.ground.places.get(one.place, ()) if fact.name == one.place]
    chances = [fact.probability for fact in facts if fact.probability is not None]
    said = f"{one.place} in {q.value:g}% of the placements"
    if not chances:
        clause.add(("F9", "main"), said, None)
        return
    holds = all(q.says(100.0 * chance, 1, 1.0, 100.0) for chance in chances)
    clause.add(
        ("F9", "main"), said, holds, f"{said}: the findings say {100.0 * chances[0]:.0f}%", facts[0].id
    )


def _side_of_share(clause: Clause, q: Quantity, one: Named) -> str | None:
    """The side that a share belongs to: "the thalami (left 22%, right 17%)", else that of its place."""
    behind = max((p.upto for p in clause.quantities if p.upto <= q.at), default=0)
    for at in range(q.at - 1, max(behind, one.at, q.at - 4), -1):
        if clause.spans[at].has("side", "left", "right") and not in_picture(clause, at):
            clause.take(at)
            return clause.spans[at].get("side")
    return None if one.side is None else clause.spans[one.side].get("side")


def _of_each(clause: Clause) -> bool:
    return any(span.text in ("each", "either", "apiece", "per side") for span in clause.spans)


def _of_structure(clause: Clause, q: Quantity, one: Named) -> bool:
    """ "19% of the frontal pole": the structure is the whole."""
    after = clause.spans[q.upto : q.upto + 1]
    if any(span.has("cue", "structureshare") for span in after) or "of each structure" in clause.words():
        return True
    between = [span.text for span in clause.spans[q.upto : one.first]] if one.first >= q.upto else []
    return (
        bool(between)
        and between[0] == "of"
        and all(text in ("of", "the", "left", "right") for text in between)
    )


def further_structures(clause: Clause) -> None:
    """ "5 more structures are touched"."""
    for q in clause.free_numbers():
        after = [span.text for span in clause.spans[q.upto : q.upto + 3]]
        if (
            q.unit == ""
            and any(text in ("more", "further", "other", "additional") for text in after)
            and any("structure" in text for text in after)
        ):
            clause.compare(("F9", "further"), q)
