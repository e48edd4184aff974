"""The badge of the heat maps in free words: a map may be called trusted only where a study of the network says so."""

from __future__ import annotations

import re

from saliscribe.audit.clause import Clause
from saliscribe.core.language import words

_IDS = {"gradcam": "F13.1", "gradcam++": "F13.2", "scorecam": "F13.3"}
_TEST = r"(?:\w+ ){0,3}?(?:tests?|trials?|checks?)\b"
_TRUSTED = re.compile(
    rf"\b(?:trusted|trustworthy|reliable|dependable|credible|validated|verified|proven)\b|\bpass(?:ed|es|ing)? {_TEST}"
)
_FAILED = re.compile(rf"\bfail(?:ed|s|ing)? {_TEST}")


def read_trust(clause: Clause) -> None:
    """Claims about F13.1 to F13.3 and, where no method is named, about all maps together."""
    said = (
        "trusted" if _TRUSTED.search(clause.words()) else "failed" if _FAILED.search(clause.words()) else ""
    )
    methods = [clause.spans[i].get("method") or "" for i in clause.all("method")]
    named = [method for method in methods if method in _IDS]
    maps = bool(named) or (clause.has("cue", "heat") and not methods)
    if (
        not said
        or not maps
        or clause.has("negation", "not")
        or clause.has("warning")
        or clause.has("cue", "checker", "warning")
    ):
        return
    for about in [(_IDS[method], "badge") for method in named] or [("F13", "maps")]:
        known = clause.ground.known.get(about)
        name = next((words.METHOD[m] for m in named if _IDS[m] == about[0]), "maps")
        reason = f"{name} {said}: the findings say {str(known).replace('_', ' ')}"
        clause.add(about, f"{name} {said}", None if known is None else known == said, reason, said)
    for i, span in enumerate(clause.spans):
        if span.text in ("failed", "fails", "failing"):
            clause.take(i)
