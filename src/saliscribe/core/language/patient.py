"""Sentences for patients: plain words, the same facts, no jargon and no advice."""

from __future__ import annotations

from saliscribe.core.language import volume
from saliscribe.core.language.sentence import Line, Sentence

IMAGE: Line = (
    *volume.PLAIN_IMAGE,
    Sentence("A computer program looked at one picture of the head, {F2.plane:plain_plane}."),
    Sentence("A computer program looked at one picture of the head.", {"F1.state": "present"}),
)
WARNINGS: Line = (
    Sentence("The program was not happy with the picture, because of {F4.codes:plain_warnings}."),
    Sentence("The program found nothing wrong with the picture as a picture.", {"F4.state": "absent"}),
    Sentence("Nobody checked whether the picture itself is good enough.", {"F4.state": "not_assessed"}),
)
CLASS: Line = (
    Sentence(
        "Of the three kinds of tumour it knows, the program finds {F5.value:plain_class} most likely, "
        "with a probability of "
        "{F5.probability:percent}."
    ),
)
CERTAINTY: Line = (
    Sentence(
        "It is {F5.certainty:sure} about this; next comes {F5.runner_up:a_class}, with "
        "{F5.runner_up_probability:percent}."
    ),
)
REGION: Line = (
    Sentence(
        "The program found no area to outline, but this does not mean that the brain is healthy.",
        {"F6.state": "absent"},
    ),
    Sentence("The program outlined one area.", {"F6.pieces": "one"}),
    Sentence("The program outlined {F6.parts:count} separate areas.", {"F6.pieces": "several"}),
    Sentence("The program outlined {F6.parts:int} separate areas.", {"F6.pieces": "several"}),
)
SIZE: Line = (
    Sentence(
        "In this picture the outlined area is about {F7.longest_mm:length} mm long and "
        "{F7.perpendicular_mm:length} mm wide."
    ),
    Sentence(
        "How large the outlined area is in millimetres is not known, because the picture has no scale.",
        {"F7.unit": "px"},
    ),
)
PLACE: Line = (
    Sentence("It lies in {F9.region:plain_region}.", {"F9.hedge": "sure"}),
    Sentence("It probably lies in {F9.region:plain_region}.", {"F9.hedge": "likely"}),
    Sentence("It may lie in {F9.region:plain_region}, but this is uncertain.", {"F9.hedge": "tentative"}),
    Sentence("Where it lies in the brain is not known.", {"F9.state": "not_assessed", "F6.state": "present"}),
)
SIDE: Line = (
    Sentence("It is on the {F9.side:side} side of the body.", {"F6.state": "present"}),
    Sentence("It is in the middle.", {"F9.side": "midline", "F6.state": "present"}),
    Sentence(
        "It is in the middle of the picture.",
        {"F9.side": "not_assessed", "F9.image_side": "image-midline", "F6.state": "present"},
    ),
    Sentence(
        "Whether it is on the left or the right side of the body cannot be told from this picture.",
        {"F9.side": "not_assessed", "F6.state": "present"},
    ),
)
POOR: Line = (
    Sentence(
        "Where the program looked does not fit well with the area that it outlined, so its answer is "
        "less certain.",
        {"F11.any_poor": True},
    ),
)
CLOSED: Line = (
    Sentence(
        "The program only knows three kinds of tumour and can recognise neither a healthy brain nor any "
        "other illness.",
        {"F14.healthy_class": False},
    ),
)
NOT_ASSESSED: Line = (
    *volume.PLAIN_NOT_ASSESSED,
    Sentence("One picture cannot show, and nobody looked at: {F12.topics:plain_topics}."),
)
ACCURACY: Line = (
    Sentence(
        "In tests on {F13.patients:int} patients it named the right one of the three kinds for "
        "{F13.accuracy:tenth} of the "
        "pictures."
    ),
    Sentence("In tests it named the right one of the three kinds for {F13.accuracy:tenth} of the pictures."),
    Sentence("How often the program is right has not been measured.", {"F13.state": "not_assessed"}),
)
_MAPS = "The coloured maps of where the program looked"
MAPS: Line = (
    Sentence(f"{_MAPS} failed their test, so nothing should rest on them.", {"F13.maps": "failed"}),
    Sentence(f"{_MAPS} passed their test.", {"F13.maps": "trusted"}),
    Sentence(
        "Nobody has tested whether the coloured maps show where the program really looked.",
        {"F13.maps": "not_assessed"},
    ),
)
AVERAGES: Line = (
    Sentence("This is an average, and the program can be wrong about you.", {"F14.averages_only": True}),
)
RESEARCH: Line = (
    Sentence(
        "This text is for research only: it does not replace the opinion of a doctor, and no decision "
        "should rest on it.",
        {"F14.research_use_only": True},
    ),
)
SYNTHETIC: Line = (
    Sentence("The picture was made by a computer and shows no real person.", {"F14.synthetic_input": True}),
)
