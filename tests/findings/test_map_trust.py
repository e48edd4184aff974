"""The badge of a study: from the card into the findings, the words and the page; nothing is trusted by default."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError
from tests.findings.test_summarise import CARD, _summarise

from saliscribe.audit.verify import verify
from saliscribe.core.language.parse import parse
from saliscribe.core.language.render import render, stated
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.map_trust import MapTrustFact
from saliscribe.core.records.report import STYLES
from saliscribe.findings.map_trust import map_trust, region_warnings
from saliscribe.findings.summarise import summarise as summarise_records

SHA = "ab" * 32
FAILED = {"badge": "failed", "failed": ["harmless", "faithfulness"], "slices": 60, "layer": "x"}
TRUSTED = {"badge": "trusted", "failed": [], "slices": 60, "layer": "x"}


def card(**methods):
    """A model card with these badges."""
    return CARD | {"saliency_trust": {"study_sha256": SHA, "methods": methods}}


def test_badges_come_from_the_card_and_the_rest_is_not_assessed():
    first, second, third = map_trust(card(gradcam=FAILED, scorecam=TRUSTED))
    assert (first.badge, first.failed, first.slices) == ("failed", ("faithfulness", "harmless"), 60)
    assert (second.state, second.badge, second.slices) == ("not_assessed", None, None)
    assert (third.badge, third.study_sha256) == ("trusted", SHA)


def test_a_badge_of_another_layer_says_nothing_of_a_map():
    known = card(gradcam=TRUSTED, scorecam=TRUSTED)
    found = map_trust(known, {"gradcam": "x", "scorecam": "y"})
    assert [fact.badge for fact in found] == ["trusted", None, None]
    assert [fact.badge for fact in map_trust(known, {})] == [None] * 3  # no map, nothing to trust
    assert map_trust(card(gradcam={**TRUSTED, "layer": None}), {"gradcam": "x"})[0].state == "not_assessed"


@pytest.mark.parametrize(
    "entry",
    [
        None, "trusted", {"methods": None}, {"methods": {"gradcam": {"badge": "excellent", "slices": 3}}},
        {"methods": {"gradcam": {"badge": "failed", "failed": [], "slices": 3}}},
        {"methods": {"gradcam": {"badge": "trusted", "failed": ["pointing"], "slices": 3}}},
        {"methods": {"gradcam": {"badge": "trusted", "failed": []}}},
        {"methods": {"gradcam": {"badge": "not_assessed", "failed": [], "slices": 3}}},
        {"study_sha256": "/Users/x", "methods": {"gradcam": TRUSTED}},
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_read_makes_nothing_trusted(entry):
    assert {fact.state for fact in map_trust({"saliency_trust": entry})} == {"not_assessed"}


def test_a_failed_fact_says_what_failed():
    for wrong in ({"badge": "failed"}, {"badge": "trusted", "failed": ("pointing",)}):
        with pytest.raises(ValidationError):
            MapTrustFact(id="F13.1", state="present", stage="model_card", method="gradcam", slices=9, **wrong)


def test_a_region_of_an_untrusted_map_is_warned_of():
    trusts = map_trust(card(**{"gradcam": FAILED, "gradcam++": TRUSTED}))
    assert region_warnings("gradcam", trusts) == ("failed_map_region",)
    assert region_warnings("scorecam", trusts) == ("untested_map_region",)
    assert region_warnings("gradcam++", trusts) == region_warnings("segmentation_head", trusts) == ()


def test_the_main_job_tells_the_badge_and_the_warning(monkeypatch):
    kept = {}

    def keep(*records, **more):
        kept.update(records=records, more=more)
        return summarise_records(*records, **more)

    monkeypatch.setattr("tests.findings.test_summarise.summarise", keep)
    _summarise()
    *front, _, place, _ = kept["records"]
    by_map = summarise_records(*front, "gradcam", place, card(gradcam=FAILED))
    assert by_map.warnings.codes == ("failed_map_region",)
    text = " ".join(sentence.text for sentence in render(by_map).sentences())
    assert "a region cut from a heat map that failed its trust test" in text
    assert "The Grad-CAM maps of this network failed their trust test on 60 slices" in text
    assert "ScoreCAM maps of this network" not in text  # not used
    assert summarise_records(*front, "gradcam", place, CARD).warnings.codes == ("untested_map_region",)
    by_head = summarise_records(*front, "segmentation_head", place, card(gradcam=FAILED))
    assert "failed_map_region" not in by_head.warnings.codes
    for style in STYLES:
        for findings in (by_map, by_head):
            report = render(findings, style)
            assert parse(report) == stated(findings, style)
            assert verify(report, findings).outcome == "pass"


def test_findings_from_before_the_badge_are_not_assessed():
    old = json.loads(_summarise().model_dump_json())
    del old["reliability"]["maps"]
    findings = Findings.model_validate(old)
    assert [fact.state for fact in findings.reliability.maps] == ["not_assessed"] * 3
    assert "Whether the Grad-CAM maps of this network can be trusted was not assessed." in {
        sentence.text for sentence in render(findings).sentences()
    }
