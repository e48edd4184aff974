"""A payload as short lines of words, for models that are too small to read JSON."""

from __future__ import annotations

from saliscribe.reporting.payload import Payload

_HEAT = "{map and region} with the region, {share of heat inside the region} of its heat inside"
#: (fact, line): the line is written where the fact has every value that it names. The first line of a group of
#: alternatives that can be written stands for all of them.
_LINES: tuple[tuple[tuple[str, str], ...], ...] = (
    (("F2", "Plane: {plane}"),),
    (("F4", "Warnings: {warnings}"),),
    (
        ("F5", "Class: {certainty} {class}, calibrated probability {calibrated probability}"),
        ("F5", "Class: {certainty} {class}, probability {probability}"),
    ),
    (("F5", "Second class: {second class} ({probability of the second class})"),),
    (
        ("F7", "Size: {longest diameter in mm} x {largest perpendicular in mm} mm"),
        ("F7", "Size: {longest diameter in pixels} x {largest perpendicular in pixels} pixels"),
    ),
    (("F7", "Area: {area}"),),
    (("F9", "Place: {certainty of the place} {region}"),),
    (("F9", "Side: the patient's {side of the patient}"),),
    (("F9", "Structures: {structures with their share of the region}"),),
    (("F11.1", f"Grad-CAM map: {_HEAT}"),),
    (("F11.2", f"Grad-CAM++ map: {_HEAT}"),),
    (("F11.3", f"ScoreCAM map: {_HEAT}"),),
)
_NO_REGION = "Region: none was delineated"


def fact_lines(facts: Payload) -> str:
    """What matters most of the facts, one line each; what was not assessed is not spoken of.

    Every value is one of the payload's, so a line can hold nothing that the payload could not.
    """
    known = {
        fact.id: {name: value for name, value in fact.values.items() if value != "not assessed"}
        for fact in facts.facts
    }
    lines = [_first(group, known) for group in _LINES]
    if any(fact.id == "F6" and fact.state == "absent" for fact in facts.facts):
        lines.append(_NO_REGION)
    return "\n".join(line for line in lines if line)


def _first(group: tuple[tuple[str, str], ...], known: dict[str, dict[str, str]]) -> str | None:
    for fact, line in group:
        try:
            return line.format_map(known[fact])
        except KeyError:
            continue
    return None
