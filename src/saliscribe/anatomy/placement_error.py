"""How far a placement may be off: constants measured by ``saliscribe.anatomy.measure`` (see docs/anatomy.md)."""

from __future__ import annotations

from saliscribe.core.names import Plane

#: Below this similarity nothing fits: the picture is not placed.
LEAST_SIMILARITY = 0.42
#: Sharpness of the softmax over the planes' best similarities.
PLANE_SHARPNESS = 25.0
#: Half width (mm) of the 90 % level interval by plane, for similarity below and above ``GOOD_SIMILARITY``.
GOOD_SIMILARITY = 0.65
HALF_WIDTH_MM: dict[Plane, tuple[float, float]] = {
    "axial": (20.0, 12.0),
    "coronal": (20.0, 12.0),
    "sagittal": (20.0, 12.0),
}


def level_error_mm(plane: Plane, similarity: float) -> float:
    """Half width of the 90 % interval of the level, in MNI mm."""
    poor, good = HALF_WIDTH_MM[plane]
    return good if similarity >= GOOD_SIMILARITY else poor
