"""How large a paired difference is, by patient."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats


def cohens_dz(differences: NDArray[np.floating]) -> float | None:
    """Mean over standard deviation of patients' differences (Cohen 1988, d_z); ``None`` where they do not vary."""
    values = np.asarray(differences, dtype=np.float64)
    spread = float(values.std(ddof=1)) if values.size > 1 else 0.0
    return float(values.mean()) / spread if spread > 0 else None


def rank_biserial(differences: NDArray[np.floating]) -> float | None:
    """(W+ - W-) / (W+ + W-) of the signed ranks (Kerby 2014), -1 to 1; ``None`` where no patient differs."""
    values = np.asarray(differences, dtype=np.float64)
    values = values[values != 0]
    if values.size == 0:
        return None
    ranks = stats.rankdata(np.abs(values))
    return float((ranks * np.sign(values)).sum() / ranks.sum())
