"""The cells that need a network, computed by Dask workers into the study's own folder of cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from saliscribe.batch.cluster import Cluster, open_cluster
from saliscribe.batch.sliding_window import run_on_workers
from saliscribe.batch.workplace import Workplace
from saliscribe.errors import InputError
from saliscribe.study.cell_store import CellStore, Rows, read_cell, write_cell
from saliscribe.study.choose_slices import StudyData
from saliscribe.study.find_networks import StudyNetwork
from saliscribe.study.score_cells import mask_cells, prediction_cells
from saliscribe.study.settings import StudyPlan
from saliscribe.study.trust_cells import trust_cells


@dataclass(frozen=True)
class Cell:
    """A cell that is not there yet."""

    name: str
    path: Path
    compute: Callable[[], Rows]


@dataclass
class MissingCells(CellStore):
    """A store that notes what is missing instead of computing it: an empty table stands in."""

    missing: list[Cell] = field(default_factory=list)

    def rows(self, name: str, key: Mapping[str, Any], compute: Callable[[], Rows]) -> pd.DataFrame:
        """The cell where it is there, else no rows."""
        path = self.path_of(name, key)
        if path.is_file():
            return read_cell(path)
        self.missing.append(Cell(name, path, compute))
        return pd.DataFrame()


def compute_on_cluster(
    plan: StudyPlan, data: StudyData, networks: list[StudyNetwork], store: CellStore, cluster: Cluster
) -> int:
    """Compute what is missing of predictions, masks and trust; returns how many cells that were.

    The other cells are left to the caller: costs are timings, which neighbours would spoil. A cell that fails or kills
    its workers does not keep the rest from being computed.

    Raises:
        InputError: workers died of cells. What a cell raised is raised once all others are done.
    """
    cells = missing_cells(plan, data, networks, store.folder)
    if not cells:
        return 0
    failed: dict[str, BaseException] = {}
    with open_cluster(cluster) as client:
        for cell, error in run_on_workers(client, partial(_compute, workplace=Workplace()), cells):
            if error is None:
                store.say(f"computed {cell.name}")
            else:
                failed[cell.name] = error
    _complain(failed)
    return len(cells)


def missing_cells(plan: StudyPlan, data: StudyData, networks: list[StudyNetwork], folder: Path) -> list[Cell]:
    """What is not in ``folder``, network by network."""
    store = MissingCells(folder)
    for network in networks:
        if network.trained:
            prediction_cells(network, data, store)
        if network.folds and not network.plan.shuffled_labels:
            mask_cells(network, data, plan, store)
            if plan.trust.enabled:
                trust_cells(network, data, plan, store)
    return store.missing


def _compute(cell: Cell, workplace: Workplace) -> None:
    workplace.enter()
    write_cell(cell.path, cell.compute)


def _complain(failed: Mapping[str, BaseException]) -> None:
    from distributed import KilledWorker

    for error in failed.values():
        if not isinstance(error, KilledWorker):
            raise error
    if failed:
        raise InputError(
            f"workers died of {len(failed)} cells (out of memory?)",
            got=", ".join(failed),
            do="give the workers more memory and run again: all other cells are kept",
        )
