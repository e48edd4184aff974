"""E: yes for no."""

from __future__ import annotations

import re
from random import Random

from saliscribe.core.language.words import CLASS
from saliscribe.core.names import CLASSES
from saliscribe.faithfulness.draft import Draft, Mutant, added, replaced, sentence_case, shuffled
from saliscribe.faithfulness.mutate_place import LOBES

_NEGATIVE = re.compile(
    r"\b(?:not|no|cannot|none|never|without|neither|nor|nobody|nothing|unknown|unable|unclear|undetermined|lacks?"
    r"|un\w+ed|impossible|may|might|could|whether|rather than|beyond|uncertain|omitted|unaddressed"
    r"|missing|unproven|unstable)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:(?P<be>is|are|was|were)|(?P<s>lies|measures|covers|agrees|classifies|involves|occupies|comes|reaches|shows"
    r"|projects|touches|extends|favours|assigns|consists|matches|overlaps|fills|suggests|gives|indicates|sits|takes)"
    r"|(?P<past>measured|reached|outlined|raised|warned|found|looked))\b"
)
#: No denial fits before these verbs: "the outlined region", "was then found", "what is left", "hardly matches"; and "is
#: named only at some" and "is worth noting that" would deny something else.
_NOT_FINITE = re.compile(
    r"(?:^|'s |\b(?:the|an?|its|their|is|are|was|were|be|been|by|as|what|which|who|that|if|how|where|when|than|hardly"
    r"|barely|scarcely|\w+ly) )$",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"\b(?:as far as|what|whatever|which|who|that|if|how|where|when|than|as they)\b[^,;:]*$", re.IGNORECASE
)
_ONLY = re.compile(r" (?:(?:\w+ )?only|worth)\b")
_BASE = {
    "lies": "lie", "measures": "measure", "covers": "cover", "agrees": "agree", "classifies": "classify",
    "involves": "involve", "occupies": "occupy", "comes": "come", "reaches": "reach", "shows": "show",
    "projects": "project", "touches": "touch", "extends": "extend", "favours": "favour", "assigns": "assign",
    "consists": "consist", "matches": "match", "overlaps": "overlap", "fills": "fill", "suggests": "suggest",
    "gives": "give", "indicates": "indicate", "sits": "sit", "takes": "take", "measured": "measure",
    "reached": "reach", "outlined": "outline", "raised": "raise", "warned": "warn", "found": "find", "looked": "look",
}  # fmt: skip
_POSITIVE = (
    (r"\bcannot\b", "can"), (r"\bcould not\b", "could"), (r"\bmust not\b", "must"), (r"\bdoes not\b", "does"),
    (r"\b(is|was|are|were|has|have)(?: been)? not\b", r"\1"), (r"\bnot ", ""), (r"\bunknown\b", "known"),
    (r"\bneither (.*?) nor\b", r"both \1 and"), (r"\bno\b", "a"),
    (r"\bnobody\b", "someone"), (r"\bnothing\b", "something"),
    (r"\bnone\b", "one"), (r"\bwithout\b", "with"),
)  # fmt: skip
_SIGNS = (
    "oedema", "midline shift", "hydrocephalus", "haemorrhage", "calcification", "herniation", "restricted diffusion",
    "necrosis",
)  # fmt: skip


def negation_added(draft: Draft, draw: Random) -> Mutant | None:
    """A true sentence is denied."""
    about = {"F2", "F3", "F5", "F6", "F7", "F9", "F11.1", "F11.2", "F11.3", "F13"}
    for at in shuffled(draw, list(range(len(draft.lines)))):
        line = draft.lines[at]
        match = next((m for m in _VERB.finditer(line.text) if _is_deniable(line.text, m)), None)
        facts = {state.rpartition(".")[0] for state in line.states}
        if match and facts & about and not _NEGATIVE.search(line.text) and not line.has("hedge", "certainty"):
            text = f"{line.text[: match.start()]}{_denied(match)}{line.text[match.end() :]}"
            return replaced(draft, {at: line.with_text(text)}, "a true statement is denied")
    return None


def negation_removed(draft: Draft, draw: Random) -> Mutant | None:
    """A denial loses its "not"."""
    for at in shuffled(draw, list(range(len(draft.lines)))):
        line = draft.lines[at]
        if "F12.topics" in line.states:
            continue
        for pattern, new in _POSITIVE:
            text = re.sub(pattern, new, line.text, count=1, flags=re.IGNORECASE)
            if text != line.text:
                return replaced(
                    draft, {at: line.with_text(sentence_case(text))}, "a denial has become a statement"
                )
    return None


def not_assessed_as_absent(draft: Draft, draw: Random) -> Mutant | None:
    """What nobody looked at is said to be absent."""
    sign = draw.choice(_SIGNS)
    text = draw.choice(
        (
            f"There is no {sign}.",
            f"No {sign} is seen.",
            f"{sign.capitalize()} is absent.",
            f"The image is free of {sign}.",
            f"Without evidence of {sign}.",
            f"{sign.capitalize()} was looked for and not found.",
        )
    )
    return added(draft, text, f"{sign} was not assessed", draw)


def double_negation(draft: Draft, draw: Random) -> Mutant | None:
    """Two denials that state what is false or unknown."""
    fact = draft.findings.tumour_class
    other = CLASS[draw.choice([name for name in CLASSES if name != fact.value])]
    sign = draw.choice(_SIGNS)
    text = draw.choice(
        (
            f"The lesion is not without {sign}.",
            f"It is not true that there is no {sign}.",
            f"An absence of {sign} cannot be confirmed, as it is not missing.",
            f"It is not the case that the network did not choose {other}.",
            f"The most likely class is not anything other than {other}.",
        )
    )
    return added(draft, text, "two denials make a false statement", draw)


def contradicted_elsewhere(draft: Draft, draw: Random) -> Mutant | None:
    """The true sentence stays; another one says the opposite."""
    fact, location, extent = draft.findings.tumour_class, draft.findings.location, draft.findings.extent
    other = CLASS[draw.choice([name for name in CLASSES if name != fact.value])]
    texts = [f"In summary, the most likely class is {other}.", f"Overall, this is in keeping with {other}."]
    if location.side in ("left", "right"):
        side = "right" if location.side == "left" else "left"
        texts.append(f"In summary, the lesion lies on the {side} side.")
    free = [lobe for lobe in LOBES if lobe.split()[0] not in (location.region or "")]
    if location.region and "lobe" in location.region and "several" not in location.region and free:
        texts.append(f"In conclusion, the lesion is in the {draw.choice(free)}.")
    if extent.longest_mm is not None and extent.longest_mm >= 5:
        texts.append(f"In conclusion, the lesion measures {round(extent.longest_mm * 1.7) + 3} mm across.")
    return added(draft, draw.choice(texts), "contradicts another sentence", draw, "impression")


def _is_deniable(text: str, verb: re.Match[str]) -> bool:
    """True for the finite verb of a main clause, whose denial turns the sentence round and still is English."""
    before = text[: verb.start()]
    return not (_NOT_FINITE.search(before) or _SUBORDINATE.search(before) or _ONLY.match(text, verb.end()))


def _denied(match: re.Match[str]) -> str:
    if match["be"]:
        return f"{match['be']} not"
    return f"{'does' if match['s'] else 'did'} not {_BASE[match[0]]}"
