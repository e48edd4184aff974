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


def _tiny() -> Findings:
    """A region of 0.4 x 0.3 mm, 1 mm² in area, that lies in the left putamen."""
    drawn = next(
        f
        for f in map(random_findings, range(500))
        if f.extent.longest_mm and len(f.location.structures) > 1 and f.placement.grade == "A"
    )
    sizes = {"longest_mm": 0.4, "perpendicular_mm": 0.3, "area_mm2": 0.1}
    shares = {"putamen": 0.41, "superior temporal gyrus, posterior division": 0.12}
    names = [
        drawn.location.structures[n].model_dump() | {"name": name, "share_of_lesion": share, "side": "left"}
        for n, (name, share) in enumerate(shares.items())
    ]
    place = {"region": "basal ganglia", "side": "left", "structures": names}
    return _changed(drawn, extent=sizes, location=place)


TINY = _tiny()


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The region measures less than 1 mm, with a diameter of 0 mm.", False),
        ("Its longest diameter is 0 mm.", False),
        ("It covers 0 mm² in this slice.", False),
        ("Its largest area amounts to less than 1 mm, with less than 1 mm at right angles to it.", False),
        ("Its longest diameter is less than 1 mm.", True),
        ("Its longest diameter is 0.4 mm.", True),
    ],
)
def test_what_was_delineated_is_not_nothing(text: str, true: bool) -> None:
    assert _passes(text, TINY) == true


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("The region probably involves the left putamen (41%), part of the brain stem.", False),
        ("The left putamen, which is part of the brain-stem, probably holds 41% of the region.", False),
        ("The region probably involves the left superior temporal gyrus, posterior division (12%), part of the brain "
         "stem.", False),
        ("The region probably involves the left putamen (41%), part of the basal ganglia.", True),
    ],
)  # fmt: skip
def test_a_structure_is_part_only_of_what_holds_it(text: str, true: bool) -> None:
    assert _passes(text, TINY) == true
