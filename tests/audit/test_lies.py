"""Lies that once got past the audit, by kind: in words of their own, each beside true sentences of the same build."""

from __future__ import annotations

from typing import Any

import pytest

from saliscribe.audit.clause import Context
from saliscribe.audit.ground import ground
from saliscribe.audit.judge import judge
from saliscribe.audit.verify import verify
from saliscribe.core.records.findings import Findings
from saliscribe.findings.random_findings import random_findings

GOOD = ("entailed", "harmless")


def _passes(text: str, findings: Findings) -> bool:
    return judge(text, ground(findings), Context())[0].verdict in GOOD


def _changed(findings: Findings, **parts: dict[str, Any]) -> Findings:
    data = findings.model_dump()
    for name, values in parts.items():
        data[name] |= values
    return Findings.model_validate(data)


def _unscaled() -> Findings:
    """A region of 36 x 29 pixels in a picture without a scale."""
    drawn = next(
        f
        for f in map(random_findings, range(500))
        if f.extent.state == "present" and f.spacing.state == "not_assessed"
    )
    return _changed(drawn, extent={"longest_px": 36.0, "perpendicular_px": 29.0, "area_px": 812})


UNSCALED = _unscaled()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("No pixel spacing is available, hence sizes are in pixels.", False),
        ("As the scale is unknown, lengths are given in pixels only.", False),
        ("All dimensions are stated in pixels.", False),
        ("The region measures 36 x 29 pixels.", True),
        ("Its longest diameter is 36 pixels.", True),
        ("The size in millimetres is not known.", True),
    ],
)
def test_the_unit_alone_is_no_size(text: str, told: bool) -> None:
    audit = verify(text, UNSCALED)
    assert [s.verdict for s in audit.sentences] == ["entailed"]
    assert ("F7" not in {omission.fact_id for omission in audit.omissions}) == told


def test_sizes_in_pixels_are_false_where_millimetres_are_known() -> None:
    scaled = next(f for f in map(random_findings, range(500)) if f.spacing.state == "present")
    assert not _passes("All dimensions are stated in pixels.", scaled)
