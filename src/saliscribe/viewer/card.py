"""What the index shows of one result folder."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from saliscribe.core.language import words
from saliscribe.core.language.slots import structure_phrase
from saliscribe.core.names import SHOWN_FIRST
from saliscribe.core.records.facts import StructureFact
from saliscribe.core.records.findings import Findings
from saliscribe.io.runs import has_all_files, read_manifest

REPORT_PAGE = "report.html"
OVERLAY = "overlay.png"


@dataclass(frozen=True)
class Card:
    """One complete result folder: its ``id`` is its path below the viewed folder, ``files`` what its manifest lists.

    Everything that is not known is ``None``. ``suggested`` is false where the report names no class, because the
    output is no reliable evidence of a tumour; ``finished`` is in seconds since 1970.
    """

    id: str
    folder: Path
    files: frozenset[str]
    finished: float
    kind: str
    input: str | None
    audit: str | None
    label: str | None = None
    probability: float | None = None
    probabilities: tuple[tuple[str, float], ...] = ()
    suggested: bool = False
    certainty: str | None = None
    plane: str | None = None
    grade: str | None = None
    mask_source: str | None = None
    delineated: bool | None = None
    heat: str | None = None
    heat_trust: str | None = None
    region: str | None = None
    structures: tuple[str, ...] = ()
    warnings: tuple[tuple[str, str], ...] | None = None
    synthetic: bool | None = None

    def as_json(self) -> dict[str, Any]:
        """The card as the page gets it: no paths of this machine, only which pages and pictures there are."""
        here = ("folder", "files")
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in here}
        return plain | {"report": REPORT_PAGE in self.files, "overlay": OVERLAY in self.files}


def read_card(folder: Path, name: str, finished: float) -> Card | None:
    """The card of ``folder``, or ``None`` where there is no complete result.

    Findings of another schema version leave their part of the card unknown.
    """
    manifest = read_manifest(folder)
    if manifest is None or not has_all_files(folder, manifest):
        return None
    result, source = manifest.get("result") or {}, manifest.get("input") or {}
    try:
        findings = Findings.model_validate_json((folder / "findings.json").read_bytes())
        known = _from_findings(findings)
    except (OSError, ValidationError):
        known = {}
    return Card(
        id=name,
        folder=folder,
        files=frozenset(manifest["files"]),
        finished=finished,
        kind=str(manifest.get("kind", "slice")),
        input=source.get("name"),
        audit=result.get("audit"),
        **known,
    )


def _from_findings(findings: Findings) -> dict[str, Any]:
    said, place = findings.tumour_class, findings.location
    doubtful = findings.volume is not None and findings.volume.support == "doubtful"
    checked = findings.warnings.state != "not_assessed"
    return {
        "label": said.value,
        "probability": said.probability,
        "probabilities": tuple(said.probabilities.ranked()),
        "suggested": not doubtful,
        "certainty": said.certainty,
        "plane": findings.plane.plane,
        "grade": findings.placement.grade,
        "mask_source": findings.delineation.source,
        "delineated": findings.delineation.state == "present",
        **_shown_heat(findings),
        "region": place.region,
        "structures": tuple(_structure(one) for one in place.structures),
        "warnings": _warnings(findings) if checked else None,
        "synthetic": findings.synthetic,
    }


def _shown_heat(findings: Findings) -> dict[str, str | None]:
    """The heat map of the overlay, and how this network's maps of that method did in their test."""
    computed = {fact.method for fact in findings.saliency if fact.state == "present"}
    heat = next((method for method in SHOWN_FIRST if method in computed), None)
    trust = next((fact.badge for fact in findings.reliability.maps if fact.method == heat), None)
    return {"heat": heat, "heat_trust": trust}


def _structure(fact: StructureFact) -> str:
    side = fact.side if fact.side in ("left", "right") else None
    return structure_phrase(fact.name, side).removeprefix("the ")


def _warnings(findings: Findings) -> tuple[tuple[str, str], ...]:
    return tuple((code, str(words.WARNING[code])) for code in findings.warnings.codes)
