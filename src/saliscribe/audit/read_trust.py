"""The badge of the heat maps in free words: a map may be called trusted only where a study of the network says so."""

from __future__ import annotations

import re

from saliscribe.audit.clause import Clause
from saliscribe.audit.maps_made import ABOUT_A_MAP
from saliscribe.core.language import words

_IDS = {"gradcam": "F13.1", "gradcam++": "F13.2", "scorecam": "F13.3"}
_TEST = r"(?:\w+ ){0,3}?(?:tests?|trials?|checks?)\b"
_TRUST = r"(?:trusted|trustworthy|reliable|dependable|credible|validated|verified|proven)"
_TRUSTED = re.compile(rf"\b{_TRUST}\b|\bpass(?:ed|es|ing)? {_TEST}")
_FAILED = re.compile(rf"\bfail(?:ed|s|ing)? {_TEST}")
_UNTESTED = re.compile(
    rf"\b(?:whether|if)\b.*\b{_TRUST} .*\bnot (?:been )?(?:tested|assessed|checked|examined|tried|evaluated|known)\b"
    rf"|\bnot (?:been )?(?:tested|assessed|checked|examined|tried|evaluated|known) (?:whether|if)\b.*\b{_TRUST}\b"
)
_FAILING = ("failed", "fails", "fail", "failing")


def read_trust(clause: Clause) -> None:
    """Claims about F13.1 to F13.3 and, where no method is named, about all maps together."""
    said = _said(clause)
    methods = [clause.spans[i].get("method") or "" for i in clause.all("method")]
    named = [method for method in methods if method in _IDS]
    maps = bool(named) or (clause.has("cue", "heat") and not methods)
    if not said or not maps or clause.has("warning") or clause.has("cue", "checker", "warning"):
        return
    for about in [(_IDS[method], "badge") for method in named] or [("F13", "maps")]:
        known = clause.ground.known.get(about)
        name = next((words.METHOD[m] for m in named if _IDS[m] == about[0]), "maps")
        told = f"{name} {'not tested' if said == 'not_assessed' else said}"
        reason = f"{told}: the findings say {str(known).replace('_', ' ')}"
        clause.add(about, told, None if known is None else known == said, reason, said)
        _tried_on(clause, about[0])
    clause.take_all("cue", "trusttest")
    clause.take(*(i for i, span in enumerate(clause.spans) if span.text in _FAILING))
    if said == "not_assessed":
        clause.take(*clause.denials()[0])
    if not clause.has("cue", *ABOUT_A_MAP) and not any(map(clause.has, ("agree", "degree", "agreeing"))):
        clause.take_all("method")


def _said(clause: Clause) -> str:
    """What the clause says of the maps' trust: "trusted", "failed", "not_assessed" or nothing."""
    text = clause.words()
    denied = any(clause.spans[i].text not in _FAILING for i in clause.all("negation", "not"))
    if denied:
        return "not_assessed" if _UNTESTED.search(text) and clause.denials()[1] == 1 else ""
    return "failed" if _FAILED.search(text) else "trusted" if _TRUSTED.search(text) else ""


def _tried_on(clause: Clause, fact: str) -> None:
    """ "In 60 slices": on how many the map was tried."""
    for q in clause.free_numbers():
        slices = clause.ground.known.get((fact, "slices"))
        counted = any(span.has("cue", "slices") for span in clause.spans[q.upto : q.upto + 1])
        if slices is not None and q.unit == "" and counted:
            clause.take_number(q)
            said = f"tried in {q.value:g} slices"
            clause.add((fact, "slices"), said, q.value == slices, f"{said}: the findings say {slices}")
