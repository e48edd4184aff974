"""Sides that stand alone: the patient's, or those of the picture."""

from __future__ import annotations

import re

from saliscribe.audit.clause import Clause


def read_side(clause: Clause) -> None:
    """Sides that stand alone: the patient's, or the picture's."""
    known = clause.ground.known
    if clause.charitable:
        _both(clause)
    _picture_and_patient(clause)
    for i in clause.all("side"):
        side = clause.spans[i].get("side") or ""
        clause.take(i)
        if in_picture(clause, i) or (clause.has("frame", "picture") and _bare(clause, i)):
            wanted = {"left": "image-left", "right": "image-right", "midline": "image-midline"}.get(side)
            holds = (
                known.get(("F9", "image_side")) == wanted
                if clause.ground.findings.delineation.state == "present"
                else None
            )
            clause.add(("F9", "image_side"), f"{side} of the picture", holds,
                       f"{side} of the picture: the findings say {known.get(('F9', 'image_side'))}")  # fmt: skip
            continue
        true_side = known.get(("F9", "side"))
        silent = true_side in (None, "not_assessed")
        denied = clause.negated()
        holds = not silent and (side == true_side) and not denied
        if denied:
            clause.take_all("negation", "not")
        reason = f"side {side}: {said_of_side(true_side)}"
        clause.add(("F9", "side"), f"side {side}", holds, reason)  # fmt: skip


_PICTURE = r"(?:picture|image|screen|display|slice|viewer)"
_PATIENT = r"(?:patient|body|brain)"
_IS = r"(?:side |half )?(?:is|shows|equals|means|corresponds to|is the same as|is on) (?:the )?"
#: "The picture's left is the patient's left", "left in the image is the patient's right".
_TWO_FRAMES = re.compile(
    rf"\b(?:{_PICTURE}'s (?P<a>left|right)|(?P<b>left|right) (?:side )?(?:of|in|on) the {_PICTURE}) {_IS}"
    rf"(?:{_PATIENT}'s (?P<c>left|right)|(?P<d>left|right) (?:side )?of the {_PATIENT})\b"
    rf"|\b{_PATIENT}'s (?P<e>left|right) (?:is |lies |shown |appears )?on the (?P<f>left|right)\b"
    rf"(?! (?:side )?of the {_PATIENT})"
)


def _picture_and_patient(clause: Clause) -> None:
    """Which side of the picture shows which side of the patient: as it is for the region."""
    said = _TWO_FRAMES.search(clause.words())
    if said is None:
        return
    clause.take_all("side")
    known = clause.ground.known
    picture = str(known.get(("F9", "image_side"))).removeprefix("image-")
    patient, sides = known.get(("F9", "side")), ("left", "right")
    one, other = [side for side in said.groups() if side]
    straight = one == other
    holds = (picture == patient) == straight if picture in sides and patient in sides else None
    reason = f"{said[0]}: the region is on the {picture} of the picture, and {said_of_side(patient)}"
    clause.add(("F9", "image_side"), said[0], holds, reason)


def _both(clause: Clause) -> None:
    """ "Neither left nor right", "left and right cannot be told": the midline, or a side that is not known."""
    sides = clause.all("side")
    named = {side for i in sides for side in clause.spans[i].tags["side"]}
    denials, turned = clause.denials()
    true = clause.ground.known.get(("F9", "side"))
    if not {"left", "right"} <= named or turned != 1 or true not in ("midline", "not_assessed"):
        return
    if true == "midline" and not any(clause.spans[i].text.startswith("neither") for i in denials):
        return
    clause.take(*sides, *denials)
    clause.add(("F9", "side"), "left and right", True, value=true)


def said_of_side(side: str | None) -> str:
    """What the findings know of the side, in words."""
    if side in (None, "not_assessed"):
        return "the side of the patient is not known, only that of the picture"
    return f"the findings say {side}"


def in_picture(clause: Clause, at: int) -> bool:
    return any(span.has("frame", "picture") for span in clause.spans[at : at + 4]) or any(
        span.has("frame", "picture") for span in clause.spans[max(0, at - 2) : at]
    )


def is_a_side(clause: Clause, i: int) -> bool:
    """ "On the right", "its right side": no "right" in the sense of correct."""
    before = [span.text for span in clause.spans[max(0, i - 2) : i]]
    after = [span.text for span in clause.spans[i + 1 : i + 2]]
    bare = clause.spans[i].text == "right"
    return (
        not bare or before in (["on", "the"], ["to", "the"]) or after in (["side"], ["hemisphere"], ["half"])
    )


def _bare(clause: Clause, i: int) -> bool:
    """ "on the left", "left of centre": in a sentence about the picture its left."""
    before = clause.spans[i - 1].text if i else ""
    of_centre = any(span.text in ("centre", "center") for span in clause.spans[i + 1 : i + 4])
    return (before == "the" or of_centre) and not clause.has("frame", "patient")
