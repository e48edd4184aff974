"""Pictures for the page and the result folder, as PNG bytes and outlines, from plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.core.names import CamMethod, MaskSource
from saliscribe.io.encode import png_bytes
from saliscribe.reporting.inferno import INFERNO
from saliscribe.reporting.outline import outline_path

#: Heat below this share of the maximum is clear; above it, opacity grows with heat.
CLEAR_BELOW = 0.08
OUTLINE_RGB = (0, 229, 255)


def _heat_table() -> NDArray[np.uint8]:
    values = (np.arange(256) + 0.5) / 256.0
    alpha = np.sqrt(np.clip((values - CLEAR_BELOW) / (1.0 - CLEAR_BELOW), 0.0, 1.0))
    return np.concatenate([INFERNO, np.rint(255 * alpha).astype(np.uint8)[:, None]], axis=1)


#: (256, 4) colours of heat from 0 to 1: "inferno", with an opacity that rises with the heat.
HEAT_RGBA = _heat_table()


@dataclass(frozen=True)
class Placed:
    """The slice and its template slice, each (rows, columns) uint8 indices into ``palette`` (n, 3) uint8.

    ``legend`` has (name, colour) of the outlines.
    """

    slice_view: NDArray[np.uint8]
    template_view: NDArray[np.uint8]
    palette: NDArray[np.uint8]
    legend: tuple[tuple[str, tuple[int, int, int]], ...] = ()


@dataclass(frozen=True)
class Pictures:
    """What the page shows. ``image`` and ``heat`` are PNG bytes; ``outlines`` are SVG path data in pixels.

    ``heat`` has an alpha channel that follows the heat, so that the page can fade it. ``shown`` is the mask
    that the findings rest on. ``sheet_png`` has the slices of a volume that matter, side by side.
    """

    rows: int
    columns: int
    image: bytes
    heat: Mapping[CamMethod, bytes]
    outlines: Mapping[MaskSource, str]
    shown: MaskSource
    placed: Placed | None = None
    placed_png: tuple[bytes, bytes] | None = field(default=None)
    sheet_png: bytes | None = None


def make_pictures(
    grey: NDArray[np.float32],
    heat: Mapping[CamMethod, NDArray[np.float32]],
    masks: Mapping[MaskSource, NDArray[np.bool_]],
    shown: MaskSource,
    placed: Placed | None = None,
    sheet: NDArray[np.uint8] | None = None,
) -> Pictures:
    """Encode everything once. ``grey`` (rows, columns) in [0, 1]; maps and masks on the same grid.

    ``sheet`` (any rows, columns, 3) are the slices of a volume that matter, ``None`` for a slice.
    """
    both = None
    if placed is not None:
        both = (png_bytes(placed.slice_view, placed.palette), png_bytes(placed.template_view, placed.palette))
    return Pictures(
        rows=grey.shape[0],
        columns=grey.shape[1],
        image=png_bytes(np.rint(255 * np.clip(grey, 0, 1)).astype(np.uint8)),
        heat={method: png_bytes(heat_steps(values), HEAT_RGBA) for method, values in heat.items()},
        outlines={source: outline_path(mask) for source, mask in masks.items()},
        shown=shown,
        placed=placed,
        placed_png=both,
        sheet_png=None if sheet is None else png_bytes(sheet),
    )


def heat_steps(heat: NDArray[np.float32]) -> NDArray[np.uint8]:
    """(rows, columns) heat in [0, 1] as indices into ``HEAT_RGBA``: the range is cut into 256 equal steps."""
    return np.minimum(np.clip(heat, 0.0, 1.0) * 256, 255).astype(np.uint8)


def overlay(
    grey: NDArray[np.float32], heat: NDArray[np.float32] | None, mask: NDArray[np.bool_], opacity: float = 0.6
) -> NDArray[np.uint8]:
    """(rows, columns, 3): the picture, the heat blended over it, and the inner outline of the mask."""
    base = np.repeat(255.0 * np.clip(grey, 0, 1)[..., None], 3, axis=2)
    if heat is not None:
        rgba = HEAT_RGBA[heat_steps(heat)].astype(np.float32)
        alpha = opacity * rgba[..., 3:] / 255.0
        base = (1.0 - alpha) * base + alpha * rgba[..., :3]
    base[mask & ~ndimage.binary_erosion(mask, border_value=0)] = OUTLINE_RGB
    return np.asarray(np.rint(base), dtype=np.uint8)
