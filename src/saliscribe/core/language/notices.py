"""Sentences for radiologists about the network itself, and the notices that every report carries."""

from __future__ import annotations

from saliscribe.core.language.sentence import Line, Sentence

_CROSS = (
    "In {F13.folds:count}-fold cross-validation by patient ({F13.slices:int} slices of "
    "{F13.patients:int} patients), the "
    "network's accuracy was {F13.accuracy:tenth}"
)
_UNSEEN = (
    "On patients not seen in training ({F13.slices:int} slices of {F13.patients:int} patients), the network's "
    "accuracy was {F13.accuracy:tenth}"
)
ACCURACY: Line = (
    Sentence(f"{_CROSS} (95% interval {{F13.accuracy_low:tenth}} to {{F13.accuracy_high:tenth}})."),
    Sentence(f"{_CROSS}."),
    Sentence(f"{_UNSEEN} (95% interval {{F13.accuracy_low:tenth}} to {{F13.accuracy_high:tenth}})."),
    Sentence(f"{_UNSEEN}."),
    Sentence("The network's measured accuracy was {F13.accuracy:tenth}."),
    Sentence("No measured figures are known for this network.", {"F13.state": "not_assessed"}),
)
MACRO_F1: Line = (
    Sentence(
        "The macro F1 was {F13.macro_f1:tenth} (95% interval {F13.macro_f1_low:tenth} to "
        "{F13.macro_f1_high:tenth})."
    ),
    Sentence("The macro F1 was {F13.macro_f1:tenth}."),
)
DICE: Line = (
    Sentence(
        "The tumour regions of the network reached a mean Dice of {F13.dice:hundredth} (95% interval "
        "{F13.dice_low:hundredth} to "
        "{F13.dice_high:hundredth}) against outlines drawn by people."
    ),
    Sentence(
        "The tumour regions of the network reached a mean Dice of {F13.dice:hundredth} against outlines "
        "drawn by people."
    ),
)
CALIBRATION: Line = (
    Sentence(
        "Probabilities are temperature-scaled, with an expected calibration error of "
        "{F13.calibration_error:thousandth}.",
        {"F13.temperature_scaled": True},
    ),
    Sentence("Probabilities are temperature-scaled.", {"F13.temperature_scaled": True}),
    Sentence("Probabilities are not calibrated.", {"F13.temperature_scaled": False}),
)
POPULATION: Line = (
    Sentence(
        "The network was trained on slices from two hospitals in China (2005 to 2010) that all show a "
        "tumour; elsewhere it may "
        "do worse.",
        {"F13.population": "figshare_cheng_2017"},
    ),
)


def _trust(fact: str, name: str) -> Line:
    maps = f"The {name} maps of this network"
    return (
        Sentence(
            f"{maps} failed their trust test on {{{fact}.slices:int}} slices and are no evidence of what it relies "
            f"on: {{{fact}.failed:trust_checks}}.",
            {f"{fact}.badge": "failed"},
        ),
        Sentence(
            f"{maps} passed every trust test, on {{{fact}.slices:int}} slices.", {f"{fact}.badge": "trusted"}
        ),
        Sentence(
            f"Whether the {name} maps of this network can be trusted was not assessed.",
            {f"{fact}.badge": "not_assessed"},
        ),
    )


MAPS: tuple[Line, ...] = tuple(
    _trust(fact, name)
    for fact, name in (("F13.1", "Grad-CAM"), ("F13.2", "Grad-CAM++"), ("F13.3", "ScoreCAM"))
)
MAPS_BRIEF: tuple[Line, ...] = (
    (Sentence("Heat maps of this network that failed their trust test: {F13.failed_maps:methods}."),),
    (Sentence("Heat maps of this network that nobody tested for trust: {F13.untested_maps:methods}."),),
)
AVERAGES: Line = (
    Sentence(
        "Such figures describe an average and not this patient: a report that is faithful to its "
        "findings can still be "
        "wrong about the patient.",
        {"F14.averages_only": True},
    ),
)
RESEARCH: Line = (
    Sentence(
        "For research use only: this is not a medical device and must not guide diagnosis or treatment.",
        {"F14.research_use_only": True},
    ),
)
SYNTHETIC: Line = (
    Sentence("The input is a synthetic picture and shows no patient.", {"F14.synthetic_input": True}),
)
