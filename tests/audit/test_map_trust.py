"""A map that failed its trust test is not called trusted, in whatever words."""

from __future__ import annotations

import pytest

from saliscribe.audit.verify import verify
from saliscribe.core.language.reported import reported
from saliscribe.findings.random_findings import random_findings


def _findings():
    """The first random findings with a failed, a trusted and an untried map, all of them made."""
    for seed in range(2000):
        known = reported(random_findings(seed))
        badges = [known.get((f"F13.{n}", "badge")) for n in (1, 2, 3)]
        if badges == ["failed", "trusted", "not_assessed"] and ("F11.1", "dice") in known:
            return random_findings(seed), known
    raise AssertionError


FINDINGS, KNOWN = _findings()
DICE = f"{KNOWN['F11.1', 'dice'] / 100:.2f}"
WORDS = {"good": "agrees well", "partial": "agrees in part", "poor": "agrees poorly"}
AGREES = f"{WORDS[KNOWN['F11.1', 'agreement']]} with the region (Dice {DICE})"


@pytest.mark.parametrize(
    ("text", "true"),
    [
        (f"The Grad-CAM map {AGREES}.", True),
        (f"The Grad-CAM map, which passed every trust test, {AGREES}.", False),
        (f"The trusted Grad-CAM map {AGREES}.", False),
        (f"The validated Grad-CAM map {AGREES}.", False),
        (f"The reliable Grad-CAM map {AGREES}.", False),
        ("The Grad-CAM maps of this network passed their trust test.", False),
        ("The Grad-CAM++ maps of this network failed their trust test.", False),
        ("Heat maps of this network that failed their trust test: Grad-CAM++.", False),
        ("Heat maps of this network that failed their trust test: Grad-CAM.", True),
        ("Whether the ScoreCAM maps of this network can be trusted was not assessed.", True),
        ("Whether the Grad-CAM maps of this network can be trusted was not assessed.", False),
        ("The coloured maps of where the program looked passed their test.", False),
    ],
)
def test_what_is_said_of_trust_is_checked(text, true):
    verdict = verify(text, FINDINGS).sentences[0].verdict
    assert (verdict == "entailed") is true
