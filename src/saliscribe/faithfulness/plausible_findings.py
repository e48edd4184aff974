"""Random findings that could be of a real slice: sizes, shares and places that go together."""

from __future__ import annotations

import math
from random import Random
from typing import Any, get_args

from saliscribe.core.records.facts import Topic
from saliscribe.core.records.findings import Findings
from saliscribe.core.vocabulary import UNLISTED_STRUCTURE, structures
from saliscribe.findings.random_findings import random_findings

#: A brain in an axial slice, in mm².
_BRAIN_MM2 = 15_000.0


def plausible_findings(seed: int) -> Findings:
    """``random_findings`` with what cannot go together in one slice put right; the same for the same seed.

    Prose about a 1 mm lesion of 200 cm² tells nothing about a reader of prose. States, missing values, grades,
    probabilities, heat maps and the network's figures stay as they were drawn.
    """
    draw = Random(f"plausible {seed}")
    data: dict[str, Any] = random_findings(seed).model_dump()
    data["image"] |= {"rows_px": draw.choice((256, 512)), "columns_px": 512}
    data["warnings"]["codes"] = data["warnings"]["codes"][:3]
    if data["spacing"]["state"] == "present":
        data["spacing"] |= {name: round(draw.uniform(0.4, 1.2), 3) for name in ("row_mm", "column_mm")}
    if data["extent"]["state"] == "present":
        data["extent"] |= _size(draw, data["extent"]["longest_mm"] is not None)
    if data["location"]["state"] == "present" and data["location"]["structures"]:
        data["location"] |= _place(draw, data["location"])
    if data["placement"]["interval_mm"] is not None:
        level = data["placement"]["level_mm"]
        data["placement"]["interval_mm"] = (level - draw.uniform(2, 20), level + draw.uniform(2, 20))
    if data["stability"]["state"] == "present":
        data["stability"] |= {
            "thresholds": max(2, data["stability"]["thresholds"]),
            "smallest_area_ratio": draw.uniform(0.5, 0.97),
            "largest_area_ratio": draw.uniform(1.03, 1.9),
        }
    topics = [t for t in get_args(Topic) if t != "side" or data["location"]["side"] == "not_assessed"]
    data["not_assessed"] = [
        {"id": f"F12.{n}", "stage": "summarise", "topic": topic}
        for n, topic in enumerate(draw.sample(topics, draw.randint(6, len(topics))), start=1)
    ]
    return Findings.model_validate(data)


def _size(draw: Random, scaled: bool) -> dict[str, Any]:
    longest = draw.uniform(8.0, 85.0)
    across = longest * draw.uniform(0.45, 0.95)
    area = math.pi / 4 * longest * across * draw.uniform(0.8, 0.98)
    spacing = draw.uniform(0.5, 1.1)
    return {
        "longest_mm": longest if scaled else None,
        "perpendicular_mm": across if scaled else None,
        "area_mm2": area if scaled else None,
        "longest_px": longest / spacing,
        "perpendicular_px": across / spacing,
        "area_px": max(1, round(area / spacing**2)),
        "share_of_brain": area / _BRAIN_MM2 if draw.random() < 0.8 else None,
    }


def _place(draw: Random, location: dict[str, Any]) -> dict[str, Any]:
    """One to seven structures, those of one region first, with shares that sum to less than one."""
    usual = {name: entry["region"] for name, entry in structures().items() if name != UNLISTED_STRUCTURE}
    region = draw.choice(sorted(set(usual.values()) - {"cerebral hemisphere"}))
    inside = [name for name, its in usual.items() if its == region]
    outside = [name for name, its in usual.items() if its != region]
    names = draw.sample(inside, min(len(inside), draw.randint(1, 4))) + draw.sample(
        outside, draw.randint(0, 3)
    )
    weights = sorted((draw.random() for _ in names), reverse=True)
    whole = draw.uniform(0.6, 0.98) / sum(weights)
    side = location["side"]
    found = [
        {
            "id": f"F9.{n}",
            "stage": "localise",
            "name": name,
            "side": side,
            "share_of_lesion": round(weight * whole, 6),
            "stability": draw.choice(("stable", "stable", "fragile")),
        }
        for n, (name, weight) in enumerate(zip(names, weights, strict=True), start=1)
    ]
    outside_share = None if location["share_outside_atlas"] is None else 1.0 - whole * sum(weights)
    return {"region": region, "structures": found, "share_outside_atlas": outside_share}
