"""Whether the controls stayed at chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from saliscribe.core.names import CLASSES


def control_statistics(controls: pd.DataFrame, shuffled: pd.DataFrame) -> dict[str, Any]:
    """Near-duplicates, and accuracies with true and with shuffled labels against the chance interval.

    ``shuffled`` are predictions of networks that were trained on shuffled labels; they must stay at chance.
    """
    if controls.empty:
        return {}
    counts = controls[~controls["control"].isin(["chance", "nearest neighbour"])]
    chance = controls.loc[controls["control"] == "chance", "value"].to_numpy(dtype=float)
    low, high = np.quantile(chance, (0.025, 0.975))
    found = []
    neighbour = controls[controls["control"] == "nearest neighbour"]
    for split, its in neighbour.groupby("split", sort=False):
        taught = its.loc[its["labels"] == "shuffled", "value"].to_numpy(dtype=float)
        found.append(
            {
                "split": str(split),
                "true": float(its.loc[its["labels"] == "true", "value"].iloc[0]),
                "shuffled_mean": float(taught.mean()),
                "shuffled_low": float(np.quantile(taught, 0.025)),
                "shuffled_high": float(np.quantile(taught, 0.975)),
                "at_chance": bool(low <= taught.mean() <= high),
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
        "networks": [
            {"network": str(name), "accuracy": value, "at_chance": bool(low <= value <= high)}
            for name, its in (shuffled.groupby("network", sort=False) if len(shuffled) else ())
            for value in [float((_told(its) == its["label"]).mean())]
        ],
    }


def _told(rows: pd.DataFrame) -> pd.Series:
    """The class with the largest logit."""
    columns = [f"logit_{name}" for name in CLASSES]
    return rows[columns].astype(float).idxmax(axis=1).str.removeprefix("logit_")
