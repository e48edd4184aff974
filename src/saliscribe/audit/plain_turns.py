"""Turns of phrase whose words mean something else when they stand alone -> plain ones."""

from __future__ import annotations

import re
from functools import lru_cache

from saliscribe.audit.read_lexicon import lexicon_file
from saliscribe.core.language.normalise import normalise

#: Pronouns that look like the organisation; written before case is lost.
_WHO = re.compile(r"\b[wW]ho\b(?! (?:grad|classif))")
#: American endings, beyond those that the grammar knows.
_IZE = re.compile(r"(?<=[a-z]{3})iz(?=e[sd]?\b|ing\b|ations?\b)")
_ONE_L = re.compile(r"\b(label|model|signal|total|channel)(?=ed\b|ing\b)")
#: "no tumour" as the name of a class that the network lacks, and other ways to say "healthy" with a denial inside.
_HEALTHY = re.compile(
    r"['\"]no tumour['\"]|\bno[ -]tumour(?=['\"]? (?:class|categor|option|label|answer|output|choice|verdict))"
    r"|\b(?:without|free of|free from|absence of|devoid of) (?:a |an |any )?tumours?\b"
    r"(?! (?:area|region|outline|mask))"
)
_SPEAKER = (
    r"(?:network|model|classifier|programme?|algorithm|software|computer|ai|report|result|answer|prediction|output"
    r"|conclusion|system|machine|tool)s?"
)
_BE = (
    r"(?:is|was|are|were|be|been|being|proves?|proved|turns out|turned out|(?:has|have) been"
    r"|(?:may|can|could|will|might|must|need) be)"
)
#: "right" for "correct", and "left" for "kept": no sides.
_CORRECT = re.compile(
    rf"(?P<before>\b{_SPEAKER} {_BE}(?: not)? )right\b"
    r"|(?P<it>\b(?:it|this|that) (?:is|was|may be|can be) )right(?= (?:about|for|in|when)\b)"
    r"|(?P<article>\b(?:the|a) )right"
    r"(?= (?:answer|class\b|category|label|choice|result|diagnosis|conclusion|verdict|decision))"
)
_KEPT = re.compile(r"\bleft(?= un[a-z]+ed\b)")

_T1 = r"t1(?:[ -]?(?:weighted|weighting|w))?"
_PICTURE = r"(?:mri|mr|images?|imaging|scan|sequence|slice|series|section|acquisition|picture)"
_TAKEN = rf"(?:{_PICTURE}|one|acquired|obtained|taken|recorded|performed|the|an|a|was|is|were|and)"
_AGENT = r"(?:contrast|gadolinium|gd)"
_GIVEN = (
    r"(?:agent|medium|material|injection|administration|enhancement|enhanced|application|had been|has been|was|given"
    r"|injected|administered)"
)
_AFTER = (
    r"(?:after|following|with|post|once|upon|using|plus)"
    r"(?:[ -](?:the|an|a|intravenous|iv|injection|administration|application|of|giving))*"
)
#: T1 after contrast agent, however it is worded.
_T1_CONTRAST = re.compile(
    rf"\b{_T1}(?:,? {_TAKEN})*,? {_AFTER}[ -]{_AGENT}(?:[ -]{_GIVEN})*\b(?! (?:uptake|enhanc))"
    rf"|\b(?:post[ -])?{_AGENT}(?:[ -](?:agent|medium|enhanced|aided|supported))*,? {_T1}(?: {_PICTURE})*\b"
    rf"|\b{_T1}(?: {_PICTURE})*,? (?:contrast|gadolinium)[ -]enhanced\b"
)
#: "% of the depicted brain", "the share of the brain's cross-section": one denominator.
_OF_BRAIN = re.compile(
    r"(?:(?<=% )|^|(?<=share )|(?<=fraction )|(?<=part )|(?<=portion )|(?<=percentage )|(?<=proportion ))"
    r"of (?:the |its |this |all )*"
    r"(?:(?:depicted|visible|imaged|displayed|whole|entire|total|shown|slice's) )*brain(?:'s)?"
    r"(?:[ -](?:area|surface|cross|section|sectional|tissue|slice))*"
    r"(?: (?:that is )?(?:visible|seen|depicted|shown|displayed|contained|imaged))?"
    r"(?: (?:in|on) (?:this|the) (?:slice|image|section|picture))?\b(?![ -]stem)"
)
#: Words cut short with a full stop.
_SHORT = {
    "approx": "approximately",
    "ca": "circa",
    "prob": "probability",
    "max": "maximum",
    "min": "minimum",
    "diam": "diameter",
    "perp": "perpendicular",
    "est": "estimated",
    "incl": "including",
    "excl": "without",
    "resp": "respectively",
    "seg": "segmentation",
    "loc": "location",
    "acc": "accuracy",
    "calib": "calibration",
    "unk": "unknown",
}
_CUT_SHORT = re.compile(rf"\b({'|'.join(_SHORT)})\.(?=[ ,)]|$)(?! to\b)")
_TURNS = (
    (_IZE, "is"),
    (_ONE_L, r"\1l"),
    (_HEALTHY, "healthy"),
    (_CORRECT, r"\g<before>\g<it>\g<article>correct"),
    (_KEPT, "kept"),
    (_T1_CONTRAST, "contrast enhanced t1"),
    *((re.compile(pattern), said) for pattern, said in lexicon_file("turns")["turns"]),
)


@lru_cache(maxsize=1024)
def in_plain_turns(text: str) -> str:
    """The sentence, normalised, with misleading turns of phrase replaced."""
    out = _CUT_SHORT.sub(lambda short: _SHORT[short[1]], normalise(_WHO.sub("which", text)))
    for pattern, said in _TURNS:
        out = pattern.sub(said, out)
    return _OF_BRAIN.sub("of the brain area", out) if "%" in out else out
