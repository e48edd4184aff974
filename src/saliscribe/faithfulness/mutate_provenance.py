"""I: the right number from the wrong place."""

from __future__ import annotations

import re
from random import Random

from saliscribe.core.language.words import METHOD
from saliscribe.faithfulness.draft import Draft, Line, Mutant, replaced, shuffled, substituted

_METHODS = (("grad-?cam ?(?:\\+\\+|plus plus)", "Grad-CAM++"), ("grad-?cam(?! ?(?:\\+|plus))", "Grad-CAM"),
            ("score-?cam", "ScoreCAM"))  # fmt: skip
_HEAT = ("F11.1.dice", "F11.2.dice", "F11.3.dice", "F11.1.inside", "F11.2.inside", "F11.3.inside", "F6.source",
         "F11.1.outside_brain", "F11.2.outside_brain", "F11.3.outside_brain")  # fmt: skip
_RENAMED = (
    (r"\bmacro[- ]F1\b", "accuracy"), (r"\baccuracy\b", "sensitivity"),
    (r"\bDice\b", "Jaccard index"),
    (r"\bcalibration error\b", "accuracy"), (r"\bcalibrated probability\b", "sensitivity"),
    (r"\bprobability\b", "specificity"),
)  # fmt: skip


def wrong_method(draft: Draft, draw: Random) -> Mutant | None:
    """A heat map is credited to another method."""
    for at in shuffled(draw, sorted({at for at, _ in draft.places(*_HEAT)})):
        line = draft.lines[at]
        for pattern, name in _METHODS:
            match = re.search(pattern, line.text, re.IGNORECASE)
            if match is None:
                continue
            others = [
                other for other in METHOD.values() if other != name and _is_news(draft, line, name, other)
            ]
            if others:
                new = draw.choice(others)
                return substituted(draft, at, pattern, new, f"this is {name}, not {new}")
    return None


def metric_renamed(draft: Draft, draw: Random) -> Mutant | None:
    """A metric gets another name, or is said of another thing."""
    about = (
        *_HEAT[:3],
        "F13.accuracy",
        "F13.macro_f1",
        "F13.dice",
        "F13.calibration_error",
        "F5.probability",
    )
    for at in shuffled(draw, sorted({at for at, _ in draft.places(*about)})):
        line = draft.lines[at]
        if line.has("F13.accuracy") and draw.random() < 0.4:
            text = re.sub(r"\b(?:the network's|its) (?=.*accuracy)", "a radiologist's ", line.text, count=1)
            if text != line.text:
                return replaced(draft, {at: line.with_text(text)}, "the figure is of the network")
        for pattern, new in _RENAMED:
            mutant = substituted(draft, at, pattern, new, "the metric has another name")
            if mutant:
                return mutant
    return None


def _is_news(draft: Draft, line: Line, old: str, new: str) -> bool:
    """False where the sentence would be true of the other method too."""
    ids = {METHOD[fact.method]: fact.id for fact in draft.findings.saliency}
    stated = [about.rpartition(".")[2] for about in line.states if about.startswith(f"{ids[old]}.")]
    told = [claim for claim in stated if claim not in ("method", "state")]
    return not told or any(draft.claims.get((ids[old], c)) != draft.claims.get((ids[new], c)) for c in told)
