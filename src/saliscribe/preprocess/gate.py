"""What an input that is no contrast-enhanced T1 brain slice gives away without a network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from saliscribe.preprocess.brain import head_mask

#: Limits, each set beyond the range that the labelled figshare slices show (see ``gate_measures``).
MIN_SIDE_PX = 64
MIN_HEAD_SHARE, MAX_HEAD_SHARE = 0.05, 0.97
MIN_BRAIN_SHARE_OF_HEAD = 0.12
MAX_CORNER_LEVEL = 0.35
MIN_SOLIDITY = 0.70
MAX_ELONGATION = 2.6
MAX_NOISE = 0.12
MIN_GREY_LEVELS = 24
MAX_SIDE_RATIO = 2.0


def gate_warnings(grey: NDArray, brain: NDArray[np.bool_]) -> tuple[str, ...]:
    """One line per reason to doubt that ``grey`` (rows, columns, in [0, 1]) is a contrast-enhanced T1 brain slice.

    Shape, border, noise and grey levels can be judged here. What cannot: whether contrast agent was given, which
    sequence it is, whether there is a tumour at all. No warning is no proof.
    """
    grey = np.asarray(grey, dtype=np.float32)
    if min(grey.shape) < MIN_SIDE_PX:
        return (f"the picture is only {grey.shape[0]} by {grey.shape[1]} pixels: too small to judge",)
    if float(grey.max()) - float(grey.min()) < 1e-6:
        return ("the picture is uniform: there is no head in it",)
    if is_inverted(grey):
        return ("the grey scale seems to be inverted: the border of the picture is brighter than its middle",)
    found = gate_measures(grey, brain)
    lines = [line for line, doubtful in _rules(found) if doubtful]
    return tuple(lines)


def gate_measures(grey: NDArray, brain: NDArray[np.bool_]) -> dict[str, float]:
    """The numbers that the gate looks at, each 0 to 1 unless said.

    ``head_share`` of the picture, ``brain_share`` of the head, ``corner_level`` (median brightness of the four corners
    over the head's), ``solidity`` (share of the head's row and column spans that is head), ``elongation``
    (longer over shorter
    side of the head, >= 1), ``noise`` (robust standard deviation of the finest detail inside the head), ``grey_levels``
    (count), ``side_ratio`` of the picture (>= 1).
    """
    head = head_mask(grey)
    inside = grey[head] if head.any() else grey.ravel()
    rows, columns = np.flatnonzero(head.any(axis=1)), np.flatnonzero(head.any(axis=0))
    tall, wide = (float(np.ptp(index)) + 1 if index.size else 1.0 for index in (rows, columns))
    level = max(float(np.median(inside)), 1e-6)
    return {
        "head_share": float(head.mean()),
        "brain_share": float((brain & head).sum()) / max(1, int(head.sum())),
        "corner_level": _corner_level(grey) / level,
        "solidity": _solidity(head),
        "elongation": max(tall, wide) / min(tall, wide),
        "noise": _noise(grey, head),
        "grey_levels": float(np.count_nonzero(np.bincount(np.round(inside * 255).astype(np.intp)))),
        "side_ratio": max(grey.shape) / min(grey.shape),
    }


def _rules(found: dict[str, float]) -> list[tuple[str, bool]]:
    return [
        (
            "the picture is nearly empty: too little of it is brighter than its background to be a head",
            found["head_share"] < MIN_HEAD_SHARE,
        ),
        (
            "the picture has no dark background around a head: a photograph, a cut-out or another kind of image",
            found["head_share"] > MAX_HEAD_SHARE or found["corner_level"] > MAX_CORNER_LEVEL,
        ),
        (
            "no brain region of the usual size was found inside the head",
            found["brain_share"] < MIN_BRAIN_SHARE_OF_HEAD,
        ),
        (
            "what stands out from the background does not look like a head",
            found["solidity"] < MIN_SOLIDITY or found["elongation"] > MAX_ELONGATION,
        ),
        ("the picture is very noisy", found["noise"] > MAX_NOISE),
        (
            "the picture has very few grey levels: a drawing, a mask or a screenshot",
            found["grey_levels"] < MIN_GREY_LEVELS,
        ),
        (
            "the picture is much longer than wide: several images side by side, or a strip",
            found["side_ratio"] > MAX_SIDE_RATIO,
        ),
    ]


def _corner_level(grey: NDArray[np.float32]) -> float:
    """The second darkest of the four corners' median brightness: text or a shoulder may lie in one or two of them."""
    side = max(4, min(grey.shape) // 16)
    corners = (grey[:side, :side], grey[:side, -side:], grey[-side:, :side], grey[-side:, -side:])
    return float(sorted(float(np.median(corner)) for corner in corners)[1])


def _solidity(head: NDArray[np.bool_]) -> float:
    """Share of the head's row and column spans that is head: 1 for any shape without notches, lower for
    scattered ones.
    """
    if not head.any():
        return 0.0
    spans = 0
    for picture in (head, head.T):
        lines = picture[picture.any(axis=1)]
        first, last = lines.argmax(axis=1), lines.shape[1] - 1 - lines[:, ::-1].argmax(axis=1)
        spans += int((last - first + 1).sum())
    return 2.0 * float(head.sum()) / spans


def _noise(grey: NDArray[np.float32], head: NDArray[np.bool_]) -> float:
    """Noise estimate of Immerkaer (1996): a Laplacian difference mask, made robust by the median (1.4826 MAD / 6)."""
    kernel = np.array([[1.0, -2.0, 1.0], [-2.0, 4.0, -2.0], [1.0, -2.0, 1.0]], dtype=np.float32)
    detail = ndimage.convolve(grey, kernel)
    values = detail[head] if head.any() else detail.ravel()
    return 1.4826 * float(np.median(np.abs(values))) / 6.0


def is_inverted(grey: NDArray) -> bool:
    """True where the border of the picture is brighter than its middle: air must be dark in T1."""
    grey = np.asarray(grey, dtype=np.float32)
    return _corner_level(grey) > float(np.median(grey[grey.shape[0] // 4 : -grey.shape[0] // 4]))
