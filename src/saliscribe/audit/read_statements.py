"""Statements without numbers: notices, limits, what is unknown. The patterns are in ``lexicon/statements.toml``."""

from __future__ import annotations

import re

from saliscribe.audit.claim_words import claim_name, claim_value
from saliscribe.audit.clause import Clause
from saliscribe.audit.read_side import is_a_side
from saliscribe.audit.statements import Group, Statement, statements
from saliscribe.audit.tokens import stem
from saliscribe.core.language.reported import Claims

#: Claims that follow from others, so that a text may make them though no fact has them as a field.
_IMPLIED = {("F14", "not_clinical"): True, ("F14", "averages"): True, ("F14", "nobody"): True,
            ("F14", "closed_set"): True, ("F6", "caveat"): True,
            ("F13", "population_limits"): True, ("F13", "all_tumours"): True, ("F1", "trained_on"): True,
            ("F1", "alone"): True,
            ("F1", "assumed"): True, ("F11", "not_used"): True, ("F4", "caution"): True,
            ("F14", "faithful"): True}  # fmt: skip


_SOMEBODY = re.compile(
    r"(?:(?:and|there (?:is|was)|this (?:is|was)|it (?:is|was)|shows|of|from|behind it) )*"
    r"(?:an? |some )?(?:(?:real|actual|living|genuine|human) )*(?:patient|person|human being|human|individual|subject)"
    r"(?: (?:behind (?:it|this|the image|the picture)|involved|in it))? ?[.:;,!]?"
)
#: What a denial may speak of instead of a statement.
_FOREIGN = (("place",), ("method",), ("side", "left"), ("side", "right"))
#: Units of the figures that may stand beside a denial of these facts.
_UNITS = {"F3": ("", "px", "mm"), "F5": ("", "%"), "F7": ("", "px", "mm")}
#: With all that is said for everyone (F14), what shares no clause with a value: a denial beside one is the value's.
_NOTICES = frozenset(
    (("F4", "state"), ("F8", "state"), ("F9", "state"), ("F6", "by"), ("F7", "in_pixels"), ("F13", "state"))
)
_BETWEEN = frozenset(
    ("a", "an", "any", "the", "been", "be", "actually", "ever", "yet", "such", "prior", "input")
)
_NOT = frozenset(("not", "no", "cannot", "never"))
#: So many topics in a clause are a list, which another reader reads.
_LIST = 3


def read_statements(clause: Clause) -> None:
    """Claims of the statements that the clause makes; the words that make them are taken."""
    if len({name for span in clause.spans for name in span.tags.get("topic", ())[:1]}) >= _LIST:
        return  # a list of what was not assessed
    keys = stems_of(clause)
    here = {key for _, key in keys}
    made: set[tuple[str, str]] = set()
    for statement in statements():
        if statement.about == ("F4", "state") and any(c.about[0] == "F4" for c in clause.claims):
            continue
        if not made.isdisjoint(statement.unless) or (statement.charity and not clause.charitable):
            continue
        if any(not group.meanings and group.phrases.keys().isdisjoint(here) for group in statement.needs):
            continue
        again = statement.about in made
        if (not again or not statement.denial or statement.negated is None) and _read_one(
            statement, clause, keys
        ):
            made.add(statement.about)
    _device(clause)
    _patient(clause)


def _patient(clause: Clause) -> None:
    """ "Computer-made picture; a patient": whoever is named without a word more is said to be there."""
    if clause.ground.findings.synthetic and _SOMEBODY.fullmatch(clause.words()):
        clause.add(
            ("F14", "nobody"), clause.words(), False, "a patient: the findings say the image is synthetic"
        )


def _device(clause: Clause) -> None:
    """A medical device is what this is not; "for research, a medical device" has lost its denial."""
    for i in (n for n, span in enumerate(clause.spans) if span.has("device")):
        at = clause.sentence.index(clause.spans[i])
        if not any(span.has("negation", "not") for span in clause.sentence[:at]):
            clause.add(("F14", "not_clinical"), clause.spans[i].text, False, "the findings call it no device")
        clause.take(i)


def _read_one(statement: Statement, clause: Clause, keys: list[tuple[int, str]]) -> bool:
    if any(clause.has(*name.split(".")) for name in statement.requires_no) or not _required(
        statement, clause
    ):
        return False
    if statement.about == ("F14", "healthy_class") and clause.gives_chances() and clause.has("topic"):
        return False
    if statement.only_topic and any(
        statement.only_topic not in s.tags["topic"] for s in clause.spans if s.has("topic")
    ):
        return False
    matched: set[int] = set()
    reach, last = 0, None
    for group in statement.needs:
        found = find(group, clause, keys)
        if statement.negated is False:
            found = {i for i in found if not _is_lacking(clause, i)}
        if not found or (statement.apart and found <= matched):
            return False
        matched |= found
        reach = max(reach, min(found))
        last = max(found) if last is None else last
    denied, turned = clause.denials()
    if statement.denial_leads:
        denied = [i for i in denied if i <= (last or 0) + 1]
    denials = [i for i in denied if _is_about(statement, clause, i, matched, reach)]
    turned = min(turned, len(denials))
    turns = turned + sum(occurs(phrase, keys) for phrase in statement.words_negate | statement.parity)
    agrees = statement.negated is None or (turns % 2 == 1) == statement.negated
    if statement.negated and not denials and turns == 0 and not statement.denial:
        return False
    if clause.charitable and not _explains(statement, clause, agrees, matched, denied):
        return False
    if not agrees and not statement.denial:
        return False
    if (
        not agrees
        and statement.denial_needs
        and not all(find(g, clause, keys) for g in statement.denial_needs)
    ):
        return False
    _claim(statement, clause, agrees)
    clause.take(*(i for i in matched if not _is_foreign(clause, i, statement)), *denials)
    if statement.about[0] == "F14" or statement.about in _NOTICES:
        clause.noticed.update(denials)
    for kind, value in statement.covers:
        if kind == "class" and not _lists_all_classes(clause):
            continue
        if kind == "negation" and clause.charitable and not statement.negated:
            continue  # a denial must be accounted for
        measured = {q.at for q in clause.quantities if q.unit}  # "(3%)" is not the "three" of three classes
        found_here = clause.all(kind, *(() if value == "any" else (value,)))
        if kind == "side" and _names_half_of_picture(clause):
            continue
        if kind == "place" and clause.has("cue", "region"):
            continue  # where the region lies is a claim of its own
        said = measured | {
            i for i in found_here if kind == "side" and value != "any" and is_a_side(clause, i)
        }
        clause.take(*(i for i in found_here if i not in said))
    return True


def _is_lacking(clause: Clause, i: int) -> bool:
    """ "Not available" is one span, and not what a statement means by "available"."""
    return clause.spans[i].has("missing") and clause.spans[i].text.startswith("not ")


def _is_about(statement: Statement, clause: Clause, denial: int, matched: set[int], reach: int) -> bool:
    """True if a denial speaks of the statement: "not a glioma" denies the class, whatever else is said."""
    if _denies_a_class(clause, denial) and ("class", "any") not in statement.covers:
        return False
    if statement.negated is False and not statement.denial_after:
        return denial < reach and reach - denial <= statement.denial_reach
    return min(abs(denial - i) for i in matched) <= statement.denial_reach


def _denies_a_class(clause: Clause, denial: int) -> bool:
    after = [span for span in clause.spans[denial + 1 : denial + 3] if span.text not in ("a", "an", "the")]
    before = clause.spans[max(0, denial - 2) : denial]
    return (bool(after) and after[0].has("class")) or any(span.has("class") for span in before)


def _lists_all_classes(clause: Clause) -> bool:
    """A single class beside a statement is a claim of its own."""
    return len({span.get("class") for span in clause.spans if span.has("class")}) == 3


def _names_half_of_picture(clause: Clause) -> bool:
    """ "Left half of the picture (patient's side unknown)": which half it is can be looked up."""
    sides = {span.get("side") for span in clause.spans if span.has("side", "left", "right")}
    return len(sides) == 1 and clause.has("frame", "picture")


def _is_foreign(clause: Clause, i: int, statement: Statement) -> bool:
    """A matched word that also has a weight of its own, such as a class, is left to its reader."""
    if clause.spans[i].has("side", "left", "right") and _names_half_of_picture(clause):
        return True
    if clause.spans[i].has("place") and clause.has("cue", "region"):
        return True  # where the region lies is a claim of its own
    covered = ("class", "any") in statement.covers and _lists_all_classes(clause)
    return clause.spans[i].has("class") and not covered


def _required(statement: Statement, clause: Clause) -> bool:
    if statement.requires is None:
        return True
    key, value = statement.requires
    return str(clause.ground.known.get(key)) == value


def _explains(
    statement: Statement, clause: Clause, agrees: bool, matched: set[int], denied: list[int]
) -> bool:
    """Whether a denial is charitably read as this statement's: it is then true, and of nothing else in the clause."""
    inside = any(word in _NOT for span in clause.spans for word in span.text.split())
    hidden = any(word in _NOT for i in matched for word in clause.spans[i].text.split())
    if hidden and not denied and statement.negated is False:
        return False  # "not stable" is one span, in which no denial was counted
    if matched.issuperset(denied) and (denied or agrees or not inside):
        return True  # its own words
    units = _UNITS.get(statement.about[0], ("",))
    foreign = any(span.has(*kind) for span in clause.spans for kind in _FOREIGN)
    foreign |= any(q.unit not in units for q in clause.quantities)
    beside = any(_next(clause, i) in matched for i in denied)
    return (
        agrees
        and (beside or not statement.denial_beside)
        and statement.negated is not None
        and not (statement.negated and foreign)
        and _known(clause).get(statement.about) == statement.value
    )


def _next(clause: Clause, denial: int) -> int:
    """The first word behind a denial that is no article and no "been"."""
    later = (i for i in range(denial + 1, len(clause.spans)) if clause.spans[i].text not in _BETWEEN)
    return next(later, denial)


def _known(clause: Clause) -> Claims:
    known = clause.ground.known | _IMPLIED
    known["F7", "in_pixels"] = known["F3", "state"] == "not_assessed" or known.get(("F7", "unit")) == "px"
    known["F7", "in_mm"] = known["F3", "state"] == "present" and known.get(("F7", "unit")) != "px"
    if known["F7", "in_pixels"]:
        known.setdefault(("F7", "unit"), "px")
    return known


def _claim(statement: Statement, clause: Clause, agrees: bool) -> None:
    about, said = statement.about, statement.about[1].replace("_", " ")
    known = _known(clause)
    if about not in known:
        clause.add(about, said, None)
        return
    if not agrees and isinstance(known[about], bool) and known[about] is (not statement.value):
        clause.add(about, f"not {said}", True, value=known[about])
        return
    if not agrees:
        clause.add(about, said, False, f"{claim_name(about)}: the text says the opposite of the findings")
        return
    holds = bool(known[about] == statement.value)
    reason = f"{claim_name(about)}: the findings say {claim_value(about, known[about])}"
    clause.add(about, said, holds, reason, statement.value)


def stems_of(clause: Clause) -> list[tuple[int, str]]:
    """Every word of a clause as its stem, with the span that it stands in."""
    return [(i, stem(word)) for i, span in enumerate(clause.spans) for word in span.text.split()]


def find(group: Group, clause: Clause, keys: list[tuple[int, str]]) -> set[int]:
    """Every span that an option of the group matches."""
    found: set[int] = set()
    for n, (_, key) in enumerate(keys):
        for phrase in group.phrases.get(key, ()):
            if all(n + m < len(keys) and keys[n + m][1] == word for m, word in enumerate(phrase)):
                found |= {i for i, _ in keys[n : n + len(phrase)]}
    for kind, value in group.meanings:
        found |= {i for i, span in enumerate(clause.spans) if span.has(kind, *filter(None, [value]))}
    return found


def occurs(phrase: tuple[str, ...], keys: list[tuple[int, str]]) -> bool:
    """True if the stems of a phrase stand next to each other."""
    only = [key for _, key in keys]
    return any(tuple(only[n : n + len(phrase)]) == phrase for n in range(len(only)))
