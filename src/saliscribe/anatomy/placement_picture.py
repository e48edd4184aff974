"""The picture that shows a placement: the slice beside its template slice, with structure outlines and the mask."""

from __future__ import annotations

from colorsys import hsv_to_rgb
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from saliscribe.anatomy.atlas import DEFAULT_ATLAS, Atlas, load_atlas
from saliscribe.anatomy.head_template import head_template
from saliscribe.anatomy.template_brain import template_brain
from saliscribe.core.records.localisation import Localisation

Colour = tuple[int, int, int]
Matrix = NDArray[np.float64]

#: Colour of the mask's outline, and of structures that the lesion does not touch.
MASK_RGB: Colour = (255, 214, 10)
QUIET_RGB: Colour = (96, 120, 140)
#: At most so many structures get a colour of their own.
COLOURED = 8
#: Outlines are drawn with so many pixels on the longer side, as nearly as whole multiples of the slice's allow.
DRAWN_PX = 512
#: The palette: so many greys, the mask's colour, that of quiet structures, then those of the others.
GREYS = 240
MASK_INDEX, QUIET_INDEX, FIRST_INDEX = GREYS, GREYS + 1, GREYS + 2


@dataclass(frozen=True)
class PlacementPicture:
    """``slice_view`` and ``template_view``: (rows, columns) uint8 on one grid, indices into ``palette`` (n, 3) uint8.

    Outlines: the mask in ``MASK_RGB`` on both; structures under the mask in the colours of ``legend`` (name,
    colour), all others of the atlas in ``QUIET_RGB`` on the template alone.
    """

    slice_view: NDArray[np.uint8]
    template_view: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    legend: tuple[tuple[str, Colour], ...]


def placement_picture(
    grey: NDArray,
    mask: NDArray[np.bool_],
    localisation: Localisation,
    *,
    atlas: str = DEFAULT_ATLAS,
    zoom: int | None = None,
) -> PlacementPicture | None:
    """Draw a placement; ``None`` when there is none.

    Args:
        grey: (rows, columns) picture, any scale.
        mask: (rows, columns) tumour.
        localisation: from ``anatomy.localise.localise`` for this picture.
        atlas: whose structures are outlined, see ``load_atlas``.
        zoom: output pixels per input pixel, for fine outlines; by default what comes nearest to ``DRAWN_PX``.
    """
    affine = localisation.placement.affine
    if affine is None:
        return None
    rows, columns = mask.shape
    zoom = zoom or max(1, round(DRAWN_PX / max(rows, columns)))
    names, values = _named(load_atlas(atlas), _finer(affine, zoom), (rows * zoom, columns * zoom))
    big_mask = mask.repeat(zoom, axis=0).repeat(zoom, axis=1)
    touched = _touched(values[big_mask])
    views = [_enlarged(one, zoom) for one in (grey, _template(affine, (rows, columns)))]
    edge, mask_edge = boundaries(values), boundaries(big_mask)
    views[1][edge & (values != 0)] = QUIET_INDEX
    for index, value in enumerate(touched, FIRST_INDEX):
        own = values == value
        for view in views:
            view[edge & own] = index
    for view in views:
        view[mask_edge] = MASK_INDEX
    colours = [_colour(number) for number in range(len(touched))]
    legend = tuple((names[value], rgb) for value, rgb in zip(touched, colours, strict=True))
    return PlacementPicture(views[0], views[1], _palette(colours), legend)


def _finer(affine: Matrix, zoom: int) -> Matrix:
    """``affine`` for a grid of ``zoom`` times as many rows and columns over the same square."""
    finer = affine.copy()
    finer[:3, :2] /= zoom
    finer[:3, 3] += affine[:3, :2].sum(axis=1) * (0.5 / zoom - 0.5)
    return finer


def _cut(volume: NDArray, voxels: Matrix, affine: Matrix, shape: tuple[int, int], order: int) -> NDArray:
    """``volume``, whose indices ``voxels`` takes to mm, on the slice that ``affine`` lays into them; 0 outside."""
    index = np.linalg.inv(voxels) @ affine
    return np.asarray(
        ndimage.affine_transform(volume, index[:3, :2], index[:3, 3], shape, order=order, cval=0.0)
    )


def _named(atlas: Atlas, affine: Matrix, shape: tuple[int, int]) -> tuple[dict[int, str], NDArray[np.uint16]]:
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
    return shown, merge[_cut(atlas.labels, atlas.affine, affine, shape, order=0)]


def _touched(under: NDArray[np.uint16]) -> list[int]:
    """The labels that hold at least 3 % of the values ``under`` the mask, the largest first, ``COLOURED`` at most."""
    counts = np.bincount(under, minlength=1)
    counts[0] = 0
    order = [int(value) for value in np.argsort(-counts)]
    return [value for value in order if counts[value] and counts[value] >= 0.03 * under.size][:COLOURED]


def _colour(number: int) -> Colour:
    red, green, blue = hsv_to_rgb((0.52 + 0.382 * number) % 1.0, 0.65, 1.0)
    return round(255 * red), round(255 * green), round(255 * blue)


def _palette(colours: list[Colour]) -> NDArray[np.uint8]:
    greys = np.linspace(0, 255, GREYS).round().astype(np.uint8)[:, None].repeat(3, axis=1)
    return np.concatenate([greys, np.array([MASK_RGB, QUIET_RGB, *colours], dtype=np.uint8)])


def boundaries(values: NDArray) -> NDArray[np.bool_]:
    """Pixels of (rows, columns) ``values`` with another value above, below, left or right of them."""
    edge = np.zeros(values.shape, dtype=bool)
    down, right = values[1:] != values[:-1], values[:, 1:] != values[:, :-1]
    edge[1:] |= down
    edge[:-1] |= down
    edge[:, 1:] |= right
    edge[:, :-1] |= right
    return edge


def _template(affine: Matrix, shape: tuple[int, int]) -> NDArray:
    """The template's slice on the grid of the picture, which is about as fine as the template."""
    head, brain = head_template(), template_brain()
    value = _cut(head.intensity, head.affine, affine, shape, order=1)
    return value if brain is None else value + _cut(brain.detail, brain.affine, affine, shape, order=1)


def _enlarged(grey: NDArray, zoom: int) -> NDArray[np.uint8]:
    """(rows, columns) of any scale as palette greys, stretched between robust percentiles, ``zoom`` times as fine."""
    low, high = np.percentile(grey, (1.0, 99.5))
    share = np.clip((grey - low) / max(float(high - low), 1e-9), 0.0, 1.0)
    picture = Image.fromarray((share * (GREYS - 1)).round().astype(np.uint8))
    rows, columns = share.shape
    return np.array(picture.resize((columns * zoom, rows * zoom), Image.Resampling.BILINEAR))
