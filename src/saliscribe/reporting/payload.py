"""What a language model is shown: findings in words, with no field that could hold anything else."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from saliscribe.core.language import words
from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.reported import Claims, reported
from saliscribe.core.language.slots import SLOTS
from saliscribe.core.records.fact import Record
from saliscribe.core.records.findings import Findings

#: Codes that have no wording of their own in the grammar, in words.
_CODES: dict[str, dict[object, str]] = {
    "basis": {"header": "the image header", "user": "the user", "estimated": "an estimate from the picture"},
    "certainty": {
        "consistent_with": "consistent with", "probable": "probable", "possible": "possible",
        "indeterminate": "indeterminate",
    },
    "hedge": {"sure": "lies in", "likely": "probably lies in", "tentative": "may lie in"},
    "inside": {True: "inside the region", False: "outside the region"},
    "patient_side": {"left": "left", "right": "right", "midline": "midline", "not_assessed": "not assessed"},
    "presence": {"present": "present", "absent": "absent", "not_assessed": "not assessed"},
    "method": words.METHOD,  # type: ignore[dict-item]
}  # fmt: skip
_TITLES = {
    "F1": "image", "F2": "plane", "F3": "pixel spacing", "F4": "warnings of the input check",
    "F5": "tumour class", "F6": "delineated region", "F7": "size of the region in plane",
    "F8": "placement in the template", "F9": "location of the region", "F10": "stability of the region",
    "F11.1": "Grad-CAM heat map", "F11.2": "Grad-CAM++ heat map", "F11.3": "ScoreCAM heat map",
    "F12": "not assessed, not to be spoken of",
}  # fmt: skip
_HEAT = {
    "dice": ("Dice with the region", "hundredth"),
    "agreement": ("map and region", "agreement"),
    "inside": ("share of heat inside the region", "percent"),
    "peak_inside": ("hottest point", "inside"),
    "outside_brain": ("share of heat outside the brain, not used", "percent"),
}
#: fact -> claim -> (name in the payload, wording).
FIELDS: dict[str, dict[str, tuple[str, str]]] = {
    "F1": {
        "format": ("kind", "format"), "grid": ("pixels", "grid"), "sequence": ("stated sequence", "sequence"),
        "slice_number": ("slice number", "int"), "slice_count": ("number of slices", "int"),
    },
    "F2": {"plane": ("plane", "plane"), "basis": ("known from", "basis"), "probability": ("probability", "percent")},
    "F3": {"spacing": ("spacing", "spacing")},
    "F4": {"codes": ("warnings", "warnings")},
    "F5": {
        "value": ("class", "class"), "probability": ("probability", "percent"),
        "calibrated_probability": ("calibrated probability", "percent"),
        "certainty": ("certainty", "certainty"), "runner_up": ("second class", "class"),
        "runner_up_probability": ("probability of the second class", "percent"),
        "third": ("third class", "class"), "third_probability": ("probability of the third class", "percent"),
    },
    "F6": {
        "source": ("drawn by", "source"), "parts": ("separate parts", "int"), "percentile": ("percentile", "ordinal"),
    },
    "F7": {
        "longest_mm": ("longest diameter in mm", "length"),
        "perpendicular_mm": ("largest perpendicular in mm", "length"), "area_mm2": ("area", "area"),
        "longest_px": ("longest diameter in pixels", "length"),
        "perpendicular_px": ("largest perpendicular in pixels", "length"), "area_px": ("area in pixels", "int"),
        "share_of_brain": ("share of the brain area in this slice", "percent"),
    },
    "F8": {"grade": ("localisation grade", "grade")},
    "F9": {
        "region": ("region", "region"), "hedge": ("certainty of the place", "hedge"),
        "main": ("structures with their share of the region", "shares"), "minor": ("smaller parts reach", "structures"),
        "fragile": ("not named at some thresholds or levels", "structures"),
        "outside": ("share of the region without a named structure", "percent"),
        "side": ("side of the patient", "patient_side"), "image_side": ("place in the picture", "image_side"),
    },
    "F10": {
        "thresholds": ("neighbouring thresholds tried", "int"), "smallest": ("smallest area", "ratio"),
        "largest": ("largest area", "ratio"),
    },
    "F11.1": _HEAT, "F11.2": _HEAT, "F11.3": _HEAT,
    "F12": {"topics": ("topics", "topics")},
}  # fmt: skip
_PIXELS = ("longest_px", "perpendicular_px", "area_px")


class PayloadFact(Record):
    """One fact in words. A value is refused unless it reads back through the wording that belongs to its name."""

    id: Annotated[str, Field(pattern=r"^F\d{1,2}(\.[123])?$")]
    about: str
    state: Literal["present", "absent", "not assessed"]
    values: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _only_known_words(self) -> Self:
        if self.about != _TITLES.get(self.id):
            raise ValueError("not the title of this fact")
        wordings = dict(FIELDS[self.id].values())
        for name, value in self.values.items():
            if name not in wordings or not _is_worded(value, wordings[name]):
                raise ValueError(f"not a value that the grammar can word: {self.id}")
        return self


class Payload(Record):
    """Everything about an image that may leave the machine; it is made from findings and from nothing else."""

    schema_version: Literal["1.0"] = "1.0"
    facts: tuple[PayloadFact, ...]


def payload(findings: Findings) -> Payload:
    """Findings at reporting precision, each value as the words that a report would use: no signs, no codes."""
    claims = _told(findings)
    in_mm = ("F7", "longest_mm") in claims
    facts = []
    for fact, fields in FIELDS.items():
        values = {
            name: _write(claims[fact, claim], wording)
            for claim, (name, wording) in fields.items()
            if (fact, claim) in claims
            and not (in_mm and claim in _PIXELS)
            and _takes(claims[fact, claim], wording)
        }
        state = "not_assessed" if fact == "F12" else claims[fact, "state"]
        facts.append(
            PayloadFact(id=fact, about=_TITLES[fact], state=_CODES["presence"][state], values=values)
        )
    return Payload(facts=tuple(facts))


def _told(findings: Findings) -> Claims:
    """What the findings claim; the probability goes by the name that it deserves."""
    claims = dict(reported(findings))
    if claims["F5", "calibrated"]:
        claims["F5", "calibrated_probability"] = claims.pop(("F5", "probability"))
    return claims


def _write(value: Any, wording: str) -> str:
    return _CODES[wording][value] if wording in _CODES else SLOTS[wording].write(value)


def _takes(value: Any, wording: str) -> bool:
    return value in _CODES[wording] if wording in _CODES else SLOTS[wording].takes(value)


def _is_worded(text: str, wording: str) -> bool:
    if wording in _CODES:
        return text in _CODES[wording].values()
    slot, plain = SLOTS[wording], normalise(text)
    try:
        slot.read(plain)
    except (ValueError, KeyError):
        return False
    return re.fullmatch(slot.pattern, plain) is not None
