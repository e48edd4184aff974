"""A claim's name and its value as a report writes them: "Dice: 0.71", "area: 17.4 cm²", "peak inside: yes"."""

from __future__ import annotations

from functools import cache
from typing import Any

from saliscribe.core.language import words
from saliscribe.core.language.parse import all_sentences
from saliscribe.core.language.reported import Key
from saliscribe.core.language.slots import Slot

_MAPS = {"F11.1": "gradcam", "F11.2": "gradcam++", "F11.3": "scorecam"}
_BADGES = {"F13.1": "gradcam", "F13.2": "gradcam++", "F13.3": "scorecam"}
_NAMES = {
    ("F1", "format"): "format of the input",
    ("F2", "state"): "plane",
    ("F2", "basis"): "where the plane is known from",
    ("F3", "state"): "pixel spacing",
    ("F3", "spacing"): "pixel spacing (mm)",
    ("F4", "state"): "input check",
    ("F4", "codes"): "warnings of the input check",
    ("F4", "count"): "number of warnings",
    ("F5", "value"): "class",
    ("F5", "runner_up"): "second class",
    ("F5", "runner_up_probability"): "probability of the second class",
    ("F5", "third"): "third class",
    ("F5", "third_probability"): "probability of the third class",
    ("F6", "state"): "delineated region",
    ("F6", "by"): "what drew the region",
    ("F6", "source"): "what drew the region",
    ("F6", "parts"): "number of parts",
    ("F6", "pieces"): "one part or several",
    ("F7", "longest_mm"): "longest diameter (mm)",
    ("F7", "perpendicular_mm"): "perpendicular diameter (mm)",
    ("F7", "longest_px"): "longest diameter (pixels)",
    ("F7", "perpendicular_px"): "perpendicular diameter (pixels)",
    ("F7", "area_mm2"): "area",
    ("F7", "area_px"): "area (pixels)",
    ("F7", "in_pixels"): "size known in pixels only",
    ("F7", "in_mm"): "size known in millimetres",
    ("F7", "share_of_brain"): "share of the brain",
    ("F8", "state"): "placement in the template",
    ("F8", "grade"): "localisation grade",
    ("F8", "level"): "level of the slice",
    ("F8", "low"): "lower bound of the level",
    ("F8", "high"): "upper bound of the level",
    ("F9", "region"): "location",
    ("F9", "fragile"): "fragile structures",
    ("F9", "shakiest"): "most fragile structures",
    ("F9", "shakiest_chance"): "share of the placements that hold the most fragile structures",
    ("F10", "smallest"): "smallest area at other thresholds",
    ("F10", "largest"): "largest area at other thresholds",
    ("F12", "topics"): "what was not assessed",
    ("F9", "state"): "location",
    ("F9", "side_basis"): "where the side is known from",
    ("F9", "image_side"): "side of the picture",
    ("F9", "hedge"): "firmness of the location",
    ("F9", "main"): "structures",
    ("F9", "all_stable"): "the same structures at neighbouring thresholds",
    ("F9", "outside"): "share of the region outside all structures",
    ("F11", "any_poor"): "poor agreement of heat map and region",
    ("F11", "poor"): "heat maps that agree poorly",
    ("F11", "missing"): "heat maps not computed",
    ("F13", "maps"): "trust test of the heat maps",
    ("F13", "state"): "figures of the network",
    ("F13", "temperature_scaled"): "calibrated probabilities",
    ("F14", "healthy_class"): "a class for healthy brains",
    ("F14", "averages_only"): "figures are averages",
    ("F14", "averages"): "figures are averages",
    ("F14", "nobody"): "no patient shown",
}
_FIELDS = {
    "dice": "Dice",
    "peak_inside": "hottest point inside the region",
    "inside": "heat inside the region",
    "outside_brain": "heat outside the brain",
    "badge": "trust test",
    "calibration_error": "calibration error",
    "macro_f1": "macro F1",
}


def claim_name(key: Key) -> str:
    """What a claim is about, in words."""
    fact, field = key
    name = _NAMES.get(key) or _FIELDS.get(field) or field.replace("_", " ")
    method = (_MAPS | _BADGES).get(fact)
    return f"{words.METHOD[method]} {name}" if method else name


def claim_value(key: Key, value: Any) -> str:
    """A value as the grammar writes it; "yes" and "no" where it has no words of its own."""
    slot = _slots().get(key)
    if slot is not None and slot.takes(value):
        return slot.write(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(claim_value(("", ""), part) for part in value if part is not None)
    return str(value).replace("_", " ")


@cache
def _slots() -> dict[Key, Slot]:
    """How the grammar writes each claim that some sentence has a hole for."""
    return {key: slot for sentence in reversed(all_sentences()) for key, _, slot in sentence.holes}
