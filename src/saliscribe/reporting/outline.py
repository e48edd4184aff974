"""The outline of a mask as SVG path data."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Point = tuple[int, int]


def outline_path(mask: NDArray[np.bool_]) -> str:
    """SVG path data of a mask's outline, pixel (row r, column c) covering x in [c, c+1] and y in [r, r+1].

    Every corner is cut through the middles of the two pixel edges that meet there, which is the contour at 0.5
    of marching squares; pixels that touch at a corner only are kept apart, and holes have outlines of their own.
    """
    following = _following(np.pad(np.asarray(mask, dtype=bool), 1))
    parts = []
    while following:
        start = here = next(iter(following))
        steps = []
        while True:
            steps.append(f"{(here[1] - 2) / 2:.1f},{(here[0] - 2) / 2:.1f}")
            here = following.pop(here)
            if here == start:
                break
        parts.append(f"M{' '.join(steps)}Z")
    return "".join(parts)


def _following(inside: NDArray[np.bool_]) -> dict[Point, Point]:
    """From the middle of every pixel edge on the outline to the next one, the mask on the right.

    Points are (row, column) in half pixels, pixel (r, c) covering 2r to 2r + 2. Around each corner of four pixels
    the outline enters by the edge where, going round, the mask begins, and leaves by the edge where it ends.
    """
    a, b, c, d = inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]
    following: dict[Point, Point] = {}
    for row, column in np.argwhere((a != b) | (b != c) | (c != d)):
        ring = (a[row, column], b[row, column], c[row, column], d[row, column])
        centre = (2 * int(row) + 2, 2 * int(column) + 2)
        # Edge k lies between pixel k and the next one, going clockwise from the upper left pixel.
        edges = tuple((centre[0] + dr, centre[1] + dc) for dr, dc in ((-1, 0), (0, 1), (1, 0), (0, -1)))
        for begin in range(4):
            if not ring[begin] and ring[(begin + 1) % 4]:
                end = begin + 1
                while ring[(end + 1) % 4]:
                    end += 1
                following[edges[begin]] = edges[end % 4]
    return following
