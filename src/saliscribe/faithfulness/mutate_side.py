"""A: the wrong side."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from saliscribe.faithfulness.draft import Draft, Line, Mutant, added, replaced, shuffled, without

_SIDES = re.compile(r"\b(left|right|sinister|dexter|sinistra|dextra|sinistrum|dextrum)", re.IGNORECASE)
_UNSIDED = re.compile(r"\b(?:left|right)(?:-sided)? ")
_OTHER = {
    "left": "right", "right": "left", "sinister": "dexter", "dexter": "sinister", "sinistra": "dextra",
    "dextra": "sinistra", "sinistrum": "dextrum", "dextrum": "sinistrum",
}  # fmt: skip
_SIDED = ("F9.side", "F9.image_side", "F9.region", "structure")


def all_swapped(draft: Draft, draw: Random) -> Mutant | None:
    """Left and right change places in the whole report."""
    return replaced(
        draft, {at: _mirrored(draft.lines[at]) for at in _sided(draft)}, "every side is the other one"
    )


def one_swapped(draft: Draft, draw: Random) -> Mutant | None:
    """Left and right change places in one sentence."""
    for at in shuffled(draw, _sided(draft)):
        return replaced(draft, {at: _mirrored(draft.lines[at])}, "a side is the other one")
    return None


def bilateral(draft: Draft, draw: Random) -> Mutant | None:
    """One side becomes both."""
    side = _side(draft)
    if side is None:
        return None
    text = draw.choice(
        (
            "The region is bilateral.",
            "There is bilateral involvement.",
            "The lesion lies in both hemispheres.",
            "Both the left and the right side are affected.",
            "The finding is present on both sides.",
        )
    )
    return _instead(draft, text, f"bilateral, but the side is {side}", draw)


def dropped(draft: Draft, draw: Random) -> Mutant | None:
    """The side is known, and neither a sentence nor the name of a structure says it."""
    if _side(draft) is None:
        return None
    lines = tuple(
        line.with_pieces(
            {at: _UNSIDED.sub("", p.text) for at, p in enumerate(line.pieces) if p.about == "structure"}
        )
        for line in draft.lines
    )
    return without(replace(draft, lines=lines), {"F9.side"}, "F9", "the side is left out")


def synonym(draft: Draft, draw: Random) -> Mutant | None:
    """The other side under another name."""
    side = _side(draft)
    if side is None:
        return None
    forms = {
        "left": (
            "sinistral",
            "left-sided",
            "on the patient's left-hand side",
            "in the left half of the brain",
        ),
        "right": (
            "dextral",
            "right-sided",
            "on the patient's right-hand side",
            "in the right half of the brain",
        ),
    }
    subject = draw.choice(("The region is", "The lesion is", "The delineated area is"))
    text = f"{subject} {draw.choice(forms[_OTHER[side]])}."
    return _instead(draft, text, f"the other side in other words; it is {side}", draw)


def other_hemisphere(draft: Draft, draw: Random) -> Mutant | None:
    """The opposite hemisphere is said to be affected."""
    if _side(draft) is None:
        return None
    text = draw.choice(
        (
            "The opposite hemisphere is affected as well.",
            "It extends into the other hemisphere.",
            "The contralateral hemisphere is involved too.",
            "There is spread across the midline to the other side.",
        )
    )
    return added(draft, text, "the other hemisphere is not affected", draw)


def _side(draft: Draft) -> str | None:
    """The patient's side, where it is known and the text says it."""
    side = draft.findings.location.side
    said = any("F9.side" in line.states for line in draft.lines)
    return side if side in ("left", "right") and said else None


def _sided(draft: Draft) -> list[int]:
    """The sentences that state a side; "left or right" in one breath is no side."""
    return [
        at
        for at, line in enumerate(draft.lines)
        if any(p.about in _SIDED and _SIDES.search(p.text) for p in line.pieces)
    ]


def _mirrored(line: Line) -> Line:
    return line.with_pieces(
        {at: _SIDES.sub(_swap, piece.text) for at, piece in enumerate(line.pieces) if piece.about in _SIDED}
    )


def _swap(match: re.Match[str]) -> str:
    new = _OTHER[match[0].lower()]
    return new.capitalize() if match[0][0].isupper() else new


def _instead(draft: Draft, text: str, wrong: str, draw: Random) -> Mutant | None:
    """The sentence that only gives the side is replaced; where there is none, the new one is added."""
    own = [at for at, line in enumerate(draft.lines) if _only_side(line)]
    if own:
        at = draw.choice(own)
        return replaced(draft, {at: draft.lines[at].with_text(text)}, wrong)
    return added(draft, text, wrong, draw)


def _only_side(line: Line) -> bool:
    return "F9.side" in line.states and line.states <= {"F9.side", "F9.side_basis", "F6.state"}
