"""Whether the controls stayed at chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def control_statistics(controls: pd.DataFrame) -> dict[str, Any]:
    """Near-duplicates, and accuracies with true and with shuffled labels against the chance interval."""
    if controls.empty:
        return {}
    counts = controls[~controls["control"].isin(["chance", "nearest neighbour"])]
    chance = controls.loc[controls["control"] == "chance", "value"].to_numpy(dtype=float)
    low, high = np.quantile(chance, (0.025, 0.975))
    found = []
    neighbour = controls[controls["control"] == "nearest neighbour"]
    for split, its in neighbour.groupby("split", sort=False):
        shuffled = its.loc[its["labels"] == "shuffled", "value"].to_numpy(dtype=float)
        found.append(
            {
                "split": str(split),
                "true": float(its.loc[its["labels"] == "true", "value"].iloc[0]),
                "shuffled_mean": float(shuffled.mean()),
                "shuffled_low": float(np.quantile(shuffled, 0.025)),
                "shuffled_high": float(np.quantile(shuffled, 0.975)),
                "at_chance": bool(low <= shuffled.mean() <= high),
            }
        )
    return {
        "counts": {str(row["control"]): int(row["value"]) for row in counts.to_dict("records")},
        "chance": {
            "mean": float(chance.mean()),
            "low": float(low),
            "high": float(high),
            "shuffles": len(chance),
        },
        "neighbour": found,
    }
