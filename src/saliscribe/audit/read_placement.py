"""The level of the slice, and the parts and the stability of the delineated region."""

from __future__ import annotations

from saliscribe.audit.clause import Clause, nearest
from saliscribe.audit.quantities import Quantity
from saliscribe.audit.tag_sentence import Span


def read_placement(clause: Clause) -> None:
    """Claims about F6.parts, F8 and F10."""
    _level(clause)
    _stability(clause)
    _pieces(clause)


def _level(clause: Clause) -> None:
    """Millimetres above or below the anterior commissure, the interval, the grade."""
    for i in clause.all("grade"):
        true = clause.ground.known["F8", "grade"]
        clause.take(i)
        clause.add(
            ("F8", "grade"),
            clause.spans[i].text,
            clause.spans[i].get("grade") == true,
            f"localisation grade: the findings say {true}",
        )
    sagittal = clause.ground.known.get(("F2", "plane")) == "sagittal" and clause.has("side", "midline")
    lengths = [q for q in clause.free_numbers() if q.unit in ("mm", "cm")]
    if not lengths and clause.has("cue", "commissure") and clause.has("sign"):
        true = clause.ground.findings.placement.level_mm
        at_zero = clause.has("sign", "zero") and not clause.has("sign", "up", "down")
        holds = (
            None if true is None else abs(true) < 0.5 if at_zero else (true > 0) == clause.has("sign", "up")
        )
        clause.add(
            ("F8", "level"),
            "level of the slice",
            holds,
            f"level of the slice: the findings say {true or 0:.0f} mm",
        )
    if not lengths or not (
        clause.has("cue", "commissure")
        or (sagittal and any(s.text in ("from", "off", "away", "lateral", "beside") for s in clause.spans))
    ):
        return
    level = clause.ground.findings.placement.level_mm
    fields = ("level", "low", "high") if len(lengths) == 3 or len(lengths) == 1 else ("low", "high")
    for q, field in zip(lengths, fields, strict=False):
        clause.take_number(q)
        scale = 1.0 if q.unit == "mm" else 0.1
        true = level if field == "level" else clause.ground.known.get(("F8", field))
        if true is None:
            clause.add(("F8", field), "level of the slice", None)
            continue
        up = _direction(clause, q)
        right_way = sagittal or up is None or abs(true) < 0.5 or (true > 0) == up
        holds = q.says(abs(true) * scale, 1, 1.0, 0.0) and right_way
        clause.add(
            ("F8", field),
            f"{field} {q.value:g} {q.unit}",
            holds,
            f"{field} of the slice: the findings say {true:.0f} mm",
        )
    if sagittal:
        clause.take_all("side", "midline")
        clause.take_all("topic")
    clause.take_all("part")


def _direction(clause: Clause, q: Quantity) -> bool | None:
    signs = [i for i, span in enumerate(clause.spans) if span.has("sign", "up", "down") and i >= q.upto - 1]
    closest = nearest(q.upto, signs)
    return None if closest is None else clause.spans[closest].has("sign", "up")


def _stability(clause: Clause) -> None:
    if not (clause.has("cue", "threshold", "stated") or clause.has("placing", "fragile")):
        return
    clause.take_all("vary")
    _hangs_on_threshold(clause)
    shares = [q for q in clause.free_numbers() if q.unit == "%" or (q.unit == "" and q.decimals > 0)]
    if shares and clause.has("cue", "area", "stated", "region", "size") and not clause.has("place"):
        for q, field in zip(
            shares, ("smallest", "largest") if len(shares) > 1 else (_end(clause),), strict=False
        ):
            clause.compare(("F10", field), q, 1.0 if q.unit == "%" else 100.0)
    for q in clause.free_numbers():
        if q.unit == "" and q.decimals == 0 and clause.spans[q.at].text != "one":
            clause.compare(("F10", "thresholds"), q)


def _hangs_on_threshold(clause: Clause) -> None:
    """ "The area depends on the threshold", without a figure."""
    low, high = (clause.ground.known.get(("F10", end)) for end in ("smallest", "largest"))
    said = clause.has("cue", "area", "size") or any(s.text.startswith("measure") for s in clause.spans)
    if (
        not said
        or clause.quantities
        or clause.has("place")
        or not any(s.text in _HANGS for s in clause.spans)
    ):
        return
    denials, turned = clause.denials()
    clause.take(*denials)
    clause.take_all("placing", "fragile")
    varies = None if low is None or high is None else (low < 100 or high > 100)
    holds = None if varies is None else varies != (turned % 2 == 1)
    said_so = (
        "the area depends on the threshold"
        if turned % 2 == 0
        else "the area does not depend on the threshold"
    )
    clause.add(("F10", "varies"), said_so, holds, f"{said_so}: the findings say {low}% to {high}%")


def _end(clause: Clause) -> str:
    return (
        "smallest"
        if any(s.text in ("smallest", "least", "minimum", "down", "lowest", "low") for s in clause.spans)
        else "largest"
    )


#: With a threshold and no figure: that the area changes with it.
_HANGS = frozenset(
    ("sensitive", "sensitive to the threshold", "depends", "depend", "dependent", "depends on the threshold", "varies",
     "vary", "changes", "change", "fluctuates", "alters", "influences", "affects", "hinges")
)  # fmt: skip
_WHOLE = frozenset(
    ("contiguous", "coherent", "connected", "single region", "one region", "solitary", "uninterrupted", "unbroken",
     "undivided", "continuous", "unified", "one component", "one connected component", "single lesion", "one lesion",
     "all in one", "single piece", "in one piece", "one piece", "hangs together", "single area", "just one", "one area")
)  # fmt: skip
_SPLIT = frozenset(
    ("divided", "split", "fragmented", "broken up", "breaks up", "falls apart", "disconnected", "unconnected")
)


_APART = ("separate ", "detached ", "disconnected ")
_JOINED = ("connect", "join", "contigu", "touch", "link", "adjoin", "coheren", "together", "attach")


def _of_the_picture(clause: Clause, at: int) -> bool:
    """True for "a solitary slice", "a single connected image"."""
    return any(span.has("cue", "slices", "slicenumber") for span in clause.spans[at + 1 : at + 3])


def _denies_one_piece(clause: Clause, denial: int, count: Quantity) -> bool:
    """True for "not contiguous but in three parts"; "does not consist of three parts" denies the count.

    So does "three parts were not delineated"; "three parts, which are not joined" does not.
    """
    if clause.spans[denial].text not in ("non", "not"):
        return False
    after = clause.spans[denial + 1 : denial + 5]
    return any(
        s.text in _WHOLE or s.text in ("one", "single") or (denial > count.at and s.text.startswith(_JOINED))
        for s in after
    )


def _is_counted(span: Span) -> bool:
    """Pieces, and regions in the plural; "one of three tumours" counts classes."""
    regions = span.has("cue", "region") and span.text.endswith("s") and not span.text.endswith("tumours")
    return span.has("cue", "pieces") or regions


def _pieces(clause: Clause) -> None:
    """One contiguous region, or how many parts."""
    if not clause.has("cue", "pieces", "region"):
        return
    for q in clause.free_numbers():
        after = clause.spans[q.upto : q.upto + 3]
        if clause.spans[q.at - 1].text in (":", "=", "is"):
            after = (*after, *clause.spans[: q.at])
        if q.by or (after and after[0].text in ("head", "heads", "branch", "output", "network")):
            continue  # "classifies with one head and segments ...", "measured in pixels only: 45 by 26"
        if q.unit == "" and q.decimals == 0 and any(map(_is_counted, after)) and not q.ordinal:
            if q.value == 1 and clause.has("negation"):
                continue
            clause.compare(("F6", "parts"), q)
            clause.take(*(i for i in clause.denials()[0] if _denies_one_piece(clause, i, q)))
            return
    if not clause.has("cue", "pieces"):
        return
    denials, turned = clause.denials()
    whole = any(s.text in _WHOLE and not _of_the_picture(clause, i) for i, s in enumerate(clause.spans))
    split = any(s.text in _SPLIT or s.text.startswith(_APART) for s in clause.spans)
    if (whole or split) and not clause.has("place"):
        whole = whole if whole and turned % 2 == 0 else turned % 2 == 1 and not whole
        clause.take(*denials)
        true = clause.ground.known.get(("F6", "pieces"))
        clause.add(
            ("F6", "pieces"),
            "one region" if whole else "several parts",
            None if true is None else (true == "one") == whole,
            f"the findings say {true}",
        )
