"""Screenshots carry burned-in text (names, dates, scales); find lines of letters on a flat ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Least number of letters in one line.
_LETTERS = 4
_MAX_SIDE = 1024


@dataclass(frozen=True)
class _Glyph:
    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


def burned_text(picture: NDArray[np.float32]) -> str | None:
    """A warning when a (rows, columns) picture holds lines of letters, else None.

    A letter is a small bright island on ground that is flat around it; a line is four or more of like
    height, side by side on one base line. Letters drawn over tissue are not found.
    """
    step = -(-max(picture.shape) // (2 * _MAX_SIDE))
    small = picture[::step, ::step]
    low, high = float(small.min()), float(small.max())
    scaled = (small - low) / (high - low)
    lines = _lines(_glyphs(scaled))
    if not lines:
        return None
    letters = sum(len(line) for line in lines)
    return (
        f"text seems to be burned into the picture ({letters} letter-like marks in {len(lines)} line"
        f"{'s' if len(lines) > 1 else ''}): it may name the patient, "
        "and the networks have not learned from such pictures"
    )


def _glyphs(scaled: NDArray[np.float32]) -> list[_Glyph]:
    bright = scaled > 0.45
    if not bright.any():
        return []
    from scipy import ndimage

    labels, count = ndimage.label(bright, structure=np.ones((3, 3)))
    if count > 20_000:
        return []
    rows, columns = scaled.shape
    tallest = max(8, min(rows, columns) // 10)
    glyphs = []
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        glyph = _Glyph(box[0].start, box[0].stop, box[1].start, box[1].stop)
        width = glyph.right - glyph.left
        if not 5 <= glyph.height <= tallest or not 1 <= width <= 2 * glyph.height:
            continue
        if _on_flat_ground(scaled, labels, number, glyph):
            glyphs.append(glyph)
    return glyphs


def _on_flat_ground(scaled: NDArray[np.float32], labels: NDArray, number: int, glyph: _Glyph) -> bool:
    """All that surrounds the island, other letters aside, has one value (a blurred rim is allowed)."""
    rows, columns = scaled.shape
    margin = 3
    window = np.s_[
        max(0, glyph.top - margin) : min(rows, glyph.bottom + margin),
        max(0, glyph.left - margin) : min(columns, glyph.right + margin),
    ]
    ground = scaled[window][labels[window] == 0]
    flat = np.abs(ground - np.median(ground)) < 0.05 if ground.size else np.zeros(1, bool)
    return bool(flat.mean() > 0.65)


def _lines(glyphs: list[_Glyph]) -> list[list[_Glyph]]:
    lines: list[list[_Glyph]] = []
    for glyph in sorted(glyphs, key=lambda item: item.left):
        for line in lines:
            last = line[-1]
            like = 0.5 <= glyph.height / last.height <= 2.0
            level = abs(glyph.bottom - last.bottom) <= 0.35 * max(glyph.height, last.height)
            near = glyph.left - last.right <= 1.2 * max(glyph.height, last.height)
            if like and level and near:
                line.append(glyph)
                break
        else:
            lines.append([glyph])
    return [line for line in lines if len(line) >= _LETTERS]
