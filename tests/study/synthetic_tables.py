"""Tables of an imaginary study, made by rule: figures can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

CLASSES = ("glioma", "meningioma", "pituitary")


def predictions(networks: dict[str, float], patients: int = 30, seed: int = 0) -> pd.DataFrame:
    """Logits of ``networks`` (name -> share of right answers) on two slices a patient, in three folds."""
    rng = np.random.default_rng(seed)
    rows = []
    for name, right in networks.items():
        for at in range(2 * patients):
            patient, label = at // 2, CLASSES[(at // 2) % 3]
            told = label if rng.random() < right else CLASSES[(CLASSES.index(label) + 1) % 3]
            logits = {f"logit_{one}": float(2.0 * (one == told) + rng.normal(0, 0.1)) for one in CLASSES}
            rows.append(
                {
                    "network": name, "file": f"{at:03d}.png", "patient": f"P{patient}", "fold": 1 + patient % 3,
                    "plane": "axial", "label": label, "true_area_px": 100 + at, **logits,
                    **{f"p_{one}": 1 / 3 for one in CLASSES}, "dice": 0.5, "iou": 1 / 3,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def masks(means: dict[tuple[str, str], float], patients: int = 30, seed: int = 1) -> pd.DataFrame:
    """Overlap of mask sources and rules: one slice a patient, Dice ``means`` plus the same noise of each patient."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 0.05, patients)
    own = {key: rng.normal(0, 0.01, patients) for key in means}
    rows = [
        {
            "network": "net", "file": f"{at:03d}.png", "patient": f"P{at}", "fold": 1 + at % 3, "plane": "axial",
            "label": CLASSES[at % 3], "true_area_px": 100 + at, "source": source, "rule": rule,
            "dice": float(mean + noise[at] + own[source, rule][at]), "iou": float(mean / 2),
            "hd95_mm": None if at == 0 else 10.0,
        }
        for (source, rule), mean in means.items()
        for at in range(patients)
    ]  # fmt: skip
    return pd.DataFrame(rows)
