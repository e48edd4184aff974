"""A study's cells on workers, one of which is killed: the tables of one process, no cell twice, none half."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from saliscribe.errors import InputError
from saliscribe.study.run_study import study

PLAN = """
[study]
data = "no/such/data"
phantoms = 12
methods = ["gradcam"]
rules = ["otsu"]
reference_rule = "otsu"
map_patients = 6
worst = 0
resamples = 100

[networks.random]
folder = "{folder}"

[trust]
enabled = false
"""


@pytest.fixture(scope="module")
def config(random_network: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "plan.toml"
    path.write_text(PLAN.format(folder=random_network), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plain(config: Path) -> Path:
    """The study as one process does it."""
    out = config.parent / "plain"
    study(config, out)
    return out


def tables(out: Path) -> dict[str, bytes]:
    """The tables' bytes, but costs, which are timings."""
    return {path.name: path.read_bytes() for path in (out / "tables").glob("*.csv") if path.stem != "costs"}


def test_cells_of_workers_make_the_tables_of_one_process_also_where_one_is_killed(
    workers: Any, config: Path, plain: Path, tmp_path: Path
) -> None:
    before = {worker.pid for worker in workers.workers.values()}
    told: list[str] = []

    def kill_at_the_first(line: str) -> None:
        told.append(line)
        if len(told) == 1:
            for pid in before:
                os.kill(pid, signal.SIGKILL)

    done = study(config, tmp_path, cluster=workers.scheduler_address, say=kill_at_the_first)
    computed = [line.removeprefix("computed ") for line in told if line.startswith("computed ")]
    assert len(computed) == len(set(computed)) == 3
    assert not before & {worker.pid for worker in workers.workers.values()}
    assert sorted(path.name for path in (tmp_path / "cells").glob("*.csv")) == sorted(
        path.name for path in (plain / "cells").glob("*.csv")
    )
    assert (done.computed, done.kept) == (len(told), 0)
    assert tables(tmp_path) == tables(plain)


def test_a_cell_that_fails_is_told_and_the_others_are_kept(
    workers: Any, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from saliscribe.study import cells_on_cluster

    real = cells_on_cluster.missing_cells

    def one_dies(*arguments: Any) -> Any:
        first, *rest = real(*arguments)
        return [cells_on_cluster.Cell(first.name, first.path, lambda: os.kill(os.getpid(), 9)), *rest]  # type: ignore[arg-type, return-value]

    monkeypatch.setattr(cells_on_cluster, "missing_cells", one_dies)
    monkeypatch.setattr(workers.scheduler, "allowed_failures", 0)
    with pytest.raises(InputError, match=r"workers died of 1 cells.*got predictions/random/all"):
        study(config, tmp_path, cluster=workers.scheduler_address)
    assert len(list((tmp_path / "cells").glob("masks-*.csv"))) == 2
