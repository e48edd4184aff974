"""Tumour classes: which one was found, which come next, and which the text denies."""

from __future__ import annotations

from saliscribe.audit.class_chances import bind_chances, check_chance, lone_chance, of_each
from saliscribe.audit.class_firmness import check_firmness, lone_certainty
from saliscribe.audit.clause import Clause
from saliscribe.core.language import words

#: With all three classes: what the network can answer at all.
_CHOICE = frozenset(
    ("restricted", "limited", "only", "confined", "choose", "chooses", "choice", "choose between", "distinguishes",
     "knows", "know", "between", "options", "possible", "classes", "choosing", "predicted", "covers", "repertoire",
     "vocabulary")
)  # fmt: skip
#: Words between a class and its probability that only say that it has one.
_SCORED = frozenset(
    ("was", "is", "were", "are", "has", "have", "had", "been", "assigned", "given", "receives", "received", "gets",
     "got", "follows", "reaches", "reached", "scores", "scored", "comes", "attains", "obtains", "obtained", "at",
     "with", "a", "an", "the", "of", "to", "about", "as", "in", "on", "by", "predicted", "estimated", "attributed",
     "allotted", "carries", "stands", "second", "third", "next", "and", "so", "also", "only", "just", "still", "it",
     "remains", "network", "model", "its", "there", "place", "position", "rated", "credited", "holds", "achieves",
     "accounts", "for", "trails", "lies", "sits")
)  # fmt: skip
#: Verbs of the first place: "meningioma leads the three candidates".
_LEADS = ("lead", "led", "win", "won", "prevail", "top", "head")
_BEFORE_SUBJECT = frozenset((",", "and", ";", "while", "whereas", "with", ":", "for"))
#: "Ahead of the other two": what is named as an alternative comes behind.
_AHEAD = frozenset(
    ("ahead", "ahead of", "above", "before", "over", "exceeds", "outranks", "beats", "leads", "surpasses",
     "well ahead of", "far ahead of", "higher than", "precedes", "outscores", "dominates", "more than", "more than to",
     "more than for", "prevails over", "wins over")
)  # fmt: skip
_FAVOURS = ("probable", "consistent_with", "rank")
#: Words that turn the order of two classes round.
_REVERSES = frozenset(
    ("than", "behind", "less", "instead", "rather", "rather than", "unlike", "not", "no", "over", "after")
)
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
    _named_twice(clause, classes, len(bound))
    if _ties(clause, classes):
        for i, number in bound:
            check_chance(clause, clause.spans[i].get("class") or "", number)
        return
    bound_at = {i for i, _ in bound}
    for i, number in bound:
        name = clause.spans[i].get("class") or ""
        check_chance(clause, name, number)
    listed = {clause.spans[i].get("class") for i in classes} == {"glioma", "meningioma", "pituitary"}
    for n, i in enumerate(classes):
        clause.take(i)
        _rank(clause, i, n, classes, i in bound_at, listed)


def _named_twice(clause: Clause, classes: list[int], chances: int) -> None:
    """ "The network can hardly tell glioma from glioma": two classes are compared, and only one is named."""
    named = {clause.spans[i].get("class") for i in classes}
    compared = chances == 2 or clause.has("certainty", "indeterminate")
    if len(classes) == 2 and len(named) == 1 and compared:
        written = words.CLASS[str(named.pop())]
        clause.add(("F5", "runner_up"), f"{written} twice", False, f"{written} is compared with itself")


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
    lower = "" if n == 0 and listed and has_chance else _is_alternative(clause, i, n, classes)
    place = {
        known["F5", "value"]: "value",
        known["F5", "runner_up"]: "runner_up",
        known["F5", "third"]: "third",
    }[name]
    if lower:
        second, third = words.CLASS[known["F5", "runner_up"]], words.CLASS[known["F5", "third"]]
        after_second = n > 0 and clause.spans[classes[n - 1]].get("class") == known["F5", "runner_up"]
        clause.take(
            *(c for c in clause.all("certainty", "possible") if clause.spans[c].has("cue", "alternative"))
        )
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
    elif clause.charitable and _in_order(clause, i, n, classes):
        clause.take_all("certainty", "possible")
        clause.add(("F5", place), f"{written} named next", True)
    else:
        clause.add(
            ("F5", "value"),
            f"class {written}",
            False,
            f"the text says {written}, the findings say {words.CLASS[known['F5', 'value']]}",
        )


def _in_order(clause: Clause, i: int, n: int, classes: list[int]) -> bool:
    """ "Possibly a glioma, but a meningioma is near": classes in their true order, the later ones apart."""
    known = clause.ground.known
    ranks = [known["F5", key] for key in ("value", "runner_up", "third")]
    in_order = [clause.spans[c].get("class") for c in classes] == ranks[: len(classes)]
    between = clause.spans[classes[n - 1] + 1 : i] if n else ()
    reversed_ = any(span.text in _REVERSES or span.text in _AHEAD for span in clause.spans)
    joined = all(span.text in ("and", "or", "/", ",", "a", "an", "the") for span in between)
    return bool(n) and in_order and not joined and not reversed_


def _stated_as_found(clause: Clause, i: int) -> bool:
    if any(
        clause.spans[n].text in _AHEAD and any("other" in s.text for s in clause.spans[n : n + 4])
        for n in range(i + 1, len(clause.spans))
    ):
        return True
    if i + 1 < len(clause.spans) and clause.spans[i + 1].text.startswith(_LEADS):
        return True
    if _only_scored(clause, i):
        return False
    near = clause.spans[max(0, i - 5) : i]
    return any(
        span.has("certainty") or span.has("cue", "classify") or span.text in ("as", "is", "a")
        for span in near
    )


def _only_scored(clause: Clause, i: int) -> bool:
    """True for "a meningioma was assigned 34%": the class is the subject, and only its probability follows."""
    first = i
    while first and clause.spans[first - 1].text in ("a", "an", "the"):
        first -= 1
    opens = first == 0 or clause.spans[first - 1].text in _BEFORE_SUBJECT
    number = next((q.at for q in clause.quantities if q.at > i), None)
    if not opens or number is None:
        return False
    between = clause.spans[i + 1 : number]
    each = of_each(clause)
    return all(s.text in _SCORED or s.has("cue", "probability") or s.has("bound") or s.has("mark") or
               s.has("certainty", "possible", "rank") or s.has("cue", "alternative") or
               (each and (s.has("class") or s.text == "each")) for s in between)  # fmt: skip


def _ties(clause: Clause, classes: list[int]) -> bool:
    """ "The network hardly separates glioma from meningioma": the two likeliest, and neither is found."""
    said = clause.all("certainty", "indeterminate")
    known = clause.ground.known
    first_two = {known["F5", "value"], known["F5", "runner_up"]}
    if not said or len(classes) != 2 or {clause.spans[i].get("class") for i in classes} != first_two:
        return False
    clause.take(*said, *classes)
    clause.take_all("certainty", "probable", "possible", "rank")
    holds = known["F5", "certainty"] == "indeterminate"
    clause.add(
        ("F5", "certainty"),
        clause.spans[said[0]].text,
        holds,
        f"{clause.spans[said[0]].text}: the findings say {str(known['F5', 'certainty']).replace('_', ' ')}",
        "indeterminate",
    )
    for i in classes if holds else ():
        name = clause.spans[i].get("class")
        clause.add(("F5", "value" if name == known["F5", "value"] else "runner_up"), f"class {name}", True)
    return True


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
    if n and any(s.text == "over" for s in clause.spans[start:i]) and clause.has("certainty", *_FAVOURS):
        return "an alternative"  # "favours glioma over meningioma"
    if (
        n
        and any(s.has("cue", "alternative") for s in clause.spans[: classes[n - 1]])
        and not _new_subject(clause, classes[n - 1], i)
    ):
        return "an alternative"
    end = classes[n + 1] if n + 1 < len(classes) else len(clause.spans)
    if any(span.text in _AHEAD for span in clause.spans[i + 1 : end]):
        return ""
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
