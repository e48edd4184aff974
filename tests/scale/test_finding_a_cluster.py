"""What ``--cluster`` means, and the one line where it means nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from saliscribe.batch.cluster import Cluster, find_cluster
from saliscribe.batch.path_table import unfold_tables
from saliscribe.batch.workplace import Workplace
from saliscribe.cli.main import run
from saliscribe.errors import InputError, MissingError

EXPLAIN = ["explain", "x.png", "-o", "out"]


@pytest.mark.parametrize(("where", "need"), [("local:2", "distributed"), ("slurm:2", "dask_jobqueue")])
def test_without_the_extra_it_is_one_line_and_4(
    where: str, need: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, need, None)
    assert run([*EXPLAIN, "--cluster", where]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert line == f"error: --cluster needs {need}; to do: pip install 'saliscribe[cluster]'"


@pytest.mark.parametrize("where", ["local", "local:0", "slurm", "moon", "nowhere.json", ""])
def test_a_wrong_spelling_is_one_line_and_2(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("distributed", reason="the extra saliscribe[cluster] is not installed")
    assert run([*EXPLAIN, "--cluster", where]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert "expected local:N, slurm:N, pbs:N" in line


def test_processes_of_two_kinds_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*EXPLAIN, "--jobs", "2", "--cluster", "local:2"]) == 2
    assert "exclude each other" in capsys.readouterr().err


def test_what_is_meant(tmp_path: Path) -> None:
    pytest.importorskip("dask_jobqueue", reason="the extra saliscribe[cluster] is not installed")
    assert find_cluster("local:3") == Cluster("local", 3)
    assert find_cluster("pbs:12") == Cluster("pbs", 12)
    assert find_cluster("tcp://10.0.0.1:8786") == Cluster("address", place="tcp://10.0.0.1:8786")
    assert find_cluster("head-node:8786") == Cluster("address", place="head-node:8786")
    scheduler = tmp_path / "scheduler.json"
    scheduler.write_text(json.dumps({"address": "tcp://10.0.0.1:8786"}))
    assert find_cluster(str(scheduler)) == Cluster("file", place=str(scheduler))


def test_a_scheduler_that_is_not_there_is_one_line_and_4(
    random_network: Path, phantoms: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed", reason="the extra saliscribe[cluster] is not installed")
    import dask

    command = ["explain", str(phantoms[0]), "-o", str(tmp_path / "out"), "--model", str(random_network)]
    with dask.config.set({"distributed.comm.timeouts.connect": "500ms"}):
        assert run([*command, "--cluster", "127.0.0.1:9"]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert "127.0.0.1:9: no Dask scheduler answers" in line


def test_workers_without_saliscribe_are_one_line_and_4(
    workers: Any, random_network: Path, phantoms: list[Path], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("saliscribe.__name__", "no_such_package")
    command = ["explain", str(phantoms[0]), "-o", str(tmp_path / "out"), "--model", str(random_network)]
    assert run([*command, "--cluster", workers.scheduler_address]) == 4
    [line] = capsys.readouterr().err.splitlines()
    assert "a Dask worker has no saliscribe" in line


def test_jobs_of_a_queue_have_one_process_for_each_core(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("dask_jobqueue", reason="the extra saliscribe[cluster] is not installed")
    import dask

    from saliscribe.batch.cluster import _queue
    from saliscribe.errors import UsageError

    with pytest.raises(UsageError, match=r"jobqueue\.yaml"):
        _queue("slurm")
    for kind, line in (("slurm", "#SBATCH --cpus-per-task=8"), ("pbs", "#PBS -l select=1:ncpus=8")):
        settings = {f"jobqueue.{kind}.cores": 8, f"jobqueue.{kind}.memory": "16GB"}
        with dask.config.set(settings), _queue(kind) as cluster:
            script = cluster.job_script()
        assert line in script
        assert "--nthreads 1" in script
        assert "--nworkers 8" in script
        assert "export MALLOC_TRIM_THRESHOLD_" in script


def test_a_worker_of_another_version_refuses() -> None:
    with pytest.raises(MissingError, match=r"a worker runs another saliscribe; expected 0\.0\.0"):
        Workplace(version="0.0.0").enter()


def test_a_table_stands_for_the_paths_in_it(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    for name in ("a.png", "images/b.png"):
        (tmp_path / name).touch()
    table = tmp_path / "list.CSV"
    table.write_text("﻿id,FILE\n1,a.png\n2,b.png\n3,\n4,/data/c.dcm\n5,gone.png\n", encoding="utf-8")
    assert list(unfold_tables(["x.png", str(table), "y"])) == [
        "x.png",
        str(tmp_path / "a.png"),
        str(tmp_path / "images/b.png"),
        "/data/c.dcm",
        str(tmp_path / "gone.png"),
        "y",
    ]
    table.write_text("id,where\n1,a.png\n")
    with pytest.raises(InputError, match="expected path or file; got id, where"):
        list(unfold_tables([str(table)]))
    table.write_bytes(b"file\n\xff\xfe\n")
    with pytest.raises(InputError, match="UTF-8"):
        list(unfold_tables([str(table)]))
