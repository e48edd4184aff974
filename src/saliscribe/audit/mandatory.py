"""What a report may not leave out, whatever its style and whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from saliscribe.core.language.reported import Claims, Key, reported
from saliscribe.core.records.findings import Findings


@dataclass(frozen=True)
class Duty:
    """``what`` must be said: by a claim about any of ``keys``."""

    fact_id: str
    what: str
    keys: tuple[Key, ...]


_CLASS = Duty("F5", "the class that the network found", (("F5", "value"),))
_SURE = Duty("F5", "how probable the class is", (("F5", "probability"),))
_TOPICS = Duty("F12", "what was not assessed", (("F12", "topics"),))
_CLOSED = Duty("F14", "that the network has no healthy class", (("F14", "healthy_class"),))
_AVERAGE = Duty("F14", "that figures are averages and the report can be wrong", (("F14", "averages_only"),))
_RESEARCH = Duty("F14", "that this is for research use only", (("F14", "research_use_only"),))
_SIZE = Duty(
    "F7",
    "the size of the region, or that it is unknown",
    (("F7", "longest_mm"), ("F7", "longest_px"), ("F7", "unit")),
)
_SIDE = Duty("F9", "the side of the patient on which the region lies", (("F9", "side"),))
_EMPTY = Duty("F6", "that no region was delineated", (("F6", "state"),))
_WARNED = Duty("F4", "the warnings of the input check", (("F4", "codes"),))
_UNCHECKED = Duty("F4", "that the input was not checked", (("F4", "state"),))
_POOR = Duty("F11", "that heat maps and region agree poorly", (("F11", "poor"), ("F11", "any_poor")))
_NO_EVIDENCE = Duty(
    "F15", "that the network's output for this volume is not reliable evidence", (("F15", "unreliable"),)
)
_SYNTHETIC = Duty("F14", "that the input is synthetic", (("F14", "synthetic_input"),))


def duties(findings: Findings) -> tuple[Duty, ...]:
    """The duties that these findings bring with them."""
    always = (_CLASS, _SURE, _TOPICS, _CLOSED, _AVERAGE, _RESEARCH)
    sometimes = (
        (findings.synthetic, _SYNTHETIC),
        (findings.extent.state == "present", _SIZE),
        (_side_is_known(findings), _SIDE),
        (findings.delineation.state == "absent", _EMPTY),
        (findings.warnings.state == "present", _WARNED),
        (findings.warnings.state == "not_assessed", _UNCHECKED),
        (findings.volume is not None and findings.volume.support == "doubtful", _NO_EVIDENCE),
        (reported(findings).get(("F11", "any_poor"), False), _POOR),
    )
    return (*always, *(duty for holds, duty in sometimes if holds))


def _side_is_known(findings: Findings) -> bool:
    """True when a region was drawn and the findings say on which side of the patient it lies."""
    return findings.delineation.state == "present" and findings.location.side != "not_assessed"


def left_out(findings: Findings, claims: Claims) -> tuple[Duty, ...]:
    """The duties that a text with these (entailed) claims does not fulfil."""
    said = set(claims) | _made_up_of(findings, claims)
    return tuple(duty for duty in duties(findings) if not said.intersection(duty.keys))


def _made_up_of(findings: Findings, claims: Claims) -> set[Key]:
    """Lists that a text may give piece by piece: topics, warnings, maps that agree poorly."""
    known, whole = reported(findings), set[Key]()
    topics = {("F12", topic.topic) for topic in findings.not_assessed}
    if topics <= {("F12", "side") if key == ("F9", "side") else key for key in claims} | set(claims):
        whole.add(("F12", "topics"))
    if findings.warnings.codes and all(("F4", code) in claims for code in findings.warnings.codes):
        whole.add(("F4", "codes"))
    poor = [fact for fact in findings.saliency if known.get((fact.id, "agreement")) == "poor"]
    if poor and all((fact.id, "agreement") in claims for fact in poor):
        whole.add(("F11", "any_poor"))
    return whole
