"""B: the wrong place."""

from __future__ import annotations

from random import Random

from saliscribe.core.vocabulary import UNLISTED_STRUCTURE, regions, structures
from saliscribe.faithfulness.draft import Draft, Mutant, added, replaced, sentence_case, shuffled

LOBES = ("frontal lobe", "temporal lobe", "parietal lobe", "occipital lobe")
_CORTEX = (*LOBES, "insula", "cingulate region")
#: What a place does or belongs to, and the structures of which that is true.
ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("the primary motor cortex", ("precentral gyrus",)),
    ("the primary somatosensory cortex", ("postcentral gyrus",)),
    ("Broca's area", ("inferior frontal gyrus", "frontal operculum")),
    ("Wernicke's area", ("superior temporal gyrus", "planum temporale", "supramarginal", "angular")),
    ("the primary visual cortex", ("intracalcarine", "supracalcarine", "occipital pole", "lingual", "cuneal")),
    ("the primary auditory cortex", ("heschl", "planum temporale", "superior temporal gyrus")),
    ("the limbic system", ("hippocampus", "amygdala", "cingulate", "parahippocampal", "subcallosal", "insular",
                           "accumbens", "thalamus", "frontal orbital")),
    ("the ventricular system", ("ventricle",)),
    ("the basal ganglia", ("caudate", "putamen", "pallidum", "accumbens", "amygdala")),
    ("the brain stem", ("brain-stem",)),
    ("the infratentorial compartment", ("cerebell", "brain-stem", "fourth ventricle")),
)  # fmt: skip


def lobe_changed(draft: Draft, draw: Random) -> Mutant | None:
    """The region is another lobe, one in which nothing was found."""
    found = {structures()[s.name]["region"] for s in draft.findings.location.structures}
    said = draft.findings.location.region or ""
    wrong = [lobe for lobe in LOBES if lobe not in found and lobe.split()[0] not in said]
    whole = said in ("several lobes", "cerebral hemisphere", "cerebral white matter")
    for at, inside in shuffled(draw, draft.places("F9.region")):
        if not wrong or whole:
            return None
        lobe = draw.choice(wrong)
        text = f"the {lobe}"
        if "(" in draft.lines[at].pieces[inside].text:
            text = regions()[lobe]["plain"]
        return replaced(
            draft, {at: draft.lines[at].with_piece(inside, text)}, f"the region is not the {lobe}"
        )
    return None


def structure_replaced(draft: Draft, draw: Random) -> Mutant | None:
    """A structure that was found gives way to one that was not."""
    for at, inside in shuffled(draw, draft.places("structure")):
        piece = draft.lines[at].pieces[inside]
        name = _foreign(draft, draw)
        text = draft.names(name, piece.value[1], draw)
        return replaced(draft, {at: draft.lines[at].with_piece(inside, text)}, f"the {name} was not found")
    return None


def structure_added(draft: Draft, draw: Random) -> Mutant | None:
    """A structure that was not found joins a list."""
    for at, inside in shuffled(draw, draft.places("structure")):
        line = draft.lines[at]
        name = _foreign(draft, draw)
        more = f"{line.pieces[inside].text} and {draft.names(name, None, draw)}"
        return replaced(draft, {at: line.with_piece(inside, more)}, f"the {name} was not found")
    return None


def structure_dropped(draft: Draft, draw: Random) -> Mutant | None:
    """The structure with the largest share is missing from the list of shares."""
    for at, line in enumerate(draft.lines):
        starts = [n for n, p in enumerate(line.pieces) if p.about in ("structure", "share")]
        count = sum(p.about == "share" for p in line.pieces)
        if count < 2 or count * 2 != len(starts):
            continue
        first, second = starts[0], starts[2]
        shorter = line.with_pieces(dict.fromkeys(range(first, second), ""))
        text = sentence_case(shorter.text)
        return replaced(draft, {at: line.with_text(text)}, "the largest structure is left out")
    return None


def neighbour(draft: Draft, draw: Random) -> Mutant | None:
    """Another division of the same gyrus."""
    listed = {s.name for s in draft.findings.location.structures}
    for at, inside in shuffled(draw, draft.places("structure")):
        line = draft.lines[at]
        name, side = line.pieces[inside].value
        entry = structures()[name]
        near = [n for n, e in structures().items()
                if "part" in entry and "part" in e and e["base"] == entry["base"] and n not in listed]  # fmt: skip
        if near:
            new = draw.choice(near)
            text = draft.names(new, side, draw)
            return replaced(draft, {at: line.with_piece(inside, text)}, f"the {new} was not found")
    return None


def coarse_for_fine(draft: Draft, draw: Random) -> Mutant | None:
    """The share of one structure is given to the lobe or the cortex, of which other parts were found too."""
    facts = draft.findings.location.structures
    for at, inside in shuffled(draw, draft.places("structure")):
        line = draft.lines[at]
        name = line.pieces[inside].value[0]
        has_share = any(p.about == "share" for p in line.pieces)
        own = structures()[name]["region"]
        for whole, places in ((f"the {own}", (own,)), ("the cerebral cortex", _CORTEX)):
            inside_it = [s for s in facts if structures()[s.name]["region"] in places and s.name != name]
            if has_share and own in _CORTEX and sum(s.share_of_lesion for s in inside_it) >= 0.02:
                text = line.with_piece(inside, whole)
                return replaced(draft, {at: text}, f"the share is of the {name} alone")
    return None


def wrong_role(draft: Draft, draw: Random) -> Mutant | None:
    """A structure is given a function or a system that it does not have."""
    listed = [s.name for s in draft.findings.location.structures]
    wrong = [role for role, names in ROLES if not any(part in s for part in names for s in listed)]
    for at, inside in shuffled(draw, draft.places("structure")):
        if not wrong:
            return None
        line, role = draft.lines[at], draw.choice(wrong)
        if draw.random() < 0.5:
            goes_on = "".join(piece.text for piece in line.pieces[inside + 1 :])
            comma = "" if goes_on.startswith((",", ".", ";")) else ","
            text = f"{line.pieces[inside].text}, part of {role}{comma}"
            return replaced(draft, {at: line.with_piece(inside, text)}, f"that is not {role}")
        told = draw.choice(("The region involves {}.", "The lesion affects {}.", "It reaches into {}."))
        return added(draft, told.format(role), f"that is not {role}", draw)
    return None


def _foreign(draft: Draft, draw: Random) -> str:
    """A structure in a region where nothing was found, if there is one; never one that was found."""
    listed = {s.name for s in draft.findings.location.structures}
    taken = {structures()[name]["region"] for name in listed} | {"cerebral hemisphere"}
    free = [name for name, entry in structures().items()
            if name not in listed and name != UNLISTED_STRUCTURE and entry["region"] not in taken]  # fmt: skip
    return draw.choice(free)
