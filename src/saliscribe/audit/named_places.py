"""The places that a clause names, each with the part and the side that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from saliscribe.audit.clause import Clause
from saliscribe.audit.places import division, has_divisions
from saliscribe.audit.read_side import in_picture


@dataclass(frozen=True)
class Named:
    """A place as the text names it: ``at`` is its span, ``side`` the side it is given."""

    at: int
    place: str
    side: int | None
    first: int


def named_places(clause: Clause) -> list[Named]:
    """Every place with the part and the side that belong to it."""
    found, last = [], -1
    for i in clause.all("place"):
        place, first = clause.spans[i].get("place") or "", i
        places = clause.spans[i].tags["place"]
        if _is_part_of_next(clause, i):
            continue
        own = {fact.name for fact in clause.ground.findings.location.structures}
        place = next((p for p in places if p in own), place)
        place = (
            place
            if place in own
            else next(
                (p for p in places if p in clause.ground.places or p in clause.ground.region_places), place
            )
        )
        part, at = _part(clause, i, last)
        if part is not None and has_divisions(place):
            clause.take(at)
            place, first = division(place, part) or f"{part} of {place}", min(i, at)
        side = _side_of(clause, i, last, first)
        clause.take(i, *(() if side is None else (side,)))
        found.append(Named(i, place, side, first))
        last = max(i, at if part is not None else i)
    return found


def _is_part_of_next(clause: Clause, i: int) -> bool:
    """ "pars opercularis" in "pars opercularis of the inferior frontal gyrus"."""
    part = clause.spans[i].get("part")
    following = [span for span in clause.spans[i + 1 : i + 5] if span.has("place")]
    return (
        part is not None and bool(following) and division(following[0].get("place") or "", part) is not None
    )


def _part(clause: Clause, i: int, last: int) -> tuple[str | None, int]:
    """ "posterior division of the left ..." before a place, ", posterior division" after it."""
    for at in range(i - 1, max(last, i - 6), -1):
        span = clause.spans[at]
        if span.has("part") and at not in clause.taken:
            between = [s.text for s in clause.spans[at + 1 : i]]
            if all(
                text in ("of", "the", "of the", "left", "right", "left sided", "right sided", "patient's")
                for text in between
            ):
                return span.get("part"), at
    for at in range(i + 1, min(i + 5, len(clause.spans))):
        span = clause.spans[at]
        if span.has("part"):
            between = [s.text for s in clause.spans[i + 1 : at]]
            if all(
                text in (",", "(", "its", "in", "at", "-", "within") for text in between
            ) and has_divisions(clause.spans[i].get("place") or ""):
                return span.get("part"), at
            break
        if span.has("place"):
            break
    return None, i


def _side_of(clause: Clause, i: int, last: int, first: int) -> int | None:
    for at in range(i - 1, max(last, first - 4, -1), -1):
        if clause.spans[at].has("side") and at not in clause.taken and not in_picture(clause, at):
            return at
        if clause.spans[at].text in (",", ";", "("):
            break
    for at in range(i + 1, min(i + 4, len(clause.spans))):
        span = clause.spans[at]
        if span.has("side") and at not in clause.taken and not in_picture(clause, at):
            if any(later.has("place") or later.has("part") for later in clause.spans[at + 1 : at + 3]):
                return None
            return (
                at
                if all(s.text in ("on", "the", "of", "(", ",", "at", "to") for s in clause.spans[i + 1 : at])
                else None
            )
        if span.has("place"):
            break
    return None
