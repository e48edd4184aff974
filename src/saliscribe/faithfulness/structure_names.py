"""Names of a structure as people write them: English, Latin, the division before or behind."""

from __future__ import annotations

import re
from random import Random

from saliscribe.core.language.slots import structure_phrase
from saliscribe.core.vocabulary import UNLISTED_STRUCTURE, structures

_LATIN = {
    "superior frontal gyrus": "gyrus frontalis superior",
    "middle frontal gyrus": "gyrus frontalis medius",
    "inferior frontal gyrus": "gyrus frontalis inferior",
    "superior temporal gyrus": "gyrus temporalis superior",
    "middle temporal gyrus": "gyrus temporalis medius",
    "inferior temporal gyrus": "gyrus temporalis inferior",
    "precentral gyrus": "gyrus precentralis",
    "postcentral gyrus": "gyrus postcentralis",
    "supramarginal gyrus": "gyrus supramarginalis",
    "angular gyrus": "gyrus angularis",
    "lingual gyrus": "gyrus lingualis",
    "cingulate gyrus": "gyrus cinguli",
    "parahippocampal gyrus": "gyrus parahippocampalis",
    "temporal pole": "polus temporalis",
    "frontal pole": "polus frontalis",
    "occipital pole": "polus occipitalis",
    "caudate nucleus": "nucleus caudatus",
    "superior parietal lobule": "lobulus parietalis superior",
}
#: Latin and other names that are used in the sealed part alone.
_SEALED = {
    "cuneus": "cuneal cortex",
    "precuneus": "precuneal cortex",
    "insular cortex": "island of Reil",
    "brain stem": "truncus encephali",
    "corpus callosum": "callosal body",
    "sella turcica": "pituitary fossa",
    "cerebellar vermis": "vermis",
    "globus pallidus": "pallidum",
    "supplementary motor cortex": "supplementary motor area",
}


def structure_wording(name: str, side: str | None, draw: Random, sealed: bool = False) -> str:
    """One of the ways to write a structure with its side; all mean exactly this structure."""
    if name == UNLISTED_STRUCTURE:
        return structure_phrase(name, side)
    entry = structures()[name]
    base, part = entry["base"], entry.get("part")
    other = _SEALED.get(base, base) if sealed else _LATIN.get(base, base)
    noun = draw.choice((base, base, other))
    article = "the " if side or noun != base else entry.get("article", "the ")
    whole = f"{article}{f'{side} ' if side else ''}{noun}"
    if part is None:
        return whole if not (sealed and side) else draw.choice((whole, f"the {side}-sided {noun}"))
    adjective = re.fullmatch(r"(anterior|posterior) division", part)
    forms = [f"the {part} of {whole}", f"{whole} ({part})"]
    if adjective and noun == base:
        forms.append(f"the {f'{side} ' if side else ''}{adjective[1]} {noun}")
    return draw.choice(forms)
