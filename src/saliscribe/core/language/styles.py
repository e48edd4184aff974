"""Which lines each style writes. Every style has every section and every mandatory fact."""

from __future__ import annotations

from collections.abc import Mapping

from saliscribe.core.language import clinical as c
from saliscribe.core.language import notices as n
from saliscribe.core.language import patient as p
from saliscribe.core.language import volume as v
from saliscribe.core.language.sentence import Line
from saliscribe.core.records.report import SectionName, Style

Plan = Mapping[SectionName, tuple[Line, ...]]

TITLES: Mapping[SectionName, str] = {
    "technique": "Technique",
    "findings": "Findings",
    "impression": "Impression",
    "not_assessed": "Not assessed",
    "reliability": "Reliability",
    "notice": "Notice",
}
PLAIN_TITLES: Mapping[SectionName, str] = {
    "technique": "What was done",
    "findings": "What was found",
    "impression": "What this means",
    "not_assessed": "What was not looked at",
    "reliability": "How far to trust this",
    "notice": "Please note",
}
PLANS: Mapping[Style, Plan] = {
    "structured": {
        "technique": (n.SYNTHETIC, c.IMAGE, c.PLANE, c.SPACING, v.GEOMETRY, v.GAPS, v.MATCHING, c.WARNINGS, c.METHOD),
        "findings": (
            c.CLASS, v.SUPPORT, v.COUNT, *v.LESIONS, v.LOBES, c.REGION, c.SIZE, c.BRAIN_SHARE, c.STABILITY,
            c.PLACEMENT, c.PLACE, c.STRUCTURES, c.MINOR,
            c.OUTSIDE, c.FRAGILE, c.CHANCE, c.SIDE, *c.HEAT, *c.HEAT_OUTSIDE, c.HEAT_MISSING,
        ),
        "impression": (
            c.IMPRESSION_CLASS, c.IMPRESSION_SIZE, v.IMPRESSION_VOLUME, c.IMPRESSION_SIDE, c.CAUTION, c.POOR,
            c.CLOSED,
        ),
        "not_assessed": (c.NOT_ASSESSED,),
        "reliability": (n.ACCURACY, n.MACRO_F1, n.DICE, n.CALIBRATION, n.POPULATION, n.AVERAGES, *n.MAPS),
        "notice": (n.RESEARCH,),
    },
    "narrative": {
        "technique": (n.SYNTHETIC, c.IMAGE, c.PLANE, v.GEOMETRY, v.GAPS, v.MATCHING, c.METHOD, c.WARNINGS),
        "findings": (
            c.CLASS, v.SUPPORT, v.COUNT, *v.LESIONS, c.LESION, c.PLACEMENT, c.STRUCTURES, c.MINOR, c.FRAGILE,
            c.SIDE, *c.HEAT,
        ),
        "impression": (c.IMPRESSION_CLASS, c.IMPRESSION_SIZE, c.IMPRESSION_SIDE, c.CAUTION, c.POOR, c.CLOSED),
        "not_assessed": (c.NOT_ASSESSED,),
        "reliability": (n.ACCURACY, n.DICE, n.POPULATION, n.AVERAGES, *n.MAPS),
        "notice": (n.RESEARCH,),
    },
    "brief": {
        "technique": (n.SYNTHETIC, c.IMAGE, v.GAPS, c.WARNINGS),
        "findings": (v.DOUBT, v.COUNT, c.LESION, c.SIDE),
        "impression": (c.IMPRESSION_CLASS, c.POOR, c.CLOSED),
        "not_assessed": (c.NOT_ASSESSED,),
        "reliability": (n.ACCURACY, n.AVERAGES, *n.MAPS_BRIEF),
        "notice": (n.RESEARCH,),
    },
    "plain": {
        "technique": (p.SYNTHETIC, p.IMAGE, p.WARNINGS),
        "findings": (p.CLASS, v.PLAIN_DOUBT, p.CERTAINTY, p.REGION, p.SIZE, p.PLACE, p.SIDE),
        "impression": (p.CLOSED, p.POOR),
        "not_assessed": (p.NOT_ASSESSED,),
        "reliability": (p.ACCURACY, p.AVERAGES, p.MAPS),
        "notice": (p.RESEARCH,),
    },
}  # fmt: skip


def titles(style: Style) -> Mapping[SectionName, str]:
    """Section headings of a style."""
    return PLAIN_TITLES if style == "plain" else TITLES
