"""Tumour classes, their probabilities, their order, and how firmly a class is stated."""

from __future__ import annotations

from saliscribe.audit.clause import Clause, nearest
from saliscribe.audit.quantities import Quantity
from saliscribe.core.language import words

#: Which levels of the findings a wording fits: its own, and for the middle words one firmer level too.
_FITS = {
    "consistent_with": ("consistent_with",),
    "probable": ("probable", "consistent_with"),
    "possible": ("possible",),
    "indeterminate": ("indeterminate",),
}
_REACH = 8


def read_class(clause: Clause) -> None:
    """Claims about F5: the class, its rank, its probability and its certainty word."""
    classes = clause.all("class")
    if not classes:
        _lone_probability(clause)
        _lone_certainty(clause)
        return
    bound = _bind(clause, classes)
    bound_at = {i for i, _ in bound}
    for i, number in bound:
        name = clause.spans[i].get("class") or ""
        _chance(clause, name, number)
    listed = {clause.spans[i].get("class") for i in classes} == {"glioma", "meningioma", "pituitary"}
    for n, i in enumerate(classes):
        clause.take(i)
        _rank(clause, i, n, classes, i in bound_at, listed)


def _bind(clause: Clause, classes: list[int]) -> list[tuple[int, Quantity]]:
    """Which number belongs to which class: in brackets behind it, in order, or the nearest."""
    numbers = [q for q in clause.free_numbers() if _is_chance(clause, q)]
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
        linked = after and any(span.text in ("for", "of", "to") for span in clause.spans[q.upto : after[0]]) and after[0] - q.upto <= 3
        if before and (inside in ("(", "at", ":", "=") or not linked):
            pairs.append((before[-1], q))
        elif after:
            pairs.append((after[0], q))
    return pairs


def _alternate(classes: list[int], numbers: list[Quantity], class_first: bool) -> list[bool]:
    if class_first:
        return [c < q.at and (n + 1 == len(classes) or q.at < classes[n + 1]) for n, (c, q) in enumerate(zip(classes, numbers, strict=True))]
    return [q.at < c and (n + 1 == len(classes) or c < numbers[n + 1].at) for n, (c, q) in enumerate(zip(classes, numbers, strict=True))]


def _is_chance(clause: Clause, q: Quantity) -> bool:
    if q.ordinal or q.by or clause.has("cue", "accuracy", "macro_f1", "calibration_error", "dice"):
        return False
    if q.unit == "%":
        return not _of_something(clause, q)
    return q.unit == "" and 0 < q.value < 1 and q.decimals >= 1


def _of_something(clause: Clause, q: Quantity) -> bool:
    """True for "19% of the region" and "95% interval": not a probability."""
    after = clause.spans[q.upto : q.upto + 1]
    return any(span.has("cue", "regionshare", "brainshare", "structureshare", "interval", "stated") for span in after)


def _chance(clause: Clause, name: str, q: Quantity) -> None:
    clause.take_number(q)
    if clause.has("cue", "accuracy", "badmetric"):
        clause.add(("F5", "probability"), "another measure", None, "a probability is called by the name of another measure")
    exact, factor = clause.ground.chance(name), 1.0 if q.unit == "%" else 100.0
    said = f"probability of {words.CLASS[name]} {q.value:g}{q.unit}"
    holds = q.says(exact / factor, 1 if factor == 1 else 3, 1.0 / factor, 100.0 / factor)
    reason = f"{said}: the findings say {exact:.0f}%"
    clause.add(_key(clause, name), said, holds, reason, exact)


def _key(clause: Clause, name: str) -> tuple[str, str]:
    known = clause.ground.known
    if known["F5", "value"] == name:
        return "F5", "probability"
    return "F5", "runner_up_probability" if known["F5", "runner_up"] == name else "third_probability"


def _rank(clause: Clause, i: int, n: int, classes: list[int], has_chance: bool, listed: bool) -> None:
    """Whether a class stands in its true place: found, next, third, or merely one of three."""
    known, name = clause.ground.known, clause.spans[i].get("class") or ""
    written = words.CLASS[name]
    denied = _denied(clause, i)
    if denied:
        clause.add(("F5", "excluded"), f"not {written}", False, f"the findings exclude no class; the text denies {written}")
        return
    if listed and not clause.has("certainty") and clause.has("number", "3") and not clause.has("cue", "alternative"):
        clause.add(("F14", "closed_set"), f"{written} is one of the three classes", True)
        return
    lower = _is_alternative(clause, i, n, classes)
    place = {known["F5", "value"]: "value", known["F5", "runner_up"]: "runner_up", known["F5", "third"]: "third"}[name]
    if lower:
        holds = place in _allowed(clause, i)
        clause.add(("F5", place if holds else "runner_up"), f"{written} as an alternative", holds,
                   f"{written} as {lower}: the findings say {words.CLASS[known['F5', 'runner_up']]}, then {words.CLASS[known['F5', 'third']]}")  # fmt: skip
        return
    tied = known["F5", "certainty"] == "indeterminate" and clause.has("certainty", "indeterminate")
    if place == "value" or (place == "runner_up" and tied):
        clause.add(("F5", place), f"class {written}", True, value=name)
        if place == "value":
            _firmness(clause, i, written, has_chance)
    elif has_chance and not lower and not _stated_as_found(clause, i):
        clause.take_all("certainty", "possible", "indeterminate")
        clause.add(("F5", place), f"{written} with its probability", True)
    else:
        clause.add(("F5", "value"), f"class {written}", False, f"the text says {written}, the findings say {words.CLASS[known['F5', 'value']]}")


def _stated_as_found(clause: Clause, i: int) -> bool:
    near = clause.spans[max(0, i - 5) : i]
    return any(span.has("certainty") or span.has("cue", "classify") or span.text in ("as", "is", "a") for span in near)


def _denied(clause: Clause, i: int) -> bool:
    denials = clause.all("negation", "not")
    excluded = clause.all("certainty", "excluded")
    close = [d for d in denials if (d < i and i - d <= 4) or (d > i and d - i <= 3)]
    if close:
        clause.take(*close)
    return bool(close) or bool(excluded and (clause.take(*excluded) or True))


def _is_alternative(clause: Clause, i: int, n: int, classes: list[int]) -> str:
    """The word that makes this class second or third, or ""."""
    start = classes[n - 1] + 1 if n else 0
    before = [s for s in clause.spans[start:i] if s.has("cue", "alternative")]
    if before:
        return before[-1].text
    if n and any(s.has("cue", "alternative") for s in clause.spans[: classes[n - 1]]) and not _new_subject(clause, classes[n - 1], i):
        return "an alternative"
    end = classes[n + 1] if n + 1 < len(classes) else len(clause.spans)
    after = [s for s in clause.spans[i + 1 : end] if s.has("cue", "alternative") and s.text not in ("then", "followed by", "ahead of", "against", "versus", "next", "behind")]
    tail = n + 1 == len(classes) or not any(s.text == "," for s in clause.spans[i:end])
    if after and tail and (n > 0 or clause.spans[0].text != "the"):
        return after[0].text
    return after[0].text if after and len(classes) == 1 else ""


def _new_subject(clause: Clause, low: int, high: int) -> bool:
    return any(span.has("certainty", "rank") for span in clause.spans[low:high])


def _allowed(clause: Clause, i: int) -> tuple[str, ...]:
    near = " ".join(span.text for span in clause.spans[max(0, i - 4) : i + 5])
    if any(word in near for word in ("third", "least", "last")):
        return ("third", "runner_up") if "second" in near or "next" in near else ("third",)
    if any(word in near for word in ("second", "runner", "next")):
        return ("runner_up", "third") if "then" in near or "and" in near else ("runner_up",)
    return "runner_up", "third"


def _firmness(clause: Clause, i: int, written: str, has_chance: bool) -> None:
    """The certainty word beside the class, or what stands in its stead."""
    known = clause.ground.known["F5", "certainty"]
    if known not in _FITS:
        return
    certain = [c for c in clause.all("certainty", "certain") if not _turned(clause, c)]
    said = [c for c in clause.all("certainty", *_FITS) if abs(c - i) <= _REACH]
    clause.take(*clause.all("certainty", "rank"))
    if certain:
        clause.take(*certain)
        clause.add(("F5", "certainty"), f"{written} as certain", False, f"stated as certain; the findings say {str(known).replace('_', ' ')}")
        return
    closest = nearest(i, said)
    if closest is not None and not (clause.spans[closest].has("placing") and clause.has("place") and closest > i):
        levels = [level for level in clause.spans[closest].tags["certainty"] if level in _FITS]
        clause.take_all("certainty", *_FITS)
        fits = any(known in _FITS[level] for level in levels)
        clause.add(("F5", "certainty"), f"{clause.spans[closest].text} {written}", fits,
                   f"{clause.spans[closest].text}: the findings say {str(known).replace('_', ' ')}")  # fmt: skip
        return
    by_network = clause.has("cue", "network", "classify", "probability", "among") or clause.has("certainty", "rank")
    if not (by_network or has_chance):
        clause.add(("F5", "certainty"), f"{written} without reserve", False,
                   f"{written} is stated as a fact; the findings say {str(known).replace('_', ' ')}")  # fmt: skip


def _turned(clause: Clause, c: int) -> bool:
    """True for "not certain", "less certain"."""
    before = clause.spans[max(0, c - 2) : c]
    return any(span.has("negation", "not") or span.text in ("less", "far from") for span in before)


def _lone_certainty(clause: Clause) -> None:
    """ "It is fairly sure about this": about the class that was found."""
    said = [i for i in clause.all("certainty", *_FITS) if not clause.spans[i].has("plain")]
    if not said or clause.has("place") or clause.has("side") or clause.has("cue", "heat"):
        return
    clause.take(*said)
    known = clause.ground.known["F5", "certainty"]
    fits = any(known in _FITS[level] for level in clause.spans[said[0]].tags["certainty"] if level in _FITS)
    clause.add(("F5", "certainty"), clause.spans[said[0]].text, fits, f"{clause.spans[said[0]].text}: the findings say {str(known).replace('_', ' ')}")


def _lone_probability(clause: Clause) -> None:
    """ "The calibrated probability is 94%": of the class that was found."""
    if not clause.has("cue", "probability") or clause.has("plane") or clause.has("cue", "inside", "heat"):
        return
    for q in clause.free_numbers():
        if _is_chance(clause, q):
            _chance(clause, str(clause.ground.known["F5", "value"]), q)
            return
