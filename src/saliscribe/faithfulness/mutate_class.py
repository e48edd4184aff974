"""C: the wrong disease."""

from __future__ import annotations

from random import Random

from saliscribe.core.language.words import A_CLASS, CLASS, PLAIN_CLASS
from saliscribe.core.names import CLASSES
from saliscribe.faithfulness.draft import Draft, Line, Mutant, Piece, added, replaced, shuffled

#: Claims by which one patient's sentence is told from another's.
_TELLING = ("F5.value", "F7.longest_mm", "F7.longest_px", "F9.side", "F9.region")
_TRIES = 8


def class_swapped(draft: Draft, draw: Random) -> Mutant | None:
    """Another class of the network stands where the found one stood, everywhere."""
    new = draw.choice([name for name in CLASSES if name != draft.findings.tumour_class.value])
    lines: dict[int, Line] = {}
    for at, inside in draft.places("F5.value"):
        piece = draft.lines[at].pieces[inside]
        lines[at] = lines.get(at, draft.lines[at]).with_piece(inside, _as(piece, new))
    return replaced(draft, lines, f"the class is not {CLASS[new]}")


def invented_grade(draft: Draft, draw: Random) -> Mutant | None:
    """A WHO grade or a subtype that nobody assessed."""
    value = draft.findings.tumour_class.value
    kinds = {
        "glioma": ("glioblastoma", "low-grade astrocytoma", "IDH-mutant astrocytoma", "oligodendroglioma"),
        "meningioma": (
            "atypical meningioma",
            "anaplastic meningioma",
            "fibrous meningioma",
            "psammomatous meningioma",
        ),
        "pituitary": (
            "pituitary macroadenoma",
            "prolactinoma",
            "non-functioning adenoma",
            "craniopharyngioma",
        ),
    }
    grade = draw.choice(("WHO grade II", "WHO grade 4", "grade III", "CNS WHO grade 1"))
    kind = draw.choice(kinds[value])
    for at, inside in shuffled(draw, draft.places("F5.value")):
        piece = draft.lines[at].pieces[inside]
        if draw.random() < 0.5 and "(" not in piece.text:
            worse = draw.choice(
                (f"{piece.text} ({grade})", f"{piece.text} of {grade}", f"high-grade {piece.text}")
            )
            line = draft.lines[at].with_piece(inside, _with_article(piece.text, worse))
            return replaced(draft, {at: line}, "no grade was assessed")
        text = draw.choice((f"The appearance suggests {_a(kind)}.", f"The subtype is {kind}.",
                            f"This corresponds to {grade}.", f"The lesion is likely {_a(kind)}."))  # fmt: skip
        return added(draft, text, "no grade or subtype was assessed", draw, "impression")
    return None


def other_disease(draft: Draft, draw: Random) -> Mutant | None:
    """A disease that the network does not know."""
    what = draw.choice(
        ("metastasis", "brain abscess", "lymphoma", "demyelinating plaque", "cavernoma", "schwannoma")
    )
    told = (
        f"Differential diagnosis includes {_a(what)}.",
        f"The lesion could also be {_a(what)}.",
        f"{_a(what).capitalize()} should be considered.",
        f"Findings are typical of {_a(what)}.",
    )
    for at, inside in shuffled(draw, draft.places("F5.value")):
        piece = draft.lines[at].pieces[inside]
        if draw.random() < 0.5 and "(" not in piece.text:
            new = f"{piece.text} or {_a(what)}" if piece.text.startswith("a ") else f"{piece.text} or {what}"
            return replaced(
                draft, {at: draft.lines[at].with_piece(inside, new)}, f"a {what} was never looked for"
            )
    return added(draft, draw.choice(told), f"a {what} was never looked for", draw, "impression")


def second_first(draft: Draft, draw: Random) -> Mutant | None:
    """The second most probable class is called the first, in one sentence."""
    fact = draft.findings.tumour_class
    for at, inside in shuffled(draw, draft.places("F5.value")):
        line = draft.lines[at]
        even = fact.certainty in ("possible", "indeterminate") and line.has("F5.runner_up")
        if even and not line.has("F5.probability"):
            continue  # "undecided between A and B" is as true the other way round
        texts = {inside: _as(line.pieces[inside], fact.runner_up)}
        for other, piece in enumerate(line.pieces):
            if piece.about == "F5.runner_up":
                texts[other] = _as(piece, fact.value)
        return replaced(draft, {at: line.with_pieces(texts)}, "the second class stands first")
    return None


def another_patient(draft: Draft, draw: Random) -> Mutant | None:
    """A true sentence about other findings, in place of the one that says this."""
    for _ in range(_TRIES):
        other = draft.another(draw)
        for about in shuffled(draw, list(_TELLING)):
            fact, _, claim = about.partition(".")
            mine, theirs = draft.claims.get((fact, claim)), other.claims.get((fact, claim))
            theirs_lines = [line for line in other.lines if line.has(about)]
            own = [at for at, line in enumerate(draft.lines) if line.has(about)]
            if own and theirs_lines and _unlike(mine, theirs):
                at = draw.choice(own)
                line = draft.lines[at].with_text(draw.choice(theirs_lines).text)
                return replaced(draft, {at: line}, f"this is about somebody else: {theirs}, not {mine}")
    return None


def _unlike(mine: object, theirs: object) -> bool:
    if isinstance(mine, int) and isinstance(theirs, int):
        return abs(mine - theirs) >= max(3, mine // 10)
    if isinstance(mine, str) and isinstance(theirs, str):
        return not set(mine.split()) & (set(theirs.split()) - {"lobe", "lobes", "and", "region"})
    return False


def _as(piece: Piece, new: str) -> str:
    """The words of a class in the form that ``piece`` has."""
    for forms in (PLAIN_CLASS, A_CLASS):
        if piece.text.lower() == forms[piece.value]:
            return _cased(piece.text, forms[new])
    article = "a " if piece.text.lower().startswith("a ") else ""
    return _cased(piece.text, article + CLASS[new])


def _cased(old: str, new: str) -> str:
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiouAEIO" else f"a {noun}"


def _with_article(old: str, new: str) -> str:
    return new.replace("high-grade a ", "a high-grade ") if old.startswith("a ") else new
