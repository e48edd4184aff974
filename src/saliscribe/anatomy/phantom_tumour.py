"""Painted tumours: a glioma, a meningioma or a pituitary tumour, in the places where they grow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.core.names import Plane, TumourClass

#: Half axes (mm) and centre of the ellipsoid that the cerebral surface of the template roughly follows.
_BRAIN_CENTRE, _BRAIN_AXES = np.array([0.0, -18.0, 12.0]), np.array([66.0, 84.0, 62.0])
_SELLA = np.array([0.0, 3.0, -30.0])


@dataclass(frozen=True)
class Tumour:
    """What is painted: middle and mean radius in MNI mm, unevenness, enhancement, share that is necrotic."""

    label: TumourClass
    centre_mm: tuple[float, float, float]
    radius_mm: float
    stretch: tuple[float, float, float]
    roughness: float
    enhancement: float
    necrotic: float
    oedema: float


def draw_tumour(
    random: np.random.Generator, label: TumourClass, plane: Plane, level_mm: float | None
) -> Tumour:
    """Draw a tumour of class ``label`` that a slice of ``plane`` (at ``level_mm``, if given) passes through."""
    radius = {"glioma": (13.0, 26.0), "meningioma": (9.0, 22.0), "pituitary": (7.0, 14.0)}[label]
    centre = _centre(random, label)
    axis = {"sagittal": 0, "coronal": 1, "axial": 2}[plane]
    if level_mm is not None:
        centre[axis] = level_mm
    glioma = label == "glioma"
    wide, long, high = random.uniform(0.8, 1.25, 3)
    return Tumour(
        label=label,
        centre_mm=(float(centre[0]), float(centre[1]), float(centre[2])),
        radius_mm=float(random.uniform(*radius)),
        stretch=(float(wide), float(long), float(high)),
        roughness=float(random.uniform(0.25, 0.45) if glioma else random.uniform(0.05, 0.15)),
        enhancement=float(random.uniform(0.55, 0.85) if label != "pituitary" else random.uniform(0.5, 0.75)),
        necrotic=float(random.uniform(0.55, 0.82)) if glioma else 0.0,
        oedema=float(random.uniform(0.05, 0.12)) if glioma else float(random.uniform(0.0, 0.05)),
    )


def paint_tumour(
    picture: NDArray[np.float64], points: NDArray[np.float64], tumour: Tumour, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The picture with the tumour in it, and the tumour's mask.

    Args:
        picture: (rows, columns) tissue intensity on the template's scale.
        points: (3, rows, columns) MNI mm of every pixel.
    """
    away = points - np.array(tumour.centre_mm)[:, None, None]
    distance = np.sqrt(((away / np.array(tumour.stretch)[:, None, None]) ** 2).sum(axis=0)) / tumour.radius_mm
    uneven = ndimage.gaussian_filter(random.standard_normal(picture.shape), 5.0)
    distance = distance * (1 + tumour.roughness * uneven / max(float(np.abs(uneven).max()), 1e-9))
    head = ndimage.gaussian_filter(picture, 2.0) > 0.06
    mask = (distance < 1.0) & head
    texture = 1 + 0.08 * ndimage.gaussian_filter(random.standard_normal(picture.shape), 1.2) * 2.5
    inside = np.clip((1.0 - distance) * tumour.radius_mm / 1.5, 0.0, 1.0) * head
    halo = np.clip(1.6 - distance, 0.0, 0.6) / 0.6 * (picture < 0.55)
    shaded = picture - tumour.oedema * halo
    filling = tumour.enhancement * texture
    if tumour.necrotic > 0:
        core = np.clip((tumour.necrotic - distance) * 5.0 + 0.2, 0.0, 1.0)
        filling = filling * (1 - core) + 0.18 * core
    return np.maximum(shaded * (1 - inside) + filling * inside, 0.0), mask


def _centre(random: np.random.Generator, label: TumourClass) -> NDArray[np.float64]:
    if label == "pituitary":
        return _SELLA + random.normal(0.0, [2.0, 2.0, 3.0])
    direction = random.standard_normal(3)
    direction[2] = abs(direction[2]) * (1 if random.random() < 0.8 else -0.3)
    direction /= np.linalg.norm(direction)
    depth = random.uniform(0.86, 0.94) if label == "meningioma" else random.uniform(0.3, 0.68)
    return np.asarray(_BRAIN_CENTRE + depth * _BRAIN_AXES * direction)
