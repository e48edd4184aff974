"""Do edges run alike in picture and template: what a flat disc, however well its outline fits, cannot show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

#: Slopes below this part of the template's root mean square count as flat.
FLAT_SLOPE = 0.25


def edge_agreement(picture: NDArray, template: NDArray, weight: NDArray) -> float:
    """Mean cosine of the angle between two gradient fields, less where either is flat; 0 for a flat picture.

    A normalised gradient field (Haber and Modersitzki 2006), with its sign: light must be light where the template is.

    Args:
        picture, template: (2, N) change of the value per pixel, in the same units.
        weight: (N,).

    Returns:
        1 where all slopes are steep and point the same way, about 0 by chance, -1 where they are opposite.
    """
    total = float(weight.sum())
    if total <= 0:
        return 0.0
    steep, own = (template**2).sum(axis=0), (picture**2).sum(axis=0)
    flat = FLAT_SLOPE**2 * float((weight * steep).sum()) / total
    if flat <= 0:
        return 0.0
    cosine = (picture * template).sum(axis=0) / np.sqrt((own + flat) * (steep + flat))
    return float((weight * cosine).sum()) / total
