"""How far a placement may be off: constants from measurements that docs/anatomy.md describes."""

from __future__ import annotations

from saliscribe.core.names import Plane

#: Below this merit (similarity less penalties) nothing fits and the picture is not placed. White noise reaches 0.23,
#: photographs 0.30 to 0.49, and 99 % of 285 real slices 0.54 or more. A header, which fixes plane and pixel size,
#: leaves less to chance.
LEAST_SIMILARITY, LEAST_WITH_HEADER = 0.50, 0.42
#: Sharpness of the softmax over the planes' best merits.
PLANE_SHARPNESS = 25.0
#: Half width (mm) of the 90 % level interval by plane, for similarity below and from ``GOOD_SIMILARITY`` on. Rounded
#: up from where the middles of 59 held-out pituitary tumours were placed against the sella (a proxy for the truth).
GOOD_SIMILARITY = 0.75
HALF_WIDTH_MM: dict[Plane, tuple[float, float]] = {
    "axial": (24.0, 16.0),
    "coronal": (30.0, 20.0),
    "sagittal": (16.0, 12.0),
}


def level_error_mm(plane: Plane, similarity: float) -> float:
    """Half width of the 90 % interval of the level, in MNI mm."""
    poor, good = HALF_WIDTH_MM[plane]
    return good if similarity >= GOOD_SIMILARITY else poor
