"""A rough brain region of one head slice, in any plane, without a network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

#: The work is done on a grid whose longer side is about this many pixels: the region is rough anyway.
WORK_SIZE = 64
#: Brain-like brightness, as multiples of the typical one, and the largest local spread of even tissue.
DARKEST, BRIGHTEST, EVENNESS = 0.6, 1.8, 0.33
#: Erosions that are tried, as shares of the head's width, and how much a larger region counts against a less solid one.
CORE_SHARES, SIZE_POWER = (0.015, 0.03, 0.045, 0.06, 0.08, 0.1), 0.5
#: Other parts of the core that count as brain, as a share of the largest part's weight.
PART_SHARE = 0.15
#: Growth of the hull and rim of the head that is scalp, as shares of the head's width.
GROW, RIM = 0.04, 0.015
#: Where the picture shows the neck: brain ends this many head widths below the vertex.
NECK_LIMIT = 0.85


def brain_mask(grey: NDArray) -> NDArray[np.bool_]:
    """The intracranial region of a skull-on (or skull-stripped) T1 slice, (rows, columns) in, the same out.

    1. Head: above a fraction of the Otsu threshold, closed, filled, largest component.
    2. Tissue: pixels of brain-like brightness (around the median of the head's middle), so that dark skull
       and bright scalp part the brain from the rest.
    3. Core: the tissue is eroded step by step until its best component (large, deep in the head, high in
       the picture) is convex enough not to contain face or neck.
    4. Region: the core's convex hull, grown back, kept inside the head: tumours at the skull, at the sella and
       in dark or bright tissue stay inside.

    All False where there is no head. Rough: a few per cent of skull base and orbit are left in.
    """
    small, step = _shrink(np.asarray(grey, dtype=np.float32))
    head = head_mask(small)
    if not head.any():
        return np.zeros(grey.shape, dtype=bool)
    region = _region(small, head)
    return _enlarge(region, step, (int(grey.shape[0]), int(grey.shape[1])))


def head_mask(grey: NDArray) -> NDArray[np.bool_]:
    """The head against air: largest filled component above a third of the Otsu threshold."""
    grey = np.asarray(grey, dtype=np.float32)
    if grey.size == 0 or float(grey.max()) <= float(grey.min()):
        return np.zeros(grey.shape, dtype=bool)
    low = float(np.quantile(grey, 0.02))
    threshold = low + 0.4 * (otsu_threshold(grey) - low)
    smooth = ndimage.uniform_filter(grey, 3)
    rough = ndimage.binary_opening(smooth > threshold, iterations=1)
    filled = ndimage.binary_fill_holes(ndimage.binary_closing(np.pad(rough, 4), iterations=3))[4:-4, 4:-4]
    return _largest(filled)


def _region(grey: NDArray[np.float32], head: NDArray[np.bool_]) -> NDArray[np.bool_]:
    depth = _depth(head)
    width = _width(head)
    typical = _typical_brightness(grey, head, depth)
    even = _local_spread(grey) < EVENNESS * typical
    tissue = head & even & (grey > DARKEST * typical) & (grey < BRIGHTEST * typical)
    allowed = _above_the_neck(head)
    tissue = _median(tissue & allowed)
    inner = _depth(tissue)
    rows = np.linspace(1.0, 0.2, grey.shape[0], dtype=np.float32)[:, None]
    best, best_score = head & allowed, -1.0
    for share in CORE_SHARES:
        core = _brain_parts(inner > share * width, depth * rows)
        if not core.any():
            break
        back = _within(core, share * width)
        hull = convex_hull(back)
        score = float((back & tissue).sum()) / float(hull.sum()) * float((hull & allowed).sum()) ** SIZE_POWER
        if score > best_score:
            best, best_score = hull, score
    return _within(best, GROW * width) & head & (depth > RIM * width)


def _above_the_neck(head: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows that can hold brain: all, unless the head runs out of the picture at the bottom (face and neck)."""
    rows = np.flatnonzero(head.any(axis=1))
    allowed = np.ones(head.shape, dtype=bool)
    height = rows[-1] - rows[0] + 1
    widths = head.sum(axis=1)
    if rows[-1] >= head.shape[0] - 2 and widths[rows[-1]] > 0.4 * widths.max():
        widest = float(widths[rows[0] : rows[0] + max(1, int(0.6 * height))].max())
        allowed[rows[0] + int(NECK_LIMIT * widest) :] = False
    return allowed


def _width(head: NDArray[np.bool_]) -> float:
    """Side of a square with the head's area, but no more than the head's smaller extent."""
    rows, columns = np.nonzero(head)
    return float(min(np.ptp(rows) + 1, np.ptp(columns) + 1))


def _typical_brightness(grey: NDArray, head: NDArray[np.bool_], depth: NDArray) -> float:
    """Brightness of brain: the median of the deeper part of the upper two thirds of the head."""
    rows = np.nonzero(head.any(axis=1))[0]
    upper = np.zeros_like(head)
    upper[rows[0] : rows[0] + max(1, int(0.6 * (rows[-1] - rows[0] + 1)))] = True
    deep = head & upper & (depth > 0.4 * depth[upper].max(initial=0.0))
    return float(np.median(grey[deep])) if deep.any() else float(np.median(grey[head]))


def _brain_parts(mask: NDArray[np.bool_], weight: NDArray) -> NDArray[np.bool_]:
    """The component that is largest where ``weight`` is, with others that have a good share of its weight."""
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    sums = np.bincount(labels.ravel(), weights=np.asarray(weight).ravel(), minlength=count + 1)
    sums[0] = 0.0
    keep = sums >= PART_SHARE * sums.max()
    keep[0] = False
    return np.asarray(keep[labels])


def convex_hull(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Pixels whose centre lies inside the convex hull of the pixel centres of ``mask``."""
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    every = np.arange(rows[0], rows[-1] + 1)
    left = np.interp(every, *_lower_chain(rows, first))
    right = -np.interp(every, *_lower_chain(rows, -last))
    columns = np.arange(mask.shape[1])
    hull = np.zeros_like(mask)
    hull[every] = (columns >= left[:, None] - 1e-9) & (columns <= right[:, None] + 1e-9)
    return hull


def _lower_chain(x: NDArray, y: NDArray) -> tuple[list[float], list[float]]:
    """The lower convex chain of points with rising ``x`` (Andrew's monotone chain)."""
    chain: list[tuple[float, float]] = []
    for point in zip(x.tolist(), y.tolist(), strict=True):
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return [point[0] for point in chain], [point[1] for point in chain]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _depth(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Distance in pixels to the nearest pixel outside ``mask``; beyond the picture counts as outside."""
    return np.asarray(ndimage.distance_transform_edt(np.pad(mask, 1))[1:-1, 1:-1], dtype=np.float32)


def _within(mask: NDArray[np.bool_], radius: float) -> NDArray[np.bool_]:
    return np.asarray(ndimage.distance_transform_edt(~mask) <= radius)


def _local_spread(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation in a 3x3 neighbourhood."""
    mean = ndimage.uniform_filter(grey, 3)
    return np.sqrt(np.maximum(ndimage.uniform_filter(grey * grey, 3) - mean * mean, 0.0))


def _median(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Majority of each 3x3 neighbourhood."""
    return np.asarray(ndimage.uniform_filter(mask.astype(np.float32), 3) > 0.5)


def otsu_threshold(values: NDArray, bins: int = 256) -> float:
    """The threshold with the largest between-class variance (Otsu 1979); the middle of the best bin."""
    counts, edges = np.histogram(values, bins=bins)
    middles = 0.5 * (edges[:-1] + edges[1:])
    below, above = np.cumsum(counts), np.cumsum(counts[::-1])[::-1]
    mean_below = np.cumsum(counts * middles) / np.maximum(below, 1)
    mean_above = np.cumsum((counts * middles)[::-1])[::-1] / np.maximum(above, 1)
    between = below[:-1].astype(float) * above[1:] * (mean_below[:-1] - mean_above[1:]) ** 2
    return float(middles[int(np.argmax(between))])


def _largest(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    labels, count = ndimage.label(mask)
    if count == 0:
        return mask
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    return labels == int(np.argmax(sizes))


def _shrink(grey: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
    step = max(1, round(max(grey.shape) / WORK_SIZE))
    if step == 1:
        return grey, 1
    rows, columns = (-(-side // step) for side in grey.shape)
    padded = np.pad(
        grey, ((0, rows * step - grey.shape[0]), (0, columns * step - grey.shape[1])), mode="edge"
    )
    return padded.reshape(rows, step, columns, step).mean(axis=(1, 3), dtype=np.float32), step


def _enlarge(mask: NDArray[np.bool_], step: int, shape: tuple[int, int]) -> NDArray[np.bool_]:
    if step == 1:
        return mask
    large = np.repeat(np.repeat(mask, step, 0), step, 1)[: shape[0], : shape[1]]
    return ndimage.uniform_filter(large.astype(np.float32), step + 1) > 0.5
