"""Heat maps: agreement, Dice, heat inside, hottest point; and where the region came from."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.maps_made import ABOUT_A_MAP, IDS, counts_made, only_named, says_made
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.read_network import against_people
from saliscribe.audit.tag_sentence import Span
from saliscribe.core.language import words

#: With one of these, more maps are meant than the only one.
_SEVERAL = frozenset(
    ("all", "every", "each", "both", "two", "three", "other", "another", "maps", "heatmaps", "heat maps")
)


def read_heat(clause: Clause) -> None:
    """Claims about F11 and F6.source."""
    if counts_made(clause):
        return
    spans = clause.all("method")
    methods = tuple(dict.fromkeys(clause.spans[i].get("method") or "" for i in spans))
    clause.take(*spans)
    if "other" in methods and clause.has("cue", "dice") and _drawn_by_people(clause, spans):
        clause.context.methods = ()
        return
    if says_made(clause, methods) or (clause.charitable and only_named(clause, methods)):
        return
    if "other" in methods:
        clause.add(("F11", "method"), "another method", False, "a method that was not used is named")
        return
    speaks_of_maps = clause.has("cue", *ABOUT_A_MAP) or any(
        map(clause.has, ("agree", "degree", "agreeing", "missing"))
    )
    speaks_of_maps |= any(q.unit == "%" for q in clause.quantities)
    goes_on = (
        clause.context.measure == "dice" and not clause.has("cue", "region") and bool(clause.free_numbers())
    )
    if methods and not goes_on and (_is_source(clause) or not speaks_of_maps):
        _source(clause, methods)
        return
    of_maps = tuple(method for method in methods if method in IDS)
    if of_maps:
        clause.context.methods = of_maps
    elif _of_the_only_map(clause):
        clause.context.methods = _present(clause)
    elif not (clause.context.methods and _continues(clause)):
        return
    for method in clause.context.methods:
        _one_map(clause, IDS[method], method)
    _finish(clause)


def _present(clause: Clause) -> tuple[str, ...]:
    """The methods whose maps the findings hold."""
    known = clause.ground.known
    return tuple(method for method, fact in IDS.items() if known.get((fact, "state")) == "present")


def _of_the_only_map(clause: Clause) -> bool:
    """True for "the heat map overlaps the lesion with a Dice of 0.71": a figure of a map, where there is but one."""
    hottest = clause.has("cue", "peak") and clause.has("cue", "inside", "beyond")
    if not (clause.has("cue", "heat") or hottest) or clause.context.methods or len(_present(clause)) != 1:
        return False
    if clause.has("place") and not clause.has("place", "outside the brain"):
        return False
    if any(span.text in _SEVERAL for span in clause.spans):
        return False
    figures = clause.has("cue", "dice") or any(q.unit == "%" for q in clause.quantities)
    other = clause.has("class") or clause.has(
        "cue", "macro_f1", "accuracy", "folds", "calibration_error", "stated", "percentile"
    )
    agrees = clause.has("agree") or (clause.has("agreeing") and clause.has("degree"))
    told = any(claim.about[0] == "F11" for claim in clause.claims)
    return (
        (figures or hottest or (agrees and clause.has("cue", "region") and not told))
        and not other
        and not against_people(clause)
    )


def _drawn_by_people(clause: Clause, spans: list[int]) -> bool:
    """ "Outlines drawn by hand": what the network's regions were compared with."""
    named = " ".join(clause.spans[i].text for i in spans)
    return any(word in named for word in ("hand", "manual", "expert", "radiologist"))


def _continues(clause: Clause) -> bool:
    """True where "it", "its" or "the map" goes on about the map of the sentence before."""
    if (
        clause.has("place")
        or clause.has("class")
        or clause.has("cue", "macro_f1", "accuracy", "folds", "calibration_error")
    ):
        return False
    if clause.has("cue", "dice") and against_people(clause):
        return False
    return (
        clause.has("cue", *ABOUT_A_MAP)
        or (clause.has("agree") and clause.spans[0].text == "which")
        or (clause.has("agreeing") and clause.has("degree") and clause.has("cue", "heat"))
        or (clause.has("agree") and (clause.has("cue", "heat", "region") or clause.has("agreeing")))
    )


def _is_source(clause: Clause) -> bool:
    if clause.has("cue", "dice", "peak") or any(map(clause.has, ("agree", "degree", "agreeing", "missing"))):
        return False
    return clause.has("cue", "percentile") or not any(q.unit == "%" for q in clause.quantities)


def _source(clause: Clause, methods: tuple[str, ...]) -> None:
    source = str(clause.ground.known["F6", "source"])
    named = methods
    if len(methods) > 1 and "segmentation_head" in methods and clause.ground.known["F6", "by"] == "head":
        named = tuple(m for m in methods if m == "segmentation_head")
    for method in named:
        said = f"region from {words.SOURCE[method].removeprefix('its ')}"
        clause.add(
            ("F6", "source"),
            said,
            method == source,
            f"{said}: the findings say {words.SOURCE[source].removeprefix('its ')}",
        )
    for q in clause.free_numbers():
        if q.ordinal or clause.has("cue", "percentile"):
            clause.compare(("F6", "percentile"), q)


def _one_map(clause: Clause, fact: str, method: str) -> None:
    known, name = clause.ground.known, words.METHOD[method]
    if clause.has("missing"):
        absent = known.get((fact, "state")) == "not_assessed"
        clause.add(
            ("F11", "missing"), f"{name} not computed", absent, f"{name}: the findings hold its map", method
        )
        return
    if clause.has("agree") or clause.has("degree"):
        _agreement(clause, fact, name)
    if clause.has("cue", "peak"):
        _peak(clause, fact, name)


def _level(clause: Clause) -> str | None:
    """How well a map and the region agree: a phrase of the lexicon, or a word of agreeing with a word of degree."""
    for level in ("poor", "partial", "good"):
        if level != "good" and any(s.has("agree", level) and len(s.text.split()) > 1 for s in clause.spans):
            return level
    if any(s.has("agree") and len(s.text.split()) > 1 for s in clause.spans):
        return "good"
    if not clause.has("agreeing"):
        return clause.spans[_only(clause, "agree")].get("agree") if clause.has("agree") else None
    degrees = [
        level
        for level in ("poor", "partial", "good")
        if clause.has("degree", level) or clause.has("agree", level)
    ]
    return degrees[0] if degrees else None


def _only(clause: Clause, kind: str) -> int:
    return next(i for i, span in enumerate(clause.spans) if span.has(kind))


def _agreement(clause: Clause, fact: str, name: str) -> None:
    level, true = _level(clause), clause.ground.known.get((fact, "agreement"))
    if level is None:
        return
    clause.take_all("degree")
    clause.take_all("certainty", "consistent_with")
    if level == "good" and clause.negated():
        level = "poor"
        clause.take_all("negation", "not")
    clause.add(
        (fact, "agreement"),
        f"{name} agreement {level}",
        None if true is None else level == true,
        f"{name}: the text says {level} agreement, the findings say {true}",
    )


def _peak(clause: Clause, fact: str, name: str) -> None:
    at = next(i for i, span in enumerate(clause.spans) if span.has("cue", "peak"))
    where = _where(clause, at)
    true = clause.ground.known.get((fact, "peak_inside"))
    clause.add(
        (fact, "peak_inside"),
        f"{name} hottest point {'inside' if where else 'outside'}",
        None if true is None else where == true,
        f"{name}: the findings say its hottest point lies {'inside' if true else 'outside'}",
    )


def _where(clause: Clause, at: int) -> bool:
    """Inside or not: the word after the hottest point, else the one before it."""
    places = [i for i, s in enumerate(clause.spans) if s.has("cue", "inside", "beyond") or _is_beyond(s)]
    after, before = [i for i in places if i > at], [i for i in places if i < at]
    chosen = after[0] if after else before[-1] if before else None
    inside = chosen is None or not (
        clause.spans[chosen].has("cue", "beyond") or _is_beyond(clause.spans[chosen])
    )
    clause.take(*(i for i in places if _is_beyond(clause.spans[i])))
    denials = [i for i in clause.all("negation", "not") if abs(i - at) <= 6]
    clause.take(*denials)
    return inside != (len(denials) % 2 == 1)


def _is_beyond(span: Span) -> bool:
    """ "Lies beyond", which elsewhere says that something was not assessed."""
    return span.has("negation", "unassessed") and span.text.endswith((" beyond", " outside"))


def _finish(clause: Clause) -> None:
    """Numbers of the maps: with several maps in a clause they follow in order."""
    facts = [IDS[method] for method in clause.context.methods]
    dices = [q for q in clause.free_numbers() if _is_dice(clause, q)]
    shares = [q for q in clause.free_numbers() if q.unit == "%" and not clause.has("cue", "stated")]
    for n, q in enumerate(dices):
        fact = facts[min(n, len(facts) - 1)]
        clause.compare((fact, "dice"), q)
    for n, q in enumerate(shares):
        fact = facts[min(n, len(facts) - 1)] if len(shares) == len(facts) else facts[-1]
        _share(clause, fact, q)
    clause.context.measure = "dice" if dices else ""
    clause.take_all("cue", "beyond", "beyondbrain")
    clause.take_all("place", "outside the brain")
    clause.take_all("agree")
    clause.take_all("degree")
    clause.take_all("missing")
    clause.take_all("frame")


def _is_dice(clause: Clause, q: Quantity) -> bool:
    named = clause.has("cue", "dice") or clause.context.measure == "dice"
    return q.unit == "" and q.value <= 1 and (q.decimals > 0 or named) and named


def _share(clause: Clause, fact: str, q: Quantity) -> None:
    """A share of the heat: inside the region, outside it, or outside the brain."""
    of_what = clause.spans[q.upto : q.upto + 1]
    if any(span.has("cue", "regionshare", "structureshare", "brainshare") for span in of_what):
        clause.take_number(q)
        said = f"{q.value:g}% {of_what[0].text}"
        clause.add((fact, "inside"), said, False, f"{said}: the findings give a share of the heat")
        return
    high = next((p.at for p in clause.quantities if p.at > q.at and p.unit == "%"), len(clause.spans))
    low = max((p.upto for p in clause.quantities if p.upto <= q.at and p.unit == "%"), default=0)
    near = [*clause.spans[q.upto : high], *clause.spans[low : q.at]]
    if any(span.has("cue", "beyondbrain") or span.has("place", "outside the brain") for span in near):
        clause.compare((fact, "outside_brain"), q)
        return
    near = [*near, *clause.spans]
    first = next((span for span in near if span.has("cue", "inside", "beyond")), None)
    if first is not None and first.has("cue", "beyond"):
        clause.take_number(q)
        value = clause.ground.numbers.get((fact, "inside"))
        holds = None if value is None else q.says(100.0 - value[0], 1, 1.0, 100.0)
        clause.add(
            (fact, "inside"),
            f"{q.value:g}% of the heat outside",
            holds,
            "the findings give another share of the heat",
        )
        return
    if first is None and not clause.has("cue", "region"):
        clause.take_number(q)
        clause.add((fact, "inside"), f"{q.value:g}% of the heat", None)
        return
    clause.compare((fact, "inside"), q)
