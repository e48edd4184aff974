"""The cell of what a network costs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from saliscribe.batch.bench_worker import forget_peak, peak_mib, resident_mib
from saliscribe.models.cost import network_cost
from saliscribe.models.network import load_network
from saliscribe.study.cell_store import CellStore
from saliscribe.study.find_networks import StudyNetwork

FORMAT = 1


def cost_cell(network: StudyNetwork, store: CellStore) -> pd.DataFrame:
    """One row: parameters, GMAC, ms per image, MiB of the weights and MiB added by running one picture."""
    one = network.folds[0]

    def compute() -> list[dict[str, Any]]:
        loaded = load_network(one.folder, "auto", "float32")
        known = forget_peak()
        before = resident_mib()
        cost = network_cost(loaded)
        return [
            {"network": network.name, **asdict(cost), "added_mib": peak_mib() - before if known else None}
        ]

    return store.rows(
        f"costs/{network.name}", {"kind": "costs", "format": FORMAT, "weights": one.weights_sha256}, compute
    )
