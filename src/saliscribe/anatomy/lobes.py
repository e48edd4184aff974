"""What Harvard-Oxford's labels are: the lobe of each gyrus, which are nuclei, and how the names are spelt."""

from __future__ import annotations

from typing import Literal

Kind = Literal["cortex", "nucleus", "ventricle", "brain stem", "other"]

#: Gyrus -> lobe, by the usual neuroanatomical grouping. The cingulate and paracingulate gyri count with the lobe
#: they lie in medially (frontal in front of the central sulcus, limbic behind); the insula is a lobe of its own.
LOBE_OF: dict[str, str] = {
    "Frontal Pole": "frontal lobe",
    "Insular Cortex": "insula",
    "Superior Frontal Gyrus": "frontal lobe",
    "Middle Frontal Gyrus": "frontal lobe",
    "Inferior Frontal Gyrus, pars triangularis": "frontal lobe",
    "Inferior Frontal Gyrus, pars opercularis": "frontal lobe",
    "Precentral Gyrus": "frontal lobe",
    "Temporal Pole": "temporal lobe",
    "Superior Temporal Gyrus, anterior division": "temporal lobe",
    "Superior Temporal Gyrus, posterior division": "temporal lobe",
    "Middle Temporal Gyrus, anterior division": "temporal lobe",
    "Middle Temporal Gyrus, posterior division": "temporal lobe",
    "Middle Temporal Gyrus, temporooccipital part": "temporal lobe",
    "Inferior Temporal Gyrus, anterior division": "temporal lobe",
    "Inferior Temporal Gyrus, posterior division": "temporal lobe",
    "Inferior Temporal Gyrus, temporooccipital part": "temporal lobe",
    "Postcentral Gyrus": "parietal lobe",
    "Superior Parietal Lobule": "parietal lobe",
    "Supramarginal Gyrus, anterior division": "parietal lobe",
    "Supramarginal Gyrus, posterior division": "parietal lobe",
    "Angular Gyrus": "parietal lobe",
    "Lateral Occipital Cortex, superior division": "occipital lobe",
    "Lateral Occipital Cortex, inferior division": "occipital lobe",
    "Intracalcarine Cortex": "occipital lobe",
    "Frontal Medial Cortex": "frontal lobe",
    "Juxtapositional Lobule Cortex (formerly Supplementary Motor Cortex)": "frontal lobe",
    "Subcallosal Cortex": "frontal lobe",
    "Paracingulate Gyrus": "frontal lobe",
    "Cingulate Gyrus, anterior division": "limbic lobe",
    "Cingulate Gyrus, posterior division": "limbic lobe",
    "Precuneus Cortex": "parietal lobe",
    "Cuneal Cortex": "occipital lobe",
    "Frontal Orbital Cortex": "frontal lobe",
    "Parahippocampal Gyrus, anterior division": "temporal lobe",
    "Parahippocampal Gyrus, posterior division": "temporal lobe",
    "Lingual Gyrus": "occipital lobe",
    "Temporal Fusiform Cortex, anterior division": "temporal lobe",
    "Temporal Fusiform Cortex, posterior division": "temporal lobe",
    "Temporal Occipital Fusiform Cortex": "temporal lobe",
    "Occipital Fusiform Gyrus": "occipital lobe",
    "Frontal Operculum Cortex": "frontal lobe",
    "Central Opercular Cortex": "frontal lobe",
    "Parietal Operculum Cortex": "parietal lobe",
    "Planum Polare": "temporal lobe",
    "Heschl's Gyrus (includes H1 and H2)": "temporal lobe",
    "Planum Temporale": "temporal lobe",
    "Supracalcarine Cortex": "occipital lobe",
    "Occipital Pole": "occipital lobe",
}

NUCLEI = frozenset(
    ("Thalamus", "Caudate", "Putamen", "Pallidum", "Hippocampus", "Amygdala", "Accumbens")
)  # fmt: skip

#: Spellings in the files that are slips of the pen.
CORRECTED: dict[str, str] = {
    "Lateral Ventrical": "Lateral Ventricle",
    "Precuneous Cortex": "Precuneus Cortex",
}

#: What follows a comma in FSL's own label names.
_PARTS = ("anterior division", "posterior division", "superior division", "inferior division")
_PARTS_MORE = ("temporooccipital part", "pars triangularis", "pars opercularis")


def plain_name(raw: str) -> str:
    """A label without its side, spelt as FSL's tables spell it: ``Left_Angular_Gyrus`` -> ``Angular Gyrus``."""
    name = raw.replace("_", " ").strip()
    for prefix in ("Left ", "Right "):
        name = name.removeprefix(prefix)
    for part in (*_PARTS, *_PARTS_MORE):
        if name.endswith(part):
            name = name.removesuffix(part).rstrip(" ,") + ", " + part
    return CORRECTED.get(name, name)


def kind_of(name: str) -> Kind:
    """What a structure of this plain name is; "other" for a name that Harvard-Oxford does not have."""
    if name in LOBE_OF:
        return "cortex"
    if name in NUCLEI:
        return "nucleus"
    if "Ventricle" in name:
        return "ventricle"
    return "brain stem" if "Brain-Stem" in name else "other"
