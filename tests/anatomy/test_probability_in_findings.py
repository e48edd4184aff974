"""The probability of a name, and names that only a user's atlas has: in the findings, the sentences, the audit."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from saliscribe.audit.verify import verify
from saliscribe.core.language.parse import readings
from saliscribe.core.language.reported import reported
from saliscribe.core.records.facts import LocationFact, StructureFact
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.localisation import Localisation, Placement, Structure
from saliscribe.findings.place import location_fact
from saliscribe.findings.random_findings import random_findings
from saliscribe.reporting.fact_rows import fact_rows
from saliscribe.reporting.write_report import write_report


def _structure(number, name, side, share, chance, label=None):
    return StructureFact(
        id=f"F9.{number}", stage="localise", name=name, side=side, share_of_lesion=share, stability="stable",
        probability=chance, atlas_label=label,
    )  # fmt: skip


def _findings(*structures) -> Findings:
    """A slice of grade C whose region lies in these structures and no others."""
    base = next(
        one
        for one in map(random_findings, range(400))
        if one.volume is None and one.placement.grade == "C" and one.location.state == "present"
    )
    place = LocationFact(state="present", stage="localise", structures=structures)
    return Findings.model_validate(base.model_dump() | {"location": place.model_dump()})


def _sentence(report, start):
    texts = [sentence.text for section in report.sections for sentence in section.sentences]
    return next((text for text in texts if text.startswith(start)), None)


def test_the_least_certain_name_is_said_with_its_chance_and_read_back():
    findings = _findings(
        _structure(1, "insular cortex", "left", 0.6, 0.95), _structure(2, "putamen", "left", 0.3, 0.549)
    )
    report = write_report(findings)
    said = _sentence(report, "The least certain of these names")
    assert said == (
        "The least certain of these names is the left putamen, found in 55% of the plausible placements."
    )
    claims = readings(said)[0]
    assert claims["F9", "shakiest"] == (("putamen", "left"),)
    assert claims["F9", "shakiest_chance"] == 55
    assert {key: reported(findings)[key] for key in claims} == claims
    assert verify(report, findings).outcome == "pass"
    wrong = verify(said.replace("55", "85"), findings)
    assert wrong.sentences[0].verdict == "contradicted"
    rows = {row.id: row.value for row in fact_rows(findings)}
    assert rows["F9.2"] == "left putamen, 30% of the region, stable, in 55% of the plausible placements"


def test_sure_names_get_no_such_sentence_and_unknown_chances_stay_unknown():
    sure = _findings(_structure(1, "insular cortex", "left", 0.6, 0.9))
    assert _sentence(write_report(sure), "The least certain") is None
    unknown = _findings(_structure(1, "insular cortex", "left", 0.6, None))
    assert _sentence(write_report(unknown), "The least certain") is None
    assert "plausible" not in {row.id: row.value for row in fact_rows(unknown)}["F9.1"]


def test_structures_without_a_name_in_the_vocabulary_are_told_apart_by_their_labels():
    findings = _findings(
        _structure(1, "unlisted structure", "left", 0.6, 0.7, 2001),
        _structure(2, "unlisted structure", "not_assessed", 0.3, 0.9, 40),
    )
    report = write_report(findings)
    said = _sentence(report, "By this placement")
    assert "the left structure with label 2001 of the atlas (60%)" in said
    assert "the structure with label 40 of the atlas (30%)" in said
    claims = readings(said)[0]
    assert claims["F9", "main"] == (
        ("unlisted structure 2001", "left", 60),
        ("unlisted structure 40", None, 30),
    )
    cited = next(one.fact_ids for part in report.sections for one in part.sentences if one.text == said)
    assert cited == ("F9", "F9.1", "F9.2")
    assert verify(report, findings).outcome == "pass"
    other = verify(said.replace("2001", "2002"), findings)
    assert other.sentences[0].verdict == "contradicted"
    with pytest.raises(ValidationError, match="twice"):
        _findings(
            _structure(1, "unlisted structure", "left", 0.6, None, 7),
            _structure(2, "unlisted structure", "left", 0.3, None, 7),
        )


def test_the_atlas_label_is_kept_only_where_the_vocabulary_has_no_name():
    placement = Placement("axial", "C", 1.0, (-9.0, 11.0), 0.3, None, "MNI152NLin6Asym", "test")
    found = (
        Structure("Precentral", "left", 0.5, None, "stable", "x", 0.8, 2001),
        Structure("Frontal Inf Orb 2", "left", 0.2, None, "stable", "x", 0.75, 2321),
        Structure("Cerebelum Crus1", "left", 0.1, None, "stable", "x", 0.6, 9001),
        Structure("Cerebelum 6", "left", 0.05, None, "fragile", "x", 0.9, 9041),
    )
    whole = Localisation(placement, found, None, 0.1, "left", "user", "image-right", "x", "0" * 64)
    fact = location_fact(whole, False, ())
    assert [(one.name, one.atlas_label, one.probability) for one in fact.structures] == [
        ("precentral gyrus", None, 0.8),
        ("unlisted structure", 2321, 0.75),
        ("cerebellum", None, None),  # two labels under one name: neither probability is that of the name
    ]
    assert fact.structures[2].share_of_lesion == pytest.approx(0.15)
    assert json.loads(fact.model_dump_json())["structures"][0]["probability"] == 0.8
