"""F: surer than the findings."""

from __future__ import annotations

from random import Random

from saliscribe.core.language.words import A_CLASS, CLASS
from saliscribe.faithfulness.draft import Draft, Mutant, added, replaced, shuffled, without

#: Words of location hedges, and the same words without doubt.
_SURE = {
    "probably lies in": "lies in", "may lie in": "lies in",
    "the most likely location of the delineated region is": "The delineated region lies in",
    "by this placement the region projects to": "The region involves",
    "tentatively, the region projects to": "The region involves",
    "the location of the delineated region is uncertain and may be": "The delineated region lies in",
}  # fmt: skip


def confirmed(draft: Draft, draw: Random) -> Mutant | None:
    """A possible class becomes a confirmed one."""
    value = draft.findings.tumour_class.value
    for at, inside in shuffled(draw, draft.places("certainty", "F5.certainty")):
        line = draft.lines[at]
        text = _firm(line.pieces[inside].text, draw)
        if text and draw.random() < 0.6:
            return replaced(draft, {at: line.with_piece(inside, text)}, "the class is not confirmed")
    text = draw.choice(
        (
            f"This is {A_CLASS[value]}.",
            f"The diagnosis of {CLASS[value]} is confirmed.",
            f"{A_CLASS[value].capitalize()} is proven.",
            f"There is no doubt that this is {A_CLASS[value]}.",
            f"The image is diagnostic of {CLASS[value]}.",
            f"The patient has {A_CLASS[value]}.",
        )
    )
    return added(draft, text, "the class is not confirmed", draw, "impression")


def hedge_dropped(draft: Draft, draw: Random) -> Mutant | None:
    """The doubt about the place is gone."""
    if draft.claims.get(("F9", "hedge")) not in ("likely", "tentative"):
        return None
    for at, inside in shuffled(draw, draft.places("hedge")):
        line = draft.lines[at]
        piece = line.pieces[inside]
        sure = _SURE.get(piece.text.lower(), piece.value)
        if sure:
            sure = sure if piece.text[0].islower() else sure[:1].upper() + sure[1:]
            text = line.with_piece(inside, sure).text.replace(", although its location is uncertain", "")
            text = text.replace(", but this is uncertain", "")
            return replaced(draft, {at: line.with_text(text)}, "the place is not certain")
    return None


def warning_dropped(draft: Draft, draw: Random) -> Mutant | None:
    """The warnings of the input check are left out."""
    if draft.findings.warnings.state != "present":
        return None
    return without(draft, {"F4.codes", "F4.count"}, "F4", "the warnings are left out")


def _firm(text: str, draw: Random) -> str | None:
    """Words of certainty in place of words of doubt; ``None`` where the sentence would not bear them."""
    if text.lower() in ("indeterminate", "undetermined", "unsettled"):
        return None
    if text.lower().endswith(" with"):
        new = draw.choice(("diagnostic of", "proof of"))
    elif text.lower().endswith(":"):
        new = "confirmed class:"
    elif text.lower().endswith("sure"):
        new = "completely sure"
    else:
        new = draw.choice(("confirmed", "definite", "proven"))
    return new[:1].upper() + new[1:] if text[0].isupper() else new
