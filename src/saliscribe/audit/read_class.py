"""Tumour classes: which one was found, which come next, and which the text denies."""

from __future__ import annotations

from saliscribe.audit.class_chances import bind_chances, check_chance, lone_chance
from saliscribe.audit.class_firmness import check_firmness, lone_certainty
from saliscribe.audit.clause import Clause
from saliscribe.core.language import words

#: With all three classes: what the network can answer at all.
_CHOICE = frozenset(
    ("restricted", "limited", "only", "confined", "choose", "chooses", "choice", "choose between", "distinguishes",
     "knows", "know", "between", "options", "possible", "classes", "choosing", "predicted", "covers", "repertoire",
     "vocabulary")
)  # fmt: skip
#: What comes behind the class before.
_NEXT = ("followed by", "then", "next", "ahead of")


def read_class(clause: Clause) -> None:
    """Claims about F5: the class, its rank, its probability and its certainty word."""
    classes = clause.all("class")
    if not classes:
        lone_chance(clause)
        lone_certainty(clause)
        return
    bound = bind_chances(clause, classes)
    bound_at = {i for i, _ in bound}
    for i, number in bound:
        name = clause.spans[i].get("class") or ""
        check_chance(clause, name, number)
    listed = {clause.spans[i].get("class") for i in classes} == {"glioma", "meningioma", "pituitary"}
    for n, i in enumerate(classes):
        clause.take(i)
        _rank(clause, i, n, classes, i in bound_at, listed)


def _rank(clause: Clause, i: int, n: int, classes: list[int], has_chance: bool, listed: bool) -> None:
    """Whether a class stands in its true place: found, next, third, or merely one of three."""
    known, name = clause.ground.known, clause.spans[i].get("class") or ""
    written = words.CLASS[name]
    denied = _denied(clause, i)
    if denied:
        clause.add(
            ("F5", "excluded"),
            f"not {written}",
            False,
            f"the findings exclude no class; the text denies {written}",
        )
        return
    if (
        listed
        and not clause.has("certainty")
        and (clause.has("number", "3") or any(span.text in _CHOICE for span in clause.spans))
        and not has_chance
        and not clause.has("cue", "alternative")
    ):
        clause.add(("F14", "closed_set"), f"{written} is one of the three classes", True)
        return
    lower = _is_alternative(clause, i, n, classes)
    place = {
        known["F5", "value"]: "value",
        known["F5", "runner_up"]: "runner_up",
        known["F5", "third"]: "third",
    }[name]
    if lower:
        second, third = words.CLASS[known["F5", "runner_up"]], words.CLASS[known["F5", "third"]]
        after_second = n > 0 and clause.spans[classes[n - 1]].get("class") == known["F5", "runner_up"]
        holds = place in (("third",) if lower in _NEXT and after_second else _allowed(clause, i))
        clause.add(
            ("F5", place if holds else "runner_up"),
            f"{written} as an alternative",
            holds,
            f"{written} as {lower}: the findings say {second}, then {third}",
        )
        return
    tied = known["F5", "certainty"] == "indeterminate" and clause.has("certainty", "indeterminate")
    if place == "value" or (place == "runner_up" and tied):
        clause.add(("F5", place), f"class {written}", True, value=name)
        if place == "value":
            check_firmness(clause, i, written, has_chance)
    elif has_chance and not lower and not _stated_as_found(clause, i):
        clause.take_all("certainty", "possible", "indeterminate")
        clause.add(("F5", place), f"{written} with its probability", True)
    else:
        clause.add(
            ("F5", "value"),
            f"class {written}",
            False,
            f"the text says {written}, the findings say {words.CLASS[known['F5', 'value']]}",
        )


def _stated_as_found(clause: Clause, i: int) -> bool:
    near = clause.spans[max(0, i - 5) : i]
    return any(
        span.has("certainty") or span.has("cue", "classify") or span.text in ("as", "is", "a")
        for span in near
    )


def _denied(clause: Clause, i: int) -> bool:
    denials = [d for d in clause.all("negation", "not") if clause.spans[d].text != "rather than"]
    excluded = clause.all("certainty", "excluded")
    close = [d for d in denials if (d < i and i - d <= 4) or (d > i and d - i <= 3)]
    if close:
        clause.take(*close)
    clause.take(*excluded)
    return bool(close or excluded)


def _is_alternative(clause: Clause, i: int, n: int, classes: list[int]) -> str:
    """The word that makes this class second or third, or ""."""
    start = classes[n - 1] + 1 if n else 0
    before = [s for s in clause.spans[start:i] if s.has("cue", "alternative")]
    if before:
        return before[-1].text
    if (
        n
        and any(s.has("cue", "alternative") for s in clause.spans[: classes[n - 1]])
        and not _new_subject(clause, classes[n - 1], i)
    ):
        return "an alternative"
    end = classes[n + 1] if n + 1 < len(classes) else len(clause.spans)
    after = [
        s
        for s in clause.spans[i + 1 : end]
        if s.has("cue", "alternative")
        and s.text
        not in (
            "then",
            "followed by",
            "ahead of",
            "against",
            "versus",
            "next",
            "behind",
            "favoured over",
            "preferred over",
            "preferred to",
            "over a",
        )
    ]
    tail = n + 1 == len(classes) or not any(s.text == "," for s in clause.spans[i:end])
    if after and tail and (n > 0 or clause.spans[0].text != "the" or clause.spans[1].has("cue", "network")):
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
