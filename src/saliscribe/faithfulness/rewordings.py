"""What must not alarm: typos, spelling, order, rounding, synonyms and true parent terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from random import Random

from saliscribe.core.vocabulary import structures
from saliscribe.faithfulness.draft import Draft, Line

#: One true sentence -> another wording of it that is as true, or ``None`` where it does not apply.
Reworder = Callable[[Draft, Line, Random], str | None]

_SPELLING = (
    ("tumour", "tumor"), ("oedema", "edema"), ("haemorrhage", "hemorrhage"), ("grey", "gray"), ("colour", "color"),
    ("centre", "center"), ("neighbouring", "neighboring"), ("localisation", "localization"), ("analysed", "analyzed"),
    ("millimetres", "millimeters"), ("recognise", "recognize"), ("centimetres", "centimeters"),
)  # fmt: skip
#: Names that mean the same thing; applied to words of structures and classes.
_SYNONYMS = (
    (r"\b(left|right) (superior|middle|inferior) (frontal|temporal) gyrus", r"\1 gyrus \3is \2"),
    (r"\b(superior|middle|inferior) (frontal|temporal) gyrus", r"gyrus \2is \1"),
    (r"\bprecentral gyrus", "gyrus praecentralis"), (r"\bpostcentral gyrus", "gyrus postcentralis"),
    (r"\bangular gyrus", "gyrus angularis"), (r"\blingual gyrus", "gyrus lingualis"),
    (r"\bfrontal pole", "polus frontalis"), (r"\btemporal pole", "polus temporalis"),
    (r"\boccipital pole", "polus occipitalis"), (r"\bHeschl's gyrus", "transverse temporal gyrus"),
    (r"\binsular cortex", "insula"), (r"\bcaudate nucleus", "nucleus caudatus"), (r"\bglobus pallidus", "pallidum"),
    (r"\bbrain stem", "brainstem"), (r"\bsella turcica", "sella"), (r"\bpituitary tumour", "tumour of the pituitary"),
    (r"\bcerebellar vermis", "vermis cerebelli"), (r"\b(frontal|temporal|parietal|occipital) lobe\b", r"lobus \1is"),
    (r"\bsupplementary motor cortex", "supplementary motor area"),
    (r"\bdelineated region", "delineated area"), (r"\bThe region\b", "The delineated region"),
    (r"\bposterior division", "posterior part"), (r"\banterior division", "anterior part"),
)  # fmt: skip
#: A sentence that leans on the one before it.
_POINTS_BACK = re.compile(r"\b(?:it|its|this|here|such)\b", re.IGNORECASE)
_CORTICAL = ("frontal lobe", "temporal lobe", "parietal lobe", "occipital lobe")


def typo(draft: Draft, line: Line, draw: Random) -> str | None:
    """One slip of the finger in one long word of the fixed words: two letters swapped, one lost or one doubled."""
    text = line.text
    found = [m for m in re.finditer(r"[a-z]{7,}", text) if m[0] not in ("without", "unknown", "bilateral")]
    if not found:
        return None
    match = draw.choice(found)
    at = draw.randint(match.start() + 2, match.end() - 3)
    slips = (
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
    )
    return draw.choice([slip for slip in slips if slip != text])


def spelling(draft: Draft, line: Line, draw: Random) -> str | None:
    """American spelling."""
    text = line.text
    for british, american in _SPELLING:
        text = re.sub(british, american, text)
        text = text.replace(british.capitalize(), american.capitalize())
    return text if text != line.text else None


def rounding(draft: Draft, line: Line, draw: Random) -> str | None:
    """A length with one decimal more, rounded rightly from the exact value, or the same length in cm."""
    extent = draft.findings.extent
    exact = {"F7.longest_mm": extent.longest_mm, "F7.perpendicular_mm": extent.perpendicular_mm}
    texts = {}
    for at, piece in enumerate(line.pieces):
        value = exact.get(piece.about or "")
        if value is not None and re.fullmatch(r"\d+", piece.text) and " mm" in line.text:
            texts[at] = f"{value:.1f}"
    return line.with_pieces(texts).text if texts else None


def synonyms(draft: Draft, line: Line, draw: Random) -> str | None:
    """Latin names of structures, and other words that mean the same."""
    fits = [(pattern, new) for pattern, new in _SYNONYMS if re.search(pattern, line.text)]
    if not fits:
        return None
    pattern, new = draw.choice(fits)
    return re.sub(pattern, new, line.text, count=1).replace("alis middle", "alis medius")


def parent_term(draft: Draft, line: Line, draw: Random) -> str | None:
    """A structure without a share is called by the gyrus or the lobe that it is part of."""
    if line.has("share") or "F9.minor" not in line.states:
        return None
    places = [at for at, piece in enumerate(line.pieces) if piece.about == "structure"]
    for at in draw.sample(places, len(places)):
        name, side = line.pieces[at].value
        entry = structures()[name]
        sided = f"the {side} " if side else "the "
        if "part" in entry:
            return line.with_piece(at, sided + entry["base"]).text
        if entry["region"] in _CORTICAL:
            return line.with_piece(at, sided + entry["region"]).text
    return None


REWORDINGS: Mapping[str, Reworder] = {
    "typo": typo,
    "spelling": spelling,
    "rounding": rounding,
    "synonym": synonyms,
    "parent term": parent_term,
}


def reworded(draft: Draft, kind: str, draw: Random) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The report with every sentence reworded that the kind applies to, and those sentences."""
    lines, changed = [], []
    for line in draft.lines:
        text = REWORDINGS[kind](draft, line, draw)
        if text is not None:
            changed.append(text)
        lines.append(line if text is None else replace(line.with_text(text), wording=line.wording))
    return tuple(lines), tuple(changed)


def reordered(draft: Draft, draw: Random) -> tuple[Line, ...]:
    """The sentences of each section in another order; "it" needs its antecedent, so those stay where they are."""
    lines = list(draft.lines)
    for section in {line.section for line in lines}:
        places = [
            at
            for at, line in enumerate(lines)
            if line.section == section and not _POINTS_BACK.search(line.text)
        ]
        for at, line in zip(places, draw.sample([lines[at] for at in places], len(places)), strict=True):
            lines[at] = line
    return tuple(lines)
