"""Sentences for radiologists: the building blocks of the structured, narrative and brief styles."""

from __future__ import annotations

from collections.abc import Mapping

from saliscribe.core.language import volume, words
from saliscribe.core.language.sentence import Line, Sentence

_TAKEN = "its sequence is not stated and was taken to be contrast-enhanced T1-weighted MRI"
_STATED = "it is stated to be contrast-enhanced T1-weighted MRI"
_OTHER = (
    "it is stated to be {F1.sequence:sequence}, although the network was trained on contrast-enhanced "
    "T1-weighted MRI"
)
_IMAGE = "One {F1.format:format} of {F1.grid:grid} pixels was analysed"
_SLICE = (
    "Slice {F1.slice_number:int} of {F1.slice_count:int} was analysed, a {F1.format:format} of {F1.grid:grid} "
    "pixels"
)

IMAGE: Line = tuple(
    Sentence(f"{start}; {end}.", when)
    for start in (volume.IMAGE_START, _SLICE, _IMAGE)
    for end, when in (
        (_TAKEN, {"F1.sequence": "not_stated"}),
        (_STATED, {"F1.sequence": "t1_post_contrast"}),
        (_OTHER, {}),
    )
)
PLANE: Line = (
    Sentence(
        "The plane is {F2.plane:plane}, estimated from the picture (probability {F2.probability:percent}).",
        {"F2.basis": "estimated"},
    ),
    Sentence("The plane is {F2.plane:plane}, estimated from the picture.", {"F2.basis": "estimated"}),
    Sentence("The plane is {F2.plane:plane} according to the image header.", {"F2.basis": "header"}),
    Sentence("The plane is {F2.plane:plane} as stated by the user.", {"F2.basis": "user"}),
    Sentence("The plane could not be determined.", {"F2.state": "not_assessed"}),
)
SPACING: Line = (
    Sentence("The pixel spacing is {F3.spacing:spacing}."),
    Sentence(
        "The pixel spacing is unknown, so sizes are given in pixels only.", {"F3.state": "not_assessed"}
    ),
)
WARNINGS: Line = (
    Sentence("The input check warns of {F4.codes:warnings}."),
    Sentence("The input check raised no warning.", {"F4.state": "absent"}),
    Sentence("The input check was not run.", {"F4.state": "not_assessed"}),
)
METHOD: Line = (
    Sentence(
        "The class comes from a dual-head {F13.architecture:architecture} network and the tumour region from "
        "{F6.source:source}.",
        {"F6.by": "head"},
    ),
    Sentence(
        "The class comes from {F13.architecture:architecture} features and the tumour region from "
        "{F6.source:source}, "
        "cut at the {F6.percentile:ordinal} percentile of the heat within the brain.",
        {"F6.by": "heat"},
    ),
    Sentence(
        "The class comes from {F13.architecture:architecture} features and the tumour region from "
        "{F6.source:source}.",
        {"F6.by": "heat"},
    ),
)

CLASS: Line = tuple(
    Sentence(
        f"The network classifies the slice as {{F5.value:class}} with a {probability} of "
        "{F5.probability:percent}; the alternatives are {F5.runner_up:class} "
        "({F5.runner_up_probability:percent}) and "
        "{F5.third:class} ({F5.third_probability:percent}).",
        when,
    )
    for probability, when in words.PROBABILITY
)
EMPTY = Sentence(
    "No tumour region was delineated in this slice, which does not mean that the brain is normal.",
    {"F6.state": "absent"},
)
REGION: Line = (
    *volume.REGION,
    Sentence("One contiguous tumour region was delineated.", {"F6.pieces": "one"}),
    Sentence(
        "The delineated tumour region consists of {F6.parts:count} separate parts.", {"F6.pieces": "several"}
    ),
    Sentence(
        "The delineated tumour region consists of {F6.parts:int} separate parts.", {"F6.pieces": "several"}
    ),
    EMPTY,
)
_MM = (
    "The region measures {F7.longest_mm:length} x {F7.perpendicular_mm:length} mm in plane (longest "
    "diameter by largest "
    "perpendicular), with an area of {F7.area_mm2:area}"
)
_PX = (
    "The region measures {F7.longest_px:length} x {F7.perpendicular_px:length} pixels in plane (longest "
    "diameter by largest "
    "perpendicular), with an area of {F7.area_px:int} pixels; its size in millimetres is not known"
)
SIZE: Line = (Sentence(f"{_MM}."), Sentence(f"{_PX}.", {"F7.unit": "px"}))
BRAIN_SHARE: Line = (
    Sentence("The region covers {F7.share_of_brain:percent} of the brain area in this slice."),
)

_LESION_MM = (
    "The delineated region measures {F7.longest_mm:length} x {F7.perpendicular_mm:length} mm in plane, "
    "with an area of "
    "{F7.area_mm2:area}"
)
_LESION_PX = (
    "The delineated region measures {F7.longest_px:length} x {F7.perpendicular_px:length} pixels in "
    "plane, its size in "
    "millimetres being unknown"
)
_HEDGED: tuple[tuple[str, dict[str, str]], ...] = (
    (", and lies in {F9.region:region}", {"F9.hedge": "sure"}),
    (", and probably lies in {F9.region:region}", {"F9.hedge": "likely"}),
    (", and may lie in {F9.region:region}, although its location is uncertain", {"F9.hedge": "tentative"}),
    ("", {}),
)
LESION: Line = (
    *(
        Sentence(f"{size}{place}.", {**when, **hedge})
        for size, when in ((_LESION_MM, {}), (_LESION_PX, {"F7.unit": "px"}))
        for place, hedge in _HEDGED
    ),
    EMPTY,
)

_HOW = {
    "A": "In the volume registered to the template (localisation grade A), this slice lies",
    "B": "With the plane from the header and the level matched to the template (localisation grade B), "
    "this slice lies about",
    "C": "Matched to the template as a single slice (localisation grade C), this slice lies about",
    "D": "By a match that is too weak to name structures (localisation grade D), this slice lies about",
}
_HOW_VOLUME = {
    grade: f"In the volume matched approximately to the template (localisation grade {grade}), this slice lies about"
    for grade in ("B", "C")
}


def _levels(wording: dict[str, str], of_volume: dict[str, object]) -> Line:
    lines: list[Sentence] = []
    for grade, how in wording.items():
        when = {"F8.grade": grade, **of_volume}
        for plane in ("axial", "coronal"):
            where = f"{how} {{F8.level:level_{plane}}} the anterior commissure"
            spread = f" (interval: {{F8.low:bound_{plane}}} to {{F8.high:bound_{plane}}})"
            lines += [Sentence(f"{where}{end}.", {**when, "F2.plane": plane}) for end in (spread, "")]
        where = f"{how} {{F8.level:length}} mm from the midline"
        spread = " (interval: {F8.low:length} to {F8.high:length} mm)"
        lines += [Sentence(f"{where}{end}.", {**when, "F2.plane": "sagittal"}) for end in (spread, "")]
    return tuple(lines)


PLACEMENT: Line = (
    *_levels(_HOW_VOLUME, {"F15.matched": True}),
    *_levels(_HOW, {}),
    Sentence(
        "The slice could not be placed in the template (localisation grade D).",
        {"F8.grade": "D", "F8.state": "not_assessed"},
    ),
    Sentence(
        "The level of the slice in the template is not known (localisation grade {F8.grade:grade}).",
        {"F8.state": "not_assessed"},
    ),
)
STRUCTURES: Line = (
    *volume.STRUCTURES,
    Sentence("The region involves {F9.main:shares}, as shares of its area.", {"F9.hedge": "sure"}),
    Sentence(
        "By this placement the region projects to {F9.main:shares}, as shares of its area.",
        {"F9.hedge": "likely"},
    ),
    Sentence(
        "Tentatively, the region projects to {F9.main:shares}, as shares of its area.",
        {"F9.hedge": "tentative"},
    ),
    Sentence("No structure of the atlas is named for the region.", {"F9.named": False}),
)
MINOR: Line = (
    Sentence("Smaller parts reach {F9.minor:structures}; {F9.further:more}."),
    Sentence("Smaller parts reach {F9.minor:structures}."),
)
PLACE: Line = (
    Sentence("The delineated region lies in {F9.region:region}.", {"F9.hedge": "sure"}),
    Sentence(
        "The most likely location of the delineated region is {F9.region:region}.", {"F9.hedge": "likely"}
    ),
    Sentence(
        "The location of the delineated region is uncertain and may be {F9.region:region}.",
        {"F9.hedge": "tentative"},
    ),
    Sentence(
        "The location of the delineated region was not determined.",
        {"F9.state": "not_assessed", "F6.state": "present"},
    ),
)
OUTSIDE: Line = (Sentence("The atlas names no structure for {F9.outside:percent} of the region."),)
FRAGILE: Line = (
    *volume.FRAGILE,
    Sentence(
        "At some neighbouring thresholds or levels the following would not be named: {F9.fragile:structures}."
    ),
    Sentence(
        "Every structure named here persists at the neighbouring thresholds and levels.",
        {"F9.all_stable": True},
    ),
)
CHANCE: Line = (
    Sentence(
        "The least certain of these names is {F9.shakiest:structures}, found in {F9.shakiest_chance:percent} of the "
        "plausible placements."
    ),
)
_KNOWN = "Side: the patient's {F9.side:side}, according to"
SIDE: Line = (
    Sentence(f"{_KNOWN} the image header.", {"F9.side_basis": "header", "F6.state": "present"}),
    Sentence(
        f"{_KNOWN} the orientation stated by the user.", {"F9.side_basis": "user", "F6.state": "present"}
    ),
    Sentence("The region lies in the midline.", {"F9.side": "midline", "F6.state": "present"}),
    Sentence(
        "The region lies {F9.image_side:image_side} of the picture; which side of the patient this is "
        "cannot be told.",
        {"F9.side": "not_assessed", "F6.state": "present"},
    ),
    Sentence(
        "The region lies in the midline of the picture.",
        {"F9.side": "not_assessed", "F9.image_side": "image-midline", "F6.state": "present"},
    ),
    Sentence("The side of the patient cannot be told.", {"F9.side": "not_assessed", "F6.state": "present"}),
)
STABILITY: Line = (
    Sentence(
        "At neighbouring thresholds ({F10.thresholds:int} tried) its area ranges from "
        "{F10.smallest:ratio} to "
        "{F10.largest:ratio} of the stated value."
    ),
)
_METHODS = (("F11.1", "Grad-CAM"), ("F11.2", "Grad-CAM++"), ("F11.3", "ScoreCAM"))


def _heat(fact: str, name: str) -> Line:
    agrees = f"The {name} map {{{fact}.agreement:agreement}} with the region (Dice {{{fact}.dice:hundredth}})"
    inside = f"{{{fact}.inside:percent}} of its heat lies inside"
    yes, no = {f"{fact}.peak_inside": True}, {f"{fact}.peak_inside": False}
    return (
        Sentence(f"{agrees}; {inside}, as does its hottest point.", yes),
        Sentence(f"{agrees}; {inside}; its hottest point lies outside.", no),
        Sentence(f"{agrees}."),
        Sentence(
            f"Of the {name} heat, {{{fact}.inside:percent}} lies inside the region, as does its hottest "
            f"point.",
            yes,
        ),
        Sentence(
            f"Of the {name} heat, {{{fact}.inside:percent}} lies inside the region; its hottest "
            f"point lies outside.",
            no,
        ),
    )


HEAT: tuple[Line, ...] = tuple(_heat(fact, name) for fact, name in _METHODS)
HEAT_OUTSIDE: tuple[Line, ...] = tuple(
    (
        Sentence(
            f"Of the {name} heat, {{{fact}.outside_brain:percent}} lies outside the brain and was not used."
        ),
    )
    for fact, name in _METHODS
)
HEAT_MISSING: Line = (Sentence("Not computed: {F11.missing:methods}."),)

_ALSO = "{F5.runner_up:class} ({F5.runner_up_probability:percent})"


def _impression(probability: str, when: Mapping[str, bool]) -> Line:
    among = (
        f"among the three tumour classes that the network knows ({probability} {{F5.probability:percent}})"
    )
    return (
        Sentence(f"Consistent with {{F5.value:class}} {among}.", {"F5.certainty": "consistent_with", **when}),
        Sentence(
            f"Probable {{F5.value:class}} {among}; the alternative is {_ALSO}.",
            {"F5.certainty": "probable", **when},
        ),
        Sentence(
            f"Possible {{F5.value:class}} {among}; {_ALSO} remains possible too.",
            {"F5.certainty": "possible", **when},
        ),
    )


IMPRESSION_CLASS: Line = (
    *volume.IMPRESSION_CLASS,
    *(sentence for name, when in words.PROBABILITY for sentence in _impression(name, when)),
    Sentence(
        "Indeterminate class: {F5.value:class} ({F5.probability:percent}) and "
        + _ALSO
        + " can hardly be told apart.",
        {"F5.certainty": "indeterminate"},
    ),
)


def _sized() -> Line:
    region = "The delineated region measures"
    millimetres = f"{region} {{F7.longest_mm:length}} x {{F7.perpendicular_mm:length}} mm in this slice"
    pixels = f"{region} {{F7.longest_px:length}} x {{F7.perpendicular_px:length}} pixels in this slice"
    places: tuple[tuple[str, dict[str, str]], ...] = (
        (" and lies in {F9.region:region}", {"F9.hedge": "sure"}),
        (" and probably lies in {F9.region:region}", {"F9.hedge": "likely"}),
        (" and may lie in {F9.region:region}", {"F9.hedge": "tentative"}),
        ("", {}),
    )
    return tuple(
        Sentence(f"{size}{place}.", {**when, **hedge})
        for size, when in ((millimetres, {}), (pixels, {"F7.unit": "px"}))
        for place, hedge in places
    )


IMPRESSION_SIZE: Line = (*_sized(), EMPTY)
IMPRESSION_SIDE: Line = (
    Sentence("The delineated region lies on the patient's {F9.side:side}.", {"F6.state": "present"}),
)
CAUTION: Line = (Sentence("To be read with caution, as the input check raised {F4.count:warnings_count}."),)
POOR: Line = (
    Sentence("The explanation is doubtful, as these maps agree poorly with the region: {F11.poor:methods}."),
)
CLOSED: Line = (
    Sentence(
        "The network has no class for a healthy brain or for any other disease, so this is a choice "
        "among three tumours.",
        {"F14.healthy_class": False},
    ),
)
NOT_ASSESSED: Line = (
    *volume.NOT_ASSESSED,
    Sentence("Not assessed from this single image: {F12.topics:topics}."),
)
