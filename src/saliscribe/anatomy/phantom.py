"""Synthetic contrast-enhanced T1 slices with a painted tumour: unlimited test images with known truth."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from scipy import ndimage

from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.phantom_tumour import Tumour, draw_tumour, paint_tumour
from saliscribe.anatomy.plane_geometry import level_of, slice_plane
from saliscribe.anatomy.template_brain import template_brain
from saliscribe.core.names import CLASSES, PLANES, Plane, TumourClass
from saliscribe.core.volume import Source, Volume

NOTICE = "SYNTHETIC phantom painted by saliscribe into an MNI head template; not a patient"
SIZE_PX = 256


@dataclass(frozen=True)
class PhantomPlan:
    """All that is drawn at random, as plain data; ``paint`` turns the same plan into the same pixels."""

    seed: int
    plane: Plane
    level_mm: float
    pitch_deg: float
    turn_deg: float
    pixel_mm: float
    stretch: float
    shift_px: tuple[float, float]
    warp_mm: float
    contrast: float
    bias: float
    noise: float
    mirrored: bool
    tumour: Tumour


def draw_phantom(
    seed: int,
    tumour_class: TumourClass | None = None,
    plane: Plane | None = None,
    level_mm: float | None = None,
) -> PhantomPlan:
    """Draw a plan; what is given is kept, the rest follows from ``seed``. The level passes through the tumour."""
    random = np.random.default_rng(seed)
    label = tumour_class or CLASSES[int(random.integers(3))]
    cut = plane or PLANES[int(random.integers(3))]
    tumour = draw_tumour(random, label, cut, level_mm)
    axis = {"sagittal": 0, "coronal": 1, "axial": 2}[cut]
    level = float(tumour.centre_mm[axis] + random.uniform(-0.3, 0.3) * tumour.radius_mm)
    return PhantomPlan(
        seed=seed,
        plane=cut,
        level_mm=level if level_mm is None else level_mm,
        pitch_deg=float(random.normal(0.0, 4.0)) if cut != "sagittal" else 0.0,
        turn_deg=float(random.normal(0.0, 3.0)),
        pixel_mm=float(random.uniform(0.96, 1.12) if cut == "axial" else random.uniform(0.86, 0.93)),
        stretch=float(random.normal(0.0, 0.02)),
        shift_px=(float(random.normal(0.0, 2.5)), float(random.normal(0.0, 4.0))),
        warp_mm=float(random.uniform(1.0, 3.0)),
        contrast=float(random.uniform(0.7, 1.1)),
        bias=float(random.uniform(0.0, 0.25)),
        noise=float(random.uniform(0.004, 0.015)),
        mirrored=bool(random.integers(2)) and cut != "sagittal",
        tumour=tumour,
    )


def paint_phantom(
    seed: int,
    tumour_class: TumourClass | None = None,
    plane: Plane | None = None,
    level_mm: float | None = None,
) -> tuple[Volume, NDArray[np.bool_], dict[str, Any]]:
    """A phantom picture (256 x 256, no geometry in the record, as PNG files have none), its mask, and the truth.

    The truth holds ``label``, ``plane``, ``level_mm``, ``affine`` (row, column, 0 to MNI mm), ``centre_mm`` of the
    visible tumour, ``mask_area_px``, ``synthetic`` true, and the whole plan. Same seed and arguments, same bytes.
    """
    plan = draw_phantom(seed, tumour_class, plane, level_mm)
    pixels, mask, affine = paint(plan)
    shown = np.argwhere(mask)
    centre = affine[:3, :2] @ shown.mean(axis=0) + affine[:3, 3] if len(shown) else None
    truth = {
        "synthetic": True,
        "notice": NOTICE,
        "label": plan.tumour.label,
        "plane": plan.plane,
        "level_mm": level_of(affine, plan.plane),
        "affine": affine.tolist(),
        "centre_mm": None if centre is None else [float(value) for value in centre],
        "mask_area_px": int(mask.sum()),
        "plan": asdict(plan),
    }
    volume = Volume(
        pixels[None, :, :, None].astype(np.float32), Source(f"synthetic-phantom-{seed}", "phantom")
    )
    return volume, mask, truth


def paint(plan: PhantomPlan) -> tuple[NDArray[np.uint8], NDArray[np.bool_], NDArray[np.float64]]:
    """The plan's picture (uint8), tumour mask, and matrix from (row, column, 0) to MNI mm (warp left aside)."""
    random = np.random.default_rng((plan.seed, 1))
    affine = _affine(plan)
    rows, columns = np.indices((SIZE_PX, SIZE_PX), dtype=np.float64)
    warp = [_smooth_noise(random, 22.0) * plan.warp_mm / plan.pixel_mm for _ in range(2)]
    grid = np.stack([(rows + warp[0]).ravel(), (columns + warp[1]).ravel()])
    points = affine[:3, :2] @ grid + affine[:3, 3:]
    picture = _tissue(points, plan.contrast).reshape(SIZE_PX, SIZE_PX)
    picture, mask = paint_tumour(picture, points.reshape(3, SIZE_PX, SIZE_PX), plan.tumour, random)
    picture = ndimage.gaussian_filter(picture, 0.5) * np.exp(plan.bias * _smooth_noise(random, 60.0))
    noise = plan.noise * random.standard_normal((2, SIZE_PX, SIZE_PX))
    picture = np.hypot(picture + noise[0], noise[1])
    top = float(np.percentile(picture, 99.8))
    return (np.clip(picture / top, 0.0, 1.0) * 255.0).round().astype(np.uint8), mask, affine


def write_phantoms(out: Path, n: int, seed: int = 0) -> list[Path]:
    """Write ``n`` phantoms as ``synthetic_phantom_<seed>.png`` with ``_mask.png`` and ``.json`` beside; the PNG paths.

    Every PNG carries the notice in a text chunk. Classes and planes take turns.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for number in range(n):
        own_seed = seed + number
        label, plane = CLASSES[number % 3], PLANES[(number // 3) % 3]
        volume, mask, truth = paint_phantom(own_seed, label, plane)
        path = out / f"synthetic_phantom_{own_seed:05d}.png"
        path.write_bytes(_png(volume.picture.astype(np.uint8)))
        path.with_name(path.stem + "_mask.png").write_bytes(_png(mask.astype(np.uint8) * 255))
        path.with_suffix(".json").write_text(json.dumps(truth, indent=1), encoding="utf-8")
        written.append(path)
    return written


def _png(pixels: NDArray[np.uint8]) -> bytes:
    text = PngInfo()
    text.add_text("Description", NOTICE)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", pnginfo=text)
    return buffer.getvalue()


def _affine(plan: PhantomPlan) -> NDArray[np.float64]:
    place = slice_plane(plan.plane, plan.level_mm, plan.pitch_deg, plan.mirrored)
    angle = np.radians(plan.turn_deg)
    down = np.cos(angle) * place.down + np.sin(angle) * place.right
    right = np.cos(angle) * place.right - np.sin(angle) * place.down
    affine = np.eye(4)
    affine[:3, 0] = down * plan.pixel_mm * (1 + plan.stretch)
    affine[:3, 1] = right * plan.pixel_mm * (1 - plan.stretch)
    normal = np.cross(affine[:3, 0], affine[:3, 1])
    affine[:3, 2] = normal / np.linalg.norm(normal)
    middle = (SIZE_PX - 1) / 2
    centre = place.centre + _towards_head(plan.plane, place.centre)
    affine[:3, 3] = centre - affine[:3, :2] @ (np.array([middle, middle]) + np.array(plan.shift_px))
    return affine


def _towards_head(plane: Plane, centre: NDArray[np.float64]) -> NDArray[np.float64]:
    """Axial pictures are centred on the brain; the others show the head down to where the template ends."""
    return np.array([0.0, -8.0 - centre[1], 0.0]) if plane == "axial" else np.array([0.0, 0.0, -1.0])


def _tissue(points: NDArray[np.float64], contrast: float) -> NDArray[np.float64]:
    """Head template at (3, N) MNI points, with the sharper brain of ICBM 2009a where that is installed."""
    head = head_template()
    index = (points - head.origin_mm[:, None]) / head.step_mm
    value = ndimage.map_coordinates(head.intensity, index, order=1, cval=0.0).astype(np.float64)
    brain = template_brain()
    if brain is None:
        return value
    index = np.linalg.inv(brain.affine)[:3, :3] @ (points - brain.affine[:3, 3:])
    detail = ndimage.map_coordinates(brain.detail, index, order=1, cval=0.0)
    return np.asarray(np.maximum(value + contrast * detail, 0.0), dtype=np.float64)


def _smooth_noise(random: np.random.Generator, sigma: float) -> NDArray[np.float64]:
    field = ndimage.gaussian_filter(random.standard_normal((SIZE_PX, SIZE_PX)), sigma)
    return np.asarray(field / max(float(field.std()), 1e-12))
