"""Which probability belongs to which class, and whether it is the right one."""

from __future__ import annotations

from saliscribe.audit.clause import Clause
from saliscribe.audit.quantities import Quantity
from saliscribe.core.language import words

#: "..., to which it gives 91%" goes on about the class before.
_GIVES = frozenset(
    (
        "gives",
        "give",
        "gave",
        "assigns",
        "assigned",
        "attributes",
        "attributed",
        "scores",
        "scored",
        "puts",
        "put",
    )
)


def bind_chances(clause: Clause, classes: list[int]) -> list[tuple[int, Quantity]]:
    """Which number belongs to which class: in brackets behind it, in order, or the nearest."""
    numbers = [q for q in clause.free_numbers() if _is_chance(clause, q)]
    if len(numbers) == 1 and of_each(clause):
        return [(i, numbers[0]) for i in classes]
    if len(numbers) == len(classes) and numbers:
        first_number, first_class = numbers[0].at, classes[0]
        together = numbers[-1].group == numbers[0].group and len(numbers) > 1
        if together or all(_alternate(classes, numbers, first_class < first_number)):
            return list(zip(classes, numbers, strict=True))
    pairs = []
    for q in numbers:
        inside = clause.spans[q.at - 1].text if q.at else ""
        before = [i for i in classes if i < q.at]
        after = [i for i in classes if i >= q.upto]
        linked = (
            after
            and any(span.text in ("for", "of", "to") for span in clause.spans[q.upto : after[0]])
            and after[0] - q.upto <= 3
        )
        if before and (inside in ("(", "at", ":", "=") or not linked):
            pairs.append((before[-1], q))
        elif after:
            pairs.append((after[0], q))
    return pairs


def of_each(clause: Clause) -> bool:
    """ "Glioma and meningioma are each assigned about 1%": one figure for all classes of the clause."""
    return any(span.text in ("each", "apiece") for span in clause.spans)


def _alternate(classes: list[int], numbers: list[Quantity], class_first: bool) -> list[bool]:
    if class_first:
        return [
            c < q.at and (n + 1 == len(classes) or q.at < classes[n + 1])
            for n, (c, q) in enumerate(zip(classes, numbers, strict=True))
        ]
    return [
        q.at < c and (n + 1 == len(classes) or c < numbers[n + 1].at)
        for n, (c, q) in enumerate(zip(classes, numbers, strict=True))
    ]


def _is_chance(clause: Clause, q: Quantity) -> bool:
    if q.ordinal or q.by or clause.has("cue", "accuracy", "macro_f1", "calibration_error", "dice"):
        return False
    if q.unit == "%":
        return not _of_something(clause, q)
    return q.unit == "" and 0 < q.value < 1 and q.decimals >= 1


def _of_something(clause: Clause, q: Quantity) -> bool:
    """True for "19% of the region" and "95% interval": not a probability."""
    after = clause.spans[q.upto : q.upto + 1]
    return any(
        span.has("cue", "regionshare", "brainshare", "structureshare", "interval", "stated") for span in after
    )


def check_chance(clause: Clause, name: str, q: Quantity) -> None:
    """A probability against that of its class."""
    clause.take_number(q)
    if clause.has("cue", "accuracy", "badmetric"):
        clause.add(
            ("F5", "probability"),
            "another measure",
            None,
            "a probability is called by the name of another measure",
        )
    _called_calibrated(clause)
    exact, factor = clause.ground.chance(name), 1.0 if q.unit == "%" else 100.0
    said = f"probability of {words.CLASS[name]} {q.value:g}{q.unit}"
    holds = q.says(exact / factor, 1 if factor == 1 else 3, 1.0 / factor, 100.0 / factor)
    reason = f"{said}: the findings say {exact:.0f}%"
    clause.add(_key(clause, name), said, holds, reason, exact)


def _called_calibrated(clause: Clause) -> None:
    """A probability may be called calibrated only where it was."""
    called = [span.text for span in clause.spans if span.text.startswith("calibrated")]
    if called and not clause.ground.known["F5", "calibrated"]:
        reason = "calibrated: the findings say that probabilities are not calibrated"
        clause.add(("F5", "calibrated"), "calibrated probability", False, reason)


def _key(clause: Clause, name: str) -> tuple[str, str]:
    known = clause.ground.known
    if known["F5", "value"] == name:
        return "F5", "probability"
    return "F5", "runner_up_probability" if known["F5", "runner_up"] == name else "third_probability"


def _of_a_tumour(clause: Clause) -> bool:
    """ "The probability of a tumour": the network knows no healthy brain, so there is no such figure."""
    at = next(i for i, span in enumerate(clause.spans) if span.has("cue", "probability"))
    after = clause.spans[at + 1 : at + 4]
    return bool(after) and after[0].text == "of" and any(span.has("cue", "region") for span in after)


def lone_chance(clause: Clause) -> None:
    """ "The calibrated probability is 94%": of the class that was found."""
    named = {span.get("class") for span in clause.sentence if span.has("class")}
    if len(named) == 1 and any(span.text in _GIVES for span in clause.spans):
        for q in [q for q in clause.free_numbers() if _is_chance(clause, q)][:1]:
            check_chance(clause, str(named.pop()), q)
        return
    of_plane = not named and any(span.has("plane") for span in clause.sentence)
    if (
        not clause.has("cue", "probability")
        or clause.has("plane")
        or of_plane
        or clause.has("cue", "inside", "heat")
    ):
        return
    for q in clause.free_numbers():
        if _is_chance(clause, q) and not _of_a_tumour(clause):
            check_chance(clause, str(clause.ground.known["F5", "value"]), q)
            return
