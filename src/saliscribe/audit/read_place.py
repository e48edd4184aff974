"""Structures and regions: where the delineated region lies, and how firmly that is stated."""

from __future__ import annotations

import re

from saliscribe.audit.clause import Clause
from saliscribe.audit.ground import Ground
from saliscribe.audit.named_places import Named, named_places
from saliscribe.audit.place_shares import further_structures, place_shares
from saliscribe.audit.read_side import read_side, said_of_side
from saliscribe.audit.tag_sentence import Span
from saliscribe.core.records.facts import StructureFact
from saliscribe.core.vocabulary import regions

_TEMPLATES = frozenset(("template", "standard", "standard brain", "the template"))
_TENTATIVE = ("possible", "indeterminate")
_LIKELY = ("probable", "consistent_with", "rank")

#: With a threshold in the sentence: that a structure is named only at some, or that it is named.
_HANGS = frozenset(
    ("depends", "depend", "dependent", "hinges", "sensitive", "removes", "remove", "removed", "dropped", "drop",
     "missing", "only", "vary", "varies", "falls", "lost", "loses", "loss", "excluded", "omitted", "gone",
     "due", "owed", "changes", "change", "changed", "alters", "alter", "differs", "differ")
)  # fmt: skip
_LISTED = frozenset(
    ("appear", "appears", "listed", "list", "named", "name", "mentioned", "mention", "included", "found", "kept",
     "present", "confirm", "confirms", "confirmed", "reappear", "reappears", "remain", "remains", "reported",
     "counted", "there")
)  # fmt: skip

#: "The lesion is in the frontal lobe" says where it lies, without a verb of lying.
_IS_IN = re.compile(
    r"\b(?:lesion|region|area|tumour|mass) (?:is|was|(?:may|might|could|(?:appears|seems|is likely|is thought) to) be)"
    r"(?: \w+ly)? (?:in|inside|within) the "
)

#: "The third class is probably located in the frontal lobe": only a region has a place.
_NO_PLACE = re.compile(
    r"\b(?:class|category|alternative|runner up|probability|prediction|accuracy|plane)\b(?: \([^)]*\))?"
    r" (?:is|was|lies|sits|may lie|might lie|could lie|probably lies)\b(?: \w+)?"
    r" ?(?:located|situated|lies|found)? ?(?:in|within) the "
)


def read_place(clause: Clause) -> None:
    """Claims about F9: places, their shares, sides and how firmly the place is stated."""
    named = named_places(clause)
    if any(q.unit == "%" for q in clause.quantities):
        named = [one for one in named if one.place != "outside the cortical atlas"]
    denied = clause.negated() and bool(named)
    if denied:
        clause.take_all("negation", "not")
    fragile, stable = _of_thresholds(clause, bool(named), denied)
    for one in named:
        _one_place(clause, one, denied and not (fragile or stable))
        if fragile or stable:
            _is_fragile(clause, one, fragile != denied)
            clause.take(*(i for i, span in enumerate(clause.spans) if span.text in ("longer", *_HANGS)))
    _in_itself(clause, named)
    if named and _NO_PLACE.search(clause.words()):
        clause.add(("F9", "main"), clause.words(), False, "only the region has a place, not a class")
    place_shares(clause, named)
    further_structures(clause)
    if named and not _is_a_side(named) and not (fragile or stable or _touches_the_minor(clause, named)):
        _firmness(clause)
    elif named:
        clause.take_all("placing")
    read_side(clause)
    if clause.has("cue", "region", "brain") or named:
        clause.take_all("frame")


def _touches_the_minor(clause: Clause, named: list[Named]) -> bool:
    """True for "it also reaches the putamen", of structures with a small share: the grammar hedges these nowhere."""
    minor = {item[0] for item in clause.ground.known.get(("F9", "minor")) or ()}
    return clause.has("locating", "reach") and all(one.place in minor for one in named)


def _in_itself(clause: Clause, named: list[Named]) -> None:
    """True words in nonsense: "the putamen probably lies in the putamen"; it is the region that lies somewhere."""
    for n, one in enumerate(named):
        for other in named[n + 1 :]:
            between = clause.spans[one.at + 1 : other.at]
            if one.place == other.place and any(span.has("locating", "site") for span in between):
                said = f"{one.place} in {other.place}"
                clause.add(("F9", "main"), said, False, f"{said}: no structure lies in itself")


def _of_thresholds(clause: Clause, named: bool, denied: bool) -> tuple[bool, bool]:
    """Whether the clause says that a place hangs on the threshold, or that it does not (before any denial)."""
    fragile, stable = clause.has("placing", "fragile"), clause.has("placing", "stable")
    if fragile or stable or not named or any(q.unit for q in clause.quantities):
        return fragile, stable
    if not clause.has("cue", "threshold"):
        return False, False
    if clause.has("missing") or any(span.text in _HANGS for span in clause.spans):
        clause.take_all("missing")
        clause.take(*(i for i, span in enumerate(clause.spans) if span.text in _HANGS))
        return True, False
    return False, denied or any(span.text in _LISTED for span in clause.spans)


def _is_a_side(named: list[Named]) -> bool:
    """True for "the right hemisphere": a side in the words of a place."""
    return all(one.side is not None and one.place in ("cerebral hemisphere", "brain half") for one in named)


def _one_place(clause: Clause, one: Named, denied: bool) -> None:
    ground, span = clause.ground, clause.spans[one.at]
    if _is_a_side([one]) and one.place == "cerebral hemisphere" and not denied and _in_the_cerebrum(ground):
        _placed_side(clause, one, ())
        return
    facts = ground.places.get(one.place, ())
    known = ground.names(one.place) and not (_as_the_site(clause, one) and not ground.is_site(one.place))
    said = one.place
    if denied:
        reason = (
            f"{said}: the findings name it" if known else f"{said}: the findings do not say that it is spared"
        )
        clause.add(("F9", "region"), f"not {said}", False if known else None, reason)
    elif not known:
        wrong = bool(ground.findings.location.region or ground.findings.location.structures)
        clause.add(
            ("F9", "main"), said, False if wrong else None, f"{said}: the findings do not name this place"
        )
    else:
        field = "region" if one.place in ground.region_places else "main"
        clause.add(("F9", field), said, True, value=tuple(fact.id for fact in facts))
        if one.side is not None:
            _placed_side(clause, one, facts)
        elif _in_both_halves(clause, one):
            _on_both_sides(clause, one, facts)
    if one.side is not None and not known:
        clause.add(("F9", "side"), span.text, None)


def _in_the_cerebrum(ground: Ground) -> bool:
    """True where a lobe is named, so that its hemisphere says no more than the side."""
    region = ground.findings.location.region or ""
    return region in regions() and ("lobe" in region or region == "insula")


def _as_the_site(clause: Clause, one: Named) -> bool:
    """True for "the lesion lies in the frontal lobe": not merely reaching it, and without a share."""
    if one.place not in regions() or clause.has("placing", "small", "fragile", "stable"):
        return False
    if any(q.unit == "%" for q in clause.quantities):
        return False
    is_in = clause.has("locating", "site") or bool(_IS_IN.search(clause.words()))
    return is_in and not clause.has("locating", "reach")


def _placed_side(clause: Clause, one: Named, facts: tuple[StructureFact, ...]) -> None:
    side, ground = clause.spans[one.side or 0].get("side") or "", clause.ground
    exact = [fact for fact in facts if fact.name == one.place]
    sides = {str(fact.side) for fact in (exact or facts)}
    if not exact and (one.place in ground.region_places or not facts):
        sides = {str(ground.known["F9", "side"])} | (set() if one.place in ground.region_places else sides)
    whole = _is_a_side([one]) and not clause.has("locating", "reach")
    if (exact and sides == {"not_assessed"}) or (whole and ground.known["F9", "side"] != "not_assessed"):
        sides = {str(ground.known["F9", "side"])}
    holds = side in sides
    silent = sides == {"not_assessed"}
    clause.add(
        ("F9", "side"),
        f"{side} {one.place}",
        holds,
        f"{side} {one.place}: {said_of_side(None if silent else ', '.join(sorted(sides)))}",
    )


def _in_both_halves(clause: Clause, one: Named) -> bool:
    """True for "both frontal lobes" and "the frontal lobes", not for "both the frontal and the temporal lobe"."""
    words = clause.words()
    if " and " in one.place or one.place in ("cerebral hemisphere", "brain half") or clause.has("side"):
        return False
    before = [span.text for span in clause.spans[max(0, one.first - 2) : one.first]]
    if "and" in [span.text for span in clause.spans[max(0, one.first - 8) : one.at + 4]]:
        return False
    plural = clause.spans[one.at].text.endswith((" lobes", " poles", "thalami", "hippocampi"))
    return bool({"both", "bilateral"} & set(before)) or (plural and "one of the" not in words)


def _on_both_sides(clause: Clause, one: Named, facts: tuple[StructureFact, ...]) -> None:
    """ "Both thalami": the place has a fact on either side."""
    whole = {str(clause.ground.known.get(("F9", "side")))}
    own = {str(fact.side) for fact in facts}
    sides = whole if one.place in clause.ground.region_places and whole != {"midline"} else own
    both = {"left", "right"} <= own or "midline" in whole | own
    said = f"{one.place} on both sides"
    silent = not sides or sides == {"not_assessed"} or sides == {"None"}
    told = said_of_side(None if silent else ", ".join(sorted(sides)))
    clause.add(("F9", "side"), said, True if both else None if silent else False, f"{said}: {told}")


def _is_fragile(clause: Clause, one: Named, fragile: bool) -> None:
    facts = [fact for fact in clause.ground.places.get(one.place, ()) if fact.name == one.place]
    said, true = ("fragile", "stable") if fragile else ("stable", "fragile")
    holds = any(fact.stability == said for fact in facts)
    clause.add(
        ("F9", "fragile"),
        f"{one.place} is {said}",
        holds if facts else None,
        f"{one.place}: the findings say {true}",
    )


def _is_a_match(spans: tuple[Span, ...], i: int) -> bool:
    """ "Matched to a standard brain" is how the place was found, and no reserve."""
    after = spans[i + 1 : i + 5]
    return spans[i].has("agreeing") and any(s.has("cue", "atlas") or s.text in _TEMPLATES for s in after)


def _roughly(clause: Clause) -> bool:
    """ "About in the frontal lobe" is a reserve; "about 78 mm long" is none."""
    figures = {q.at for q in clause.quantities}
    return any(
        span.has("bound", "about") and figures.isdisjoint(range(i, i + 3))
        for i, span in enumerate(clause.spans)
    )


def _firmness(clause: Clause) -> None:
    """A place must be worded as cautiously as its placement allows."""
    hedge = clause.ground.known.get(("F9", "hedge"))
    if hedge is None or clause.has("placing", "small", "fragile", "stable"):
        clause.take_all("placing")
        return
    certain = clause.all("certainty", "certain")
    turned = [i for i in certain if i and clause.spans[i - 1].text in ("less", "hardly", "far from")]
    clause.take(*turned)
    certain = [i for i in certain if i not in turned]
    if certain and not clause.negated():
        clause.take(*certain)
        clause.add(("F9", "hedge"), "a certain place", False, "the place is stated as certain")
        return
    hedged = clause.spans if any(span.has("class") for span in clause.sentence) else clause.sentence
    words_tentative = any(s.has("placing", "tentative") or s.has("certainty", *_TENTATIVE) for s in hedged)
    # "Named in 84% of the plausible placements" says how sure the place is.
    of_placements = any(q.unit for q in clause.quantities) and "placement" in clause.words()
    words_likely = (
        (of_placements and "% of" in clause.words())
        or _roughly(clause)
        or any(
            s.has("placing", "likely") or (s.has("certainty", *_LIKELY) and not _is_a_match(hedged, i))
            for i, s in enumerate(hedged)
        )
    )
    given = 2 if words_tentative else 1 if words_likely or clause.has("grade") else 0
    needed = {"sure": 0, "likely": 1, "tentative": 2}[str(hedge)]
    clause.take_all("certainty", *_TENTATIVE, *_LIKELY)
    clause.take_all("placing")
    if given < needed:
        clause.add(
            ("F9", "hedge"),
            "the place without reserve",
            False,
            "the place is stated more firmly than the placement allows (" + str(hedge) + ")",
        )
