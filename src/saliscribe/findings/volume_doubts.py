"""Is what the network delineated in a volume evidence of a tumour at all? It always finds something."""

from __future__ import annotations

from saliscribe.core.records.lesion import VolumeEvidence
from saliscribe.core.records.volume_facts import DoubtCode

#: Limits; docs/volumes.md lists what eleven scans with a tumour and one healthy head gave.
LEAST_LARGEST_SHARE = 0.5
LEAST_THICKNESS_MM = 8.0
LEAST_AGREEING = 0.6
LEAST_OVERLAP = 0.5
LEAST_BRIGHTNESS = 1.12
MOST_WARNED = 0.5


def volume_doubts(evidence: VolumeEvidence) -> tuple[DoubtCode, ...]:
    """The reasons to doubt; none where all that could be measured fits a tumour.

    A tumour in a contrast-enhanced scan is one body (or a few) that goes on from slice to slice, is called the same
    class in most of them, and is brighter than brain. A measure that is ``None`` raises no doubt. Where nothing was
    delineated, the class of a slice rests on nothing.
    """
    if evidence.slices_with_region == 0:
        return ("nothing_delineated",)
    agreeing = evidence.slices_agreeing / evidence.slices_with_region
    rules: tuple[tuple[DoubtCode, float | None, float], ...] = (
        ("no_enhancement", evidence.brightness, LEAST_BRIGHTNESS),
        ("scattered", evidence.largest_share, LEAST_LARGEST_SHARE),
        ("thin", evidence.thickness_mm, LEAST_THICKNESS_MM),
        ("slices_disagree", agreeing, LEAST_AGREEING),
        ("region_moves", evidence.overlap, LEAST_OVERLAP),
    )
    found = [code for code, value, least in rules if value is not None and value < least]
    if evidence.warned_share is not None and evidence.warned_share > MOST_WARNED:
        found.append("input_warnings")
    return tuple(found)
