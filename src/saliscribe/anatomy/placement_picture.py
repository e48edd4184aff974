"""The picture that shows a placement: the slice beside its template slice, with structure outlines and the mask."""

from __future__ import annotations

from colorsys import hsv_to_rgb
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.anatomy.atlas import DEFAULT_ATLAS, Atlas, load_atlas
from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.template_brain import template_brain
from saliscribe.core.records.localisation import Localisation

#: Colour of the mask's outline, and of structures that the lesion does not touch.
MASK_RGB: tuple[int, int, int] = (255, 214, 10)
QUIET_RGB: tuple[int, int, int] = (96, 120, 140)
#: At most so many structures get a colour of their own.
COLOURED = 8


@dataclass(frozen=True)
class LegendLine:
    """One coloured outline: the structure's name, its colour, and the middle of its largest part (row, column)."""

    name: str
    rgb: tuple[int, int, int]
    middle: tuple[float, float]


@dataclass(frozen=True)
class PlacementPicture:
    """``slice_rgb`` and ``template_rgb`` (rows, columns, 3) uint8 on one grid, ``zoom`` times the input's pixels.

    Outlines: the mask in ``MASK_RGB`` on both; structures under the mask in the colours of ``legend``, all
    others of the atlas in ``QUIET_RGB``.
    """

    slice_rgb: NDArray[np.uint8]
    template_rgb: NDArray[np.uint8]
    legend: tuple[LegendLine, ...]
    zoom: int


def placement_picture(
    grey: NDArray,
    mask: NDArray[np.bool_],
    localisation: Localisation,
    *,
    atlas: str = DEFAULT_ATLAS,
    zoom: int = 2,
) -> PlacementPicture | None:
    """Draw a placement; ``None`` when there is none.

    Args:
        grey: (rows, columns) picture, any scale.
        mask: (rows, columns) tumour.
        localisation: from ``anatomy.localise.localise`` for this picture.
        atlas: whose structures are outlined, see ``load_atlas``.
        zoom: output pixels per input pixel, for fine outlines.
    """
    affine = localisation.placement.affine
    if affine is None:
        return None
    points = _points(affine, mask.shape, zoom)
    shape = (mask.shape[0] * zoom, mask.shape[1] * zoom)
    names, values = _named(load_atlas(atlas), points, shape)
    big_mask = np.kron(mask, np.ones((zoom, zoom), dtype=bool))
    colours = _colours(values, big_mask, names)
    legend = tuple(LegendLine(names[value], rgb, _middle(values == value)) for value, rgb in colours.items())
    slice_rgb = _rgb(ndimage.zoom(_stretched(grey), zoom, order=1))
    template_rgb = _rgb(_stretched(_template(points).reshape(shape)))
    for picture in (slice_rgb, template_rgb):
        _outline(picture, values, big_mask, colours, quiet=picture is template_rgb)
    return PlacementPicture(slice_rgb, template_rgb, legend, zoom)


def _points(affine: NDArray[np.float64], shape: tuple[int, ...], zoom: int) -> NDArray[np.float64]:
    rows, columns = ((np.arange(n * zoom) + 0.5) / zoom - 0.5 for n in shape[:2])
    down, right, start = affine[:3, 0], affine[:3, 1], affine[:3, 3]
    return np.asarray((rows[:, None, None] * down + (columns[:, None] * right + start)).reshape(-1, 3))


def _named(
    atlas: Atlas, points: NDArray, shape: tuple[int, int]
) -> tuple[dict[int, str], NDArray[np.uint16]]:
    """Label values on the picture, left and right merged under the lower value of a name.

    Names of a user's atlas have their numbers behind them: findings may know a structure by its number alone.
    """
    first: dict[str, int] = {}
    merge = np.zeros(1 + max(label.value for label in atlas.table), dtype=np.uint16)
    numbers: dict[str, list[str]] = {}
    for label in atlas.table:
        merge[label.value] = first.setdefault(label.name, label.value)
        if label.index is not None and str(label.index) not in numbers.setdefault(label.name, []):
            numbers[label.name].append(str(label.index))
    shown = {
        value: f"{name} ({', '.join(numbers[name])})" if name in numbers else name
        for name, value in first.items()
    }
    return shown, merge[atlas.look_up(points)].reshape(shape)


def _colours(
    values: NDArray[np.uint16], mask: NDArray[np.bool_], names: dict[int, str]
) -> dict[int, tuple[int, int, int]]:
    counts = np.bincount(values[mask], minlength=1)
    counts[0] = 0
    touched = [
        int(value) for value in np.argsort(-counts) if counts[value] >= 0.03 * mask.sum() and counts[value]
    ]
    colours: dict[int, tuple[int, int, int]] = {}
    for number, value in enumerate(touched[:COLOURED]):
        red, green, blue = hsv_to_rgb((0.52 + 0.382 * number) % 1.0, 0.65, 1.0)
        colours[value] = (round(255 * red), round(255 * green), round(255 * blue))
    return colours


def _outline(
    picture: NDArray[np.uint8],
    values: NDArray[np.uint16],
    mask: NDArray[np.bool_],
    colours: dict[int, tuple[int, int, int]],
    *,
    quiet: bool,
) -> None:
    if quiet:
        picture[boundaries(values) & (values != 0)] = QUIET_RGB
    for value, rgb in colours.items():
        picture[boundaries(values == value) & (values == value)] = rgb
    picture[boundaries(mask)] = MASK_RGB


def boundaries(values: NDArray) -> NDArray[np.bool_]:
    """Pixels of (rows, columns) ``values`` with another value above, below, left or right of them."""
    edge = np.zeros(values.shape, dtype=bool)
    down, right = values[1:] != values[:-1], values[:, 1:] != values[:, :-1]
    edge[1:] |= down
    edge[:-1] |= down
    edge[:, 1:] |= right
    edge[:, :-1] |= right
    return edge


def _middle(region: NDArray[np.bool_]) -> tuple[float, float]:
    labels, _ = ndimage.label(region)
    largest = 1 + int(np.argmax(np.bincount(labels.ravel())[1:]))
    row, column = ndimage.center_of_mass(labels == largest)
    return float(row), float(column)


def _template(points: NDArray[np.float64]) -> NDArray[np.float64]:
    head = head_template()
    index = ((points - head.origin_mm) / head.step_mm).T
    value = ndimage.map_coordinates(head.intensity, index, order=1, cval=0.0).astype(np.float64)
    brain = template_brain()
    if brain is not None:
        inverse = np.linalg.inv(brain.affine)
        index = (points @ inverse[:3, :3].T + inverse[:3, 3]).T
        value = value + ndimage.map_coordinates(brain.detail, index, order=1, cval=0.0)
    return np.asarray(value)


def _stretched(grey: NDArray) -> NDArray[np.float64]:
    values = np.asarray(grey, dtype=np.float64)
    low, high = (float(np.percentile(values, q)) for q in (1.0, 99.5))
    return np.clip((values - low) / max(high - low, 1e-9), 0.0, 1.0)


def _rgb(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.repeat((np.clip(values, 0, 1) * 255).astype(np.uint8)[:, :, None], 3, axis=2)
