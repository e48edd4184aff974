"""Structures, regions, sides, shares: where the delineated region lies."""

from __future__ import annotations

from dataclasses import dataclass

from saliscribe.audit.clause import Clause
from saliscribe.audit.places import division, has_divisions
from saliscribe.audit.quantities import Quantity
from saliscribe.core.records.facts import StructureFact

_TENTATIVE = ("possible", "indeterminate")
_LIKELY = ("probable", "consistent_with", "rank")


@dataclass(frozen=True)
class Named:
    """A place as the text names it: ``at`` is its span, ``side`` the side it is given."""

    at: int
    place: str
    side: int | None
    first: int


def read_place(clause: Clause) -> None:
    """Claims about F9: places, their shares, sides and how firmly the place is stated."""
    named = _named(clause)
    denied = clause.negated() and bool(named)
    if denied:
        clause.take_all("negation", "not")
    fragile = clause.has("placing", "fragile")
    for one in named:
        _one_place(clause, one, denied and not fragile)
        if fragile:
            _is_fragile(clause, one)
    _shares(clause, named)
    _further(clause)
    if named:
        _firmness(clause)
    _lone_sides(clause)
    if clause.has("cue", "region", "brain") or named:
        clause.take_all("frame")


def _named(clause: Clause) -> list[Named]:
    """Every place with the part and the side that belong to it."""
    found, last = [], -1
    for i in clause.all("place"):
        place, first = clause.spans[i].get("place") or "", i
        places = clause.spans[i].tags["place"]
        own = {fact.name for fact in clause.ground.findings.location.structures}
        place = next((p for p in places if p in own), place)
        place = place if place in own else next((p for p in places if p in clause.ground.places or p in clause.ground.region_places), place)
        part, at = _part(clause, i, last)
        if part is not None and has_divisions(place):
            clause.take(at)
            place, first = division(place, part) or f"{part} of {place}", min(i, at)
        side = _side_of(clause, i, last, first)
        clause.take(i, *(() if side is None else (side,)))
        found.append(Named(i, place, side, first))
        last = max(i, at if part is not None else i)
    return found


def _part(clause: Clause, i: int, last: int) -> tuple[str | None, int]:
    """ "posterior division of the left ..." before a place, ", posterior division" after it."""
    for at in range(i - 1, max(last, i - 6), -1):
        span = clause.spans[at]
        if span.has("part") and at not in clause.taken:
            between = [s.text for s in clause.spans[at + 1 : i]]
            if all(text in ("of", "the", "of the", "left", "right", "left sided", "right sided", "patient's") for text in between):
                return span.get("part"), at
    for at in range(i + 1, min(i + 5, len(clause.spans))):
        span = clause.spans[at]
        if span.has("part"):
            between = [s.text for s in clause.spans[i + 1 : at]]
            if all(text in (",", "(", "its", "in", "at", "-", "within") for text in between) and has_divisions(clause.spans[i].get("place") or ""):
                return span.get("part"), at
            break
        if span.has("place"):
            break
    return None, i


def _side_of(clause: Clause, i: int, last: int, first: int) -> int | None:
    for at in range(i - 1, max(last, first - 4, -1), -1):
        if clause.spans[at].has("side") and at not in clause.taken and not _in_picture(clause, at):
            return at
        if clause.spans[at].text in (",", ";", "("):
            break
    for at in range(i + 1, min(i + 4, len(clause.spans))):
        span = clause.spans[at]
        if span.has("side") and at not in clause.taken and not _in_picture(clause, at):
            return at if all(s.text in ("on", "the", "of", "(", ",", "at", "to") for s in clause.spans[i + 1 : at]) else None
        if span.has("place"):
            break
    return None


def _in_picture(clause: Clause, at: int) -> bool:
    return any(span.has("frame", "picture") for span in clause.spans[at : at + 4]) or any(
        span.has("frame", "picture") for span in clause.spans[max(0, at - 2) : at]
    )


def _one_place(clause: Clause, one: Named, denied: bool) -> None:
    ground, span = clause.ground, clause.spans[one.at]
    facts = ground.places.get(one.place, ())
    known = bool(facts) or one.place in ground.region_places
    said = one.place
    if denied:
        reason = f"{said}: the findings name it" if known else f"{said}: the findings do not say that it is spared"
        clause.add(("F9", "region"), f"not {said}", False if known else None, reason)
    elif not known:
        wrong = bool(ground.findings.location.region or ground.findings.location.structures)
        clause.add(("F9", "main"), said, False if wrong else None, f"{said}: the findings do not name this place")
    else:
        field = "region" if one.place in ground.region_places else "main"
        clause.add(("F9", field), said, True, value=tuple(fact.id for fact in facts))
        if one.side is not None:
            _placed_side(clause, one, facts)
    if one.side is not None and not known:
        clause.add(("F9", "side"), span.text, None)


def _placed_side(clause: Clause, one: Named, facts: tuple[StructureFact, ...]) -> None:
    side, ground = clause.spans[one.side or 0].get("side") or "", clause.ground
    exact = [fact for fact in facts if fact.name == one.place]
    sides = {fact.side for fact in (exact or facts)}
    if not exact and (one.place in ground.region_places or not facts):
        sides = {str(ground.known["F9", "side"])} | (set() if one.place in ground.region_places else sides)
    if exact and sides == {"not_assessed"}:
        sides = {str(ground.known["F9", "side"])}
    holds = side in sides
    silent = sides == {"not_assessed"}
    clause.add(("F9", "side"), f"{side} {one.place}", None if silent and not holds else holds,
               f"{side} {one.place}: the findings say {', '.join(sorted(sides)).replace('_', ' ')}")  # fmt: skip


def _is_fragile(clause: Clause, one: Named) -> None:
    facts = [fact for fact in clause.ground.places.get(one.place, ()) if fact.name == one.place]
    holds = any(fact.stability == "fragile" for fact in facts)
    clause.add(("F9", "fragile"), f"{one.place} is fragile", holds if facts else None, f"{one.place}: the findings say stable")


def _shares(clause: Clause, named: list[Named]) -> None:
    """Percentages of the region (or of a structure) beside the places they belong to."""
    numbers = [q for q in clause.free_numbers() if q.unit == "%" and not _other_share(clause, q)]
    outside = [q for q in numbers if clause.has("cue", "atlas") and not named]
    for q in outside:
        clause.compare(("F9", "outside"), q)
        clause.take_all("negation", "not")
        clause.take_all("cue", "beyond")
    if not named:
        return
    for q, one in _pairs(clause, [q for q in numbers if q not in outside], named):
        _one_share(clause, q, one)


def _other_share(clause: Clause, q: Quantity) -> bool:
    after = clause.spans[q.upto : q.upto + 2]
    return any(span.has("cue", "brainshare", "stated", "interval") for span in after) or clause.has("cue", "heat", "peak")


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
    facts = [fact for fact in clause.ground.places.get(one.place, ()) if fact.name == one.place]
    said = f"{q.value:g}% {one.place}"
    if not facts:
        facts_in = clause.ground.places.get(one.place, ())
        total = 100.0 * sum(fact.share_of_lesion for fact in facts_in)
        holds = bool(facts_in) and q.says(total, 0, 1.0, 100.0) and len(facts_in) > 1
        clause.add(("F9", "main"), said, holds if facts_in else None, f"{said}: the findings give no such share")
        return
    whole, share = "region", facts[0].share_of_lesion
    if _of_structure(clause, q, one):
        whole = "structure"
        if facts[0].share_of_structure is None:
            clause.add(("F9", "main"), said, None, f"{said}: the findings give no share of the structure")
            return
        share = facts[0].share_of_structure
    holds = any(q.says(100.0 * (share if whole == "structure" else f.share_of_lesion), 1, 5.0, 100.0) for f in facts[:1])
    clause.add(("F9", "main"), said, holds, f"{said}: the findings say {100.0 * share:.0f}% of the {whole}", facts[0].id)


def _of_structure(clause: Clause, q: Quantity, one: Named) -> bool:
    """ "19% of the frontal pole": the structure is the whole."""
    after = clause.spans[q.upto : q.upto + 1]
    if any(span.has("cue", "structureshare") for span in after):
        return True
    between = [span.text for span in clause.spans[q.upto : one.first]] if one.first >= q.upto else []
    return bool(between) and between[0] == "of" and all(text in ("of", "the", "left", "right") for text in between)


def _further(clause: Clause) -> None:
    """ "5 more structures are touched"."""
    for q in clause.free_numbers():
        after = [span.text for span in clause.spans[q.upto : q.upto + 3]]
        if q.unit == "" and any(text in ("more", "further", "other", "additional") for text in after) and any("structure" in text for text in after):
            clause.compare(("F9", "further"), q)


def _firmness(clause: Clause) -> None:
    """A place must be worded as cautiously as its placement allows."""
    hedge = clause.ground.known.get(("F9", "hedge"))
    if hedge is None or clause.has("placing", "small", "fragile", "stable"):
        clause.take_all("placing")
        return
    certain = clause.all("certainty", "certain")
    if certain and not clause.negated():
        clause.take(*certain)
        clause.add(("F9", "hedge"), "a certain place", False, "the place is stated as certain")
        return
    words_tentative = clause.has("placing", "tentative") or clause.has("certainty", *_TENTATIVE)
    words_likely = clause.has("placing", "likely") or clause.has("certainty", *_LIKELY) or clause.has("bound", "about")
    given = 2 if words_tentative else 1 if words_likely or clause.has("grade") else 0
    needed = {"sure": 0, "likely": 1, "tentative": 2}[str(hedge)]
    clause.take_all("certainty", *_TENTATIVE, *_LIKELY)
    clause.take_all("placing")
    if given < needed:
        clause.add(("F9", "hedge"), "the place without reserve", False,
                   "the place is stated more firmly than the placement allows (" + str(hedge) + ")")  # fmt: skip


def _lone_sides(clause: Clause) -> None:
    """Sides that stand alone: the patient's, or the picture's."""
    known = clause.ground.known
    for i in clause.all("side"):
        side = clause.spans[i].get("side") or ""
        clause.take(i)
        if _in_picture(clause, i) or clause.spans[i].has("frame", "picture"):
            wanted = {"left": "image-left", "right": "image-right", "midline": "image-midline"}.get(side)
            holds = known.get(("F9", "image_side")) == wanted if clause.ground.findings.delineation.state == "present" else None
            clause.add(("F9", "image_side"), f"{side} of the picture", holds,
                       f"{side} of the picture: the findings say {known.get(('F9', 'image_side'))}")  # fmt: skip
            continue
        true_side = known.get(("F9", "side"))
        silent = true_side in (None, "not_assessed")
        denied = clause.negated()
        holds = None if silent else (side == true_side) and not denied
        if denied:
            clause.take_all("negation", "not")
        clause.add(("F9", "side"), f"side {side}", holds,
                   f"side {side}: the findings say {str(true_side).replace('_', ' ')}")  # fmt: skip
