"""The verb ``study``: plan -> cells -> tables -> statistics -> page."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from saliscribe.batch.cluster import find_cluster
from saliscribe.io.encode import json_bytes
from saliscribe.pipeline.info import library_versions
from saliscribe.study.cell_store import CellStore
from saliscribe.study.cells_on_cluster import compute_on_cluster
from saliscribe.study.choose_slices import StudyData, choose_slices
from saliscribe.study.control_cells import control_cell
from saliscribe.study.cost_cells import cost_cell
from saliscribe.study.find_networks import StudyNetwork, find_networks
from saliscribe.study.from_tables import PICTURES, PLAN, TABLES, Study, from_tables
from saliscribe.study.report_cells import report_cells
from saliscribe.study.score_cells import check_table, mask_cells, prediction_cells, tidy_maps, tidy_masks
from saliscribe.study.settings import StudyPlan, facts_sha256, load_plan, plan_facts
from saliscribe.study.statistics import own_predictions
from saliscribe.study.tables import read_tables, write_tables
from saliscribe.study.trust_cells import trust_cells
from saliscribe.study.worst_cases import worst_cases
from saliscribe.study.worst_pictures import write_pictures


def study(
    config: str | Path,
    out: str | Path,
    *,
    cells: str | Path | None = None,
    networks: dict[str, str] | None = None,
    map_patients: int | None = None,
    cluster: str | None = None,
    say: Callable[[str], None] | None = None,
) -> Study:
    """Run the whole comparison of a TOML file, or what is missing of it, and write tables and page to ``out``.

    ``cells`` is where finished cells are kept (default ``out/cells``); ``networks`` gives networks of the plan another
    folder by name, ``map_patients`` another number of patients whose maps are made. ``cluster`` has Dask workers, as
    in ``explain``, compute the cells that need a network. The plan is hashed and written before any network is opened.

    Raises:
        UsageError, InputError: the plan, the data or a network cannot be used.
    """
    workers = None if cluster is None else find_cluster(cluster)
    tell = say or (lambda line: None)
    folder = Path(out)
    store = CellStore(Path(cells) if cells else folder / "cells", tell)
    plan = load_plan(Path(config), networks, map_patients)
    data = choose_slices(plan, store.folder)
    note_plan(plan, data, folder, cells_before=len(list(store.folder.glob("*-????????????????.csv"))))
    found = find_networks(plan, data, store.folder)
    made = 0 if workers is None else compute_on_cluster(plan, data, found, store, workers)
    tables = make_tables(plan, data, found, store)
    write_tables(tables, folder / TABLES)
    if plan.pictures:
        said = own_predictions(read_tables(folder / TABLES))
        write_pictures(worst_cases(said, plan), data, found, store, folder / PICTURES)
    done = from_tables(folder)
    return Study(done.folder, done.page, done.statistics, made + store.computed, store.kept - made)


def note_plan(plan: StudyPlan, data: StudyData, folder: Path, cells_before: int) -> None:
    """Write the plan and its hash, and what was known already: finished cells, tables of predictions.

    Another plan in the folder stays on record, with the time of its hash.
    """
    folder.mkdir(parents=True, exist_ok=True)
    facts = plan_facts(plan, data.sha256)
    path = folder / PLAN
    noted: dict[str, Any] = {
        "sha256": facts_sha256(facts),
        "hashed_at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "facts": facts,
        "plan": portable(plan).model_dump(mode="json"),
        "data": {"name": data.name, "synthetic": data.synthetic, "slices": len(data.slices),
                 "patients": len({one.patient for one in data.slices}), "map_slices": len(data.map_slices)},
        "libraries": {name: version for name, version in library_versions().items() if version},
        "cells_before": cells_before,
        "predictions_before": [name for name, one in plan.networks.items() if one.table],
        "earlier": [],
    }  # fmt: skip
    if path.is_file():
        before = json.loads(path.read_text(encoding="utf-8"))
        if before["sha256"] == noted["sha256"]:
            return
        noted["earlier"] = [
            *before["earlier"], {"sha256": before["sha256"], "hashed_at": before["hashed_at"]}
        ]  # fmt: skip
    path.write_bytes(json_bytes(noted))


def portable(plan: StudyPlan) -> StudyPlan:
    """The plan without anybody's folders."""
    networks = {
        name: one.model_copy(
            update={
                "folder": one.folder and Path(one.folder).name,
                "table": one.table and Path(one.table).name,
            }
        )
        for name, one in plan.networks.items()
    }
    kept = tuple(
        one.model_copy(update={"drafts": Path(one.drafts).name, "findings": Path(one.findings).name})
        for one in plan.reports.kept
    )
    reports = plan.reports.model_copy(
        update={"folders": tuple(Path(one).name for one in plan.reports.folders), "kept": kept}
    )
    return plan.model_copy(update={"networks": networks, "reports": reports})


def make_tables(
    plan: StudyPlan, data: StudyData, networks: list[StudyNetwork], store: CellStore
) -> dict[str, pd.DataFrame]:
    """Every table of the study, from its cells."""
    said, masks, maps, trust, sanity, costs = [], [], [], [], [], []
    for network in networks:
        if not network.trained:
            continue
        said.append(prediction_cells(network, data, store))
        if network.folds and not network.plan.shuffled_labels:
            found = mask_cells(network, data, plan, store)
            check_table(said[-1], found["beside"], network)
            costs.append(cost_cell(network, store))
            masks.append(tidy_masks(found, plan.methods, plan.rules))
            maps.append(tidy_maps(found, plan.methods))
            if plan.trust.enabled:
                tried = trust_cells(network, data, plan, store)
                trust.append(tried[0])
                sanity.append(tried[1])
    return {
        "networks": pd.DataFrame(_network_rows(networks)),
        "predictions": _stacked(said),
        "masks": _stacked(masks),
        "maps": _stacked(maps),
        "trust": _stacked(trust),
        "sanity": _stacked(sanity),
        "costs": _stacked(costs),
        "reports": _stacked(report_cells(networks, data, plan, store)),
        "controls": control_cell(data, store),
    }


def _network_rows(networks: list[StudyNetwork]) -> list[dict[str, Any]]:
    return [
        {
            "network": one.name,
            "backbone": one.plan.backbone,
            "heads": "two" if one.plan.mask_head else "one",
            "trained": one.trained,
            "folds": len(one.folds),
            "training": "; ".join(dict.fromkeys(fold.training for fold in one.folds)),
            "table": one.plan.table is not None,
            "weights": " ".join(fold.weights_sha256[:12] for fold in one.folds),
            "shuffled_labels": one.plan.shuffled_labels,
            "note": one.why,
        }
        for one in networks
    ]


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()
