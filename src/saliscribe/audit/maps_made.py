"""Which heat maps exist: "no map was computed for ScoreCAM", "Grad-CAM was not part of this"."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.tokens import stem
from saliscribe.core.language import words

#: The fact of each method.
IDS = {"gradcam": "F11.1", "gradcam++": "F11.2", "scorecam": "F11.3"}
_MADE = frozenset(
    map(
        stem,
        (
            "computed",
            "compute",
            "calculated",
            "generated",
            "produced",
            "made",
            "worked",
            "exists",
            "rendered",
            "available",
            "created",
            "run",
            "included",
            "results",
            "exist",
            "lack",
            "lacking",
            "lacks",
            "done",
            "performed",
            "part",
            "used",
            "obtained",
            "requested",
            "provided",
            "attempted",
            "applied",
        ),
    )
)
_MAPS = frozenset(map(stem, ("map", "maps", "heatmap", "heatmaps", "method", "methods")))
#: "One of the three maps" holds two numbers.
_PART_AND_WHOLE = 2
_THRESHOLDED = frozenset(map(stem, ("thresholding", "thresholded", "binarised", "cutting", "cut")))
_LEFT_AWAY = ("left out", "left aside", "omitted", "skipped", "dropped", "not included")
#: What is said of a map that exists.
ABOUT_A_MAP = ("dice", "peak", "inside", "beyond", "beyondbrain")


def says_made(clause: Clause, methods: tuple[str, ...]) -> bool:
    """ "No map was computed for ScoreCAM", "Computed: ScoreCAM": claims about whether these maps exist."""
    busy = (
        clause.has("missing")
        or any(map(clause.has, ("agree", "degree", "agreeing")))
        or clause.has("cue", "region", "dice", "peak", "percentile")
        or any(stem(span.text) in _THRESHOLDED for span in clause.spans)
    )
    if (
        not methods
        or busy
        or methods == ("segmentation_head",)
        or any(q.unit == "%" for q in clause.quantities)
    ):
        return False
    denials, count = clause.denials()
    if not any(stem(span.text) in _MADE for span in clause.spans) and not (
        denials and clause.has("cue", "heat") and not clause.has("cue", *ABOUT_A_MAP)
    ):
        return False
    away = [i for i in clause.all("negation", "unassessed") if clause.spans[i].text in _LEFT_AWAY]
    clause.take(*denials, *away)
    count = min(count, 1) + len(away)
    for method in methods:
        known = clause.ground.known.get((IDS.get(method, "F11"), "state"))
        made, name = known == "present", words.METHOD.get(method, method)
        said = f"{name} {'not ' if count % 2 else ''}computed"
        holds = None if known is None else made != (count % 2 == 1)
        clause.add(
            ("F11", "missing"), said, holds, f"{name}: the findings {'hold its' if made else 'hold no'} map"
        )
    return True


def counts_made(clause: Clause) -> bool:
    """ "Three heat maps were made", "the other two methods were not run": how many maps there are, or are missing."""
    if any(map(clause.has, ("class", "place", "side", "warning", "topic"))) or any(
        span.has("method") and not span.has("method", "other") for span in clause.spans
    ):
        return False
    numbers = [q for q in clause.free_numbers() if q.unit == ""]
    counted = [q for q in numbers if _of_maps(clause, q)]
    done = any(stem(word) in _MADE for word in clause.words().split())
    if not counted or len(numbers) > _PART_AND_WHOLE or not done or clause.has("cue", "region", *ABOUT_A_MAP):
        return False
    denials, turned = clause.denials()
    turned = turned or len(clause.all("missing"))
    made = sum(clause.ground.known.get((fact, "state")) == "present" for fact in IDS.values())
    here = len(IDS) - made if turned else made
    said = f"{numbers[0].value:g} heat maps {'not ' if turned else ''}computed"
    holds = turned < 2 and numbers[0].value == here and numbers[-1].value in (here, len(IDS))
    for q in numbers:
        clause.take_number(q)
    clause.take(*denials)
    clause.take_all("method", "other")
    clause.take_all("missing")
    clause.add(("F11", "missing"), said, holds, f"{said}: there are {here}")
    return True


def _of_maps(clause: Clause, count: Quantity) -> bool:
    """True where a count is followed by "maps" or "methods", with at most two words between."""
    behind = clause.spans[count.upto : count.upto + 3]
    return any(stem(span.text.split()[-1]) in _MAPS for span in behind)


def only_named(clause: Clause, methods: tuple[str, ...]) -> bool:
    """ "Grad-CAM was not part of this": that maps do not exist, where nothing else is said of them or of the region."""
    told = any(
        map(clause.has, ("agree", "degree", "agreeing", "place", "class", "warning", "number", "fraction"))
    )
    if told or clause.has("cue", "region", *ABOUT_A_MAP) or not set(methods) <= set(IDS) or not methods:
        return False
    denials, turned = clause.denials()
    made = any(clause.ground.known.get((IDS[method], "state")) == "present" for method in methods)
    if made or turned != 1:
        return False
    clause.take(*denials)
    clause.add(("F11", "missing"), " and ".join(methods), True)
    return True
