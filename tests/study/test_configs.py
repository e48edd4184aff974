"""The plans that come with the project can be read, and hold what the paper compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from saliscribe.core.names import CAM_METHOD_NAMES
from saliscribe.models.backbones import BACKBONES
from saliscribe.study.settings import facts_sha256, load_plan, plan_facts

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


@pytest.mark.parametrize("name", ["smoke.toml", "study.toml"])
def test_plan_can_be_read_and_has_one_hash_whatever_the_folder(name: str) -> None:
    plan = load_plan(CONFIGS / name)
    network = next(iter(plan.networks))
    moved = load_plan(CONFIGS / name, {network: "/here"}), load_plan(CONFIGS / name, {network: "/there"})
    hashes = {facts_sha256(plan_facts(one, "slices")) for one in moved}
    assert len(hashes) == 1
    assert facts_sha256(plan_facts(plan, "other slices")) not in hashes


def test_the_study_names_every_backbone_a_baseline_and_every_method() -> None:
    plan = load_plan(CONFIGS / "study.toml")
    assert {one.backbone for one in plan.networks.values()} == set(BACKBONES)
    assert any(not one.mask_head for one in plan.networks.values())
    assert plan.methods == CAM_METHOD_NAMES
    assert plan.resamples == 10_000
