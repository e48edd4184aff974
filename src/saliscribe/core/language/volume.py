"""Sentences about a whole volume and its regions. They say nothing where the findings are those of a lone slice."""

from __future__ import annotations

from saliscribe.core.language import words
from saliscribe.core.language.sentence import Line, Sentence
from saliscribe.core.records.volume_facts import MOST_LESIONS

_IS_VOLUME = {"F15.state": "present"}
_DOUBTFUL = {"F15.support": "doubtful"}
#: Fixed words that say outright that this is no evidence of a tumour.
_NO_EVIDENCE = {**_DOUBTFUL, "F15.unreliable": True}
_MATCHED = {"F15.matched": True}

IMAGE_START = (
    "Of a volume of {F1.slice_count:int} slices, {F15.looked_at:int} were analysed; pictures and in-plane figures are "
    "those of slice {F1.slice_number:int}, {F1.grid:grid} pixels"
)
GEOMETRY: Line = (
    Sentence(
        "The voxel size in the header cannot be true: no volume is given in millilitres, the anatomy is approximate, "
        "and left and right rest on the same header.",
        {"F15.geometry": "doubtful"},
    ),
    Sentence(
        "The file states no geometry, so neither volumes nor the sides of the patient are known.",
        {"F15.geometry": "not_stated"},
    ),
)
GAPS: Line = (
    Sentence(
        "Between the others, one slice is missing: the volume and extent of a region across it are estimates.",
        {"F15.gaps": "one"},
    ),
    Sentence(
        "Between the others, {F15.missing:int} slices are missing: the volume and extent of a region across them are "
        "estimates.",
        {"F15.gaps": "several"},
    ),
    Sentence(
        "The slices lie so far apart that some may be missing: the volume and extent of every region are estimates.",
        {"F15.gaps": "unknown"},
    ),
)
MATCHING: Line = (
    Sentence(
        "The volume was matched to the template by an affine and a deformable transformation (correlation "
        "{F15.similarity:hundredth}).",
        {"F15.matching": "deformable"},
    ),
    Sentence(
        "The volume was matched to the template by an affine transformation alone (correlation "
        "{F15.similarity:hundredth}).",
        {"F15.matching": "affine"},
    ),
    Sentence("The volume could not be matched to the template.", {"F15.matching": "none"}),
)
_NOT_RELIABLE = (
    "The network's output for this volume is not reliable evidence of a tumour, nor of its absence: "
    "{F15.doubts:doubts}."
)
SUPPORT: Line = (
    Sentence(_NOT_RELIABLE, _NO_EVIDENCE),
    Sentence(
        "The delineation covers {F15.with_region:int} of the {F15.looked_at:int} slices, and in {F15.agreeing:int} of "
        "them the network chooses this class.",
        {"F15.support": "consistent", "F15.any": True},
    ),
)
DOUBT: Line = (Sentence(_NOT_RELIABLE, _NO_EVIDENCE),)
COUNT: Line = (
    Sentence("In the whole volume, one region was delineated, of {F15.total:ml}.", {"F15.pieces": "one"}),
    Sentence(
        "In the whole volume, {F15.count:int} separate regions were delineated, of {F15.total:ml} together.",
        {"F15.pieces": "several"},
    ),
    Sentence(
        "In the whole volume, one region was delineated, of {F15.voxels:int} voxels.", {"F15.pieces": "one"}
    ),
    Sentence(
        "In the whole volume, {F15.count:int} separate regions were delineated, of {F15.voxels:int} voxels together.",
        {"F15.pieces": "several"},
    ),
    Sentence(
        "In the whole volume, no region was delineated, which does not mean that the brain is normal.",
        {"F15.pieces": "none"},
    ),
)


def _measured(fact: str, name: str) -> Line:
    over = f"{name} extends over slices {{{fact}.first:int}} to {{{fact}.last:int}}"
    return (
        Sentence(
            f"{over} and measures {{{fact}.longest:length}} x {{{fact}.perpendicular:length}} mm in plane and "
            f"{{{fact}.height:length}} mm across the slices ({{{fact}.volume:ml}})."
        ),
        Sentence(f"{over} and has {{{fact}.voxels:int}} voxels."),
    )


def _placed(fact: str, name: str) -> Line:
    verbs = {"sure": "lies", "likely": "probably lies", "tentative": "may lie"}
    sides: tuple[tuple[str, dict[str, object]], ...] = (
        (f"on the {{{fact}.side:side}}, reaching the midline", {f"{fact}.reaches": True}),
        (f"on the {{{fact}.side:side}}, {{{fact}.midline:length}} mm from the midline", {}),
        ("in the midline", {f"{fact}.side": "midline"}),
    )
    centre = f"with its centre at MNI {{{fact}.centre:mni}}"
    return tuple(
        Sentence(
            f"{name} {verb} in {{{fact}.region:region}}, {side}, {centre}.", {f"{fact}.hedge": hedge, **when}
        )
        for hedge, verb in verbs.items()
        for side, when in sides
    )


_NAMES = [(f"F15.{number}", f"Region {number}") for number in range(1, MOST_LESIONS + 1)]
LESIONS: tuple[Line, ...] = tuple(line(fact, name) for fact, name in _NAMES for line in (_measured, _placed))
LOBES: Line = (Sentence("The lobes take these shares of region 1: {F15.1.lobes:region_shares}."),)

_SHARES = "{F9.main:shares}, as shares of its volume"
STRUCTURES: Line = (
    Sentence(f"The region involves {_SHARES}.", {"F9.hedge": "sure", **_MATCHED}),
    Sentence(f"By this match the region projects to {_SHARES}.", {"F9.hedge": "likely", **_MATCHED}),
    Sentence(f"Tentatively, the region projects to {_SHARES}.", {"F9.hedge": "tentative", **_MATCHED}),
)
FRAGILE: Line = (
    Sentence(
        "If the match were 4 mm off, the following would not be named: {F9.fragile:structures}.", _MATCHED
    ),
    Sentence(
        "Every structure named here persists if the match is 4 mm off.", {"F9.all_stable": True, **_MATCHED}
    ),
)
REGION: Line = (
    Sentence("In this slice the network marked one contiguous region.", {"F6.pieces": "one", **_DOUBTFUL}),
    Sentence(
        "In this slice the network marked {F6.parts:count} separate regions.",
        {"F6.pieces": "several", **_DOUBTFUL},
    ),
    Sentence(
        "In this slice the network marked {F6.parts:int} separate regions.",
        {"F6.pieces": "several", **_DOUBTFUL},
    ),
)
IMPRESSION_CLASS: Line = tuple(
    Sentence(
        "No class is suggested: the network's output is not reliable evidence for or against a tumour in this volume; "
        f"forced to choose among three, it chooses {{F5.value:class}} ({probability} {{F5.probability:percent}}).",
        {**_NO_EVIDENCE, **when},
    )
    for probability, when in words.PROBABILITY
)
IMPRESSION_VOLUME: Line = (
    Sentence("The delineated volume is {F15.total:ml}, in one region.", {"F15.pieces": "one"}),
    Sentence(
        "The delineated volume is {F15.total:ml}, in {F15.count:int} separate regions.",
        {"F15.pieces": "several"},
    ),
)
NOT_ASSESSED: Line = (Sentence("Not assessed from this volume: {F12.topics:topics}.", _IS_VOLUME),)

PLAIN_IMAGE: Line = (
    Sentence(
        "A computer program looked at {F15.looked_at:int} pictures of one scan of the head.", _IS_VOLUME
    ),
)
PLAIN_DOUBT: Line = (
    Sentence(
        "The answer of the program for this scan is no reliable sign of a tumour, nor that there is none.",
        _NO_EVIDENCE,
    ),
)
PLAIN_NOT_ASSESSED: Line = (
    Sentence("This scan alone cannot show, and nobody looked at: {F12.topics:plain_topics}.", _IS_VOLUME),
)
