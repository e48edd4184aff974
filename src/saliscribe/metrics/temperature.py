"""Temperature scaling (Guo 2017): one number that makes the printed probabilities match the observed frequencies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

#: Temperatures outside this range mean that there is nothing to calibrate on.
LOWEST, HIGHEST = 0.05, 20.0


def fit_temperature(logits: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
    """Temperature T that minimises the negative log likelihood of ``softmax(logits / T)``.

    ``logits`` (n, classes), ``labels`` (n,) class indices, of patients the network was not trained on.
    Raises ValueError for an empty set.
    """
    if len(labels) == 0:
        raise ValueError("fit_temperature: expected at least one labelled slice, got none")
    rows = np.arange(len(labels))

    def loss(log_temperature: float) -> float:
        return float(-special.log_softmax(logits / np.exp(log_temperature), axis=1)[rows, labels].mean())

    found = optimize.minimize_scalar(loss, bounds=(np.log(LOWEST), np.log(HIGHEST)), method="bounded")
    return float(np.exp(found.x))
