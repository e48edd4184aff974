"""Workers are killed, by the system or by an input: nothing is lost, nothing is made twice, the rest goes on."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import saliscribe
from saliscribe.anatomy.phantom import write_phantoms
from saliscribe.batch.outcome import Outcome, exit_code
from saliscribe.batch.workplace import Workplace
from saliscribe.cli.main import run
from saliscribe.errors import MissingError

SLICES = 6


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_phantoms(tmp_path_factory.mktemp("slices"), SLICES, seed=11)


@pytest.fixture(scope="module")
def plain(slices: list[Path], random_network: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of the slices."""
    out = tmp_path_factory.mktemp("plain")
    saliscribe.explain(slices, out, model=str(random_network))
    return out


def contents(out: Path) -> dict[str, dict[str, Any]]:
    """Every file's bytes by folder, but of the manifest all but the timings."""
    found: dict[str, dict[str, Any]] = {}
    for folder in out.iterdir():
        if not folder.name.startswith("."):
            found[folder.name] = {path.name: path.read_bytes() for path in folder.iterdir()}
            manifest = json.loads(found[folder.name]["manifest.json"])
            del manifest["timings"]
            found[folder.name]["manifest.json"] = manifest
    return found


@contextlib.contextmanager
def in_every_worker(cluster: Any, plugin: Any) -> Iterator[None]:
    """``plugin`` in the workers of now and in those that take a dead one's place."""
    from distributed import Client

    with Client(cluster) as client:
        client.register_plugin(plugin, name="planted")
        try:
            yield
        finally:
            client.unregister_worker_plugin("planted")


def planted(write_log: Path | None = None, poison: str | None = None) -> Any:
    """A plugin that notes every result folder written, and that dies of one input, as of too large a picture."""
    from distributed import WorkerPlugin

    class Planted(WorkerPlugin):  # type: ignore[misc]
        def setup(self, worker: Any) -> None:
            from saliscribe.batch import compute_job

            self.real = real = compute_job.write_run

            def noted(out: Path, *rest: Any) -> Path:
                if out.name == poison:
                    os.kill(os.getpid(), signal.SIGKILL)
                path = real(out, *rest)
                if write_log is not None:
                    with write_log.open("a") as stream:
                        stream.write(f"{out.name}\n")
                return path

            compute_job.write_run = noted

        def teardown(self, worker: Any) -> None:
            from saliscribe.batch import compute_job

            compute_job.write_run = self.real

    return Planted()


def test_a_worker_killed_half_way_loses_nothing_and_nothing_is_made_twice(
    workers: Any, slices: list[Path], plain: Path, random_network: Path, tmp_path: Path
) -> None:
    before = {worker.pid for worker in workers.workers.values()}
    seen: list[Outcome] = []

    def kill_at_the_second(outcome: Outcome) -> None:
        seen.append(outcome)
        if len(seen) == 2:
            # Both are busy: four slices have been handed out or wait.
            os.kill(min(before), signal.SIGKILL)

    log = tmp_path / "written.txt"
    with in_every_worker(workers, planted(write_log=log)):
        outcomes = saliscribe.explain(
            slices,
            tmp_path / "out",
            model=str(random_network),
            cluster=workers.scheduler_address,
            on_outcome=kill_at_the_second,
        )
    assert min(before) not in {worker.pid for worker in workers.workers.values()}
    assert [one.input for one in outcomes] == [str(path) for path in slices]
    assert sorted(seen, key=outcomes.index) == outcomes
    assert {one.status for one in outcomes} == {"ok"}
    written = log.read_text().split()
    assert len(set(written)) == len(written), "a result was made twice"
    found = contents(tmp_path / "out")
    assert len(found) == SLICES
    assert len({one["manifest.json"]["input"]["sha256"] for one in found.values()}) == SLICES
    assert found == contents(plain)


def test_an_input_that_kills_its_workers_is_given_up_and_the_rest_goes_on(
    workers: Any,
    slices: list[Path],
    plain: Path,
    random_network: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers.scheduler, "allowed_failures", 0)
    how = {"model": str(random_network), "cluster": workers.scheduler_address}
    with in_every_worker(workers, planted(poison=slices[0].stem)):
        outcomes = saliscribe.explain(slices[:3], tmp_path, **how)
    assert [one.status for one in outcomes] == ["error", "ok", "ok"]
    assert "a worker died of this input, with nothing else to do" in str(outcomes[0].error)
    assert exit_code(outcomes) == 3
    assert set(contents(tmp_path)) == {path.stem for path in slices[1:3]}
    again = saliscribe.explain(slices[:3], tmp_path, **how)
    assert [one.resumed for one in again] == [False, True, True]
    wanted = contents(plain)
    assert contents(tmp_path) == {path.stem: wanted[path.stem] for path in slices[:3]}


def test_the_command_takes_a_scheduler_file_and_a_table_of_relative_paths(
    workers: Any, slices: list[Path], plain: Path, random_network: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    from distributed import Client

    with Client(workers) as client:
        # As a scheduler writes it; ``client.write_scheduler_file`` fails once tasks have left their figures.
        known = {"type": "Scheduler", "address": client.scheduler.address, "workers": {}}
    (tmp_path / "scheduler.json").write_text(json.dumps(known))
    monkeypatch.chdir(slices[0].parent)
    names = [path.name for path in reversed(slices)]
    Path("table.csv").write_text("patient,Path\n" + "".join(f"P,{name}\n" for name in [*names, "gone.png"]))
    code = run(
        ["explain", "table.csv", "-o", str(plain), "--model", str(random_network), "--json",
         "--cluster", str(tmp_path / "scheduler.json")]
    )  # fmt: skip
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert code == 3
    found = {one["input"]: one for one in records}
    assert len(records) == len(found) == SLICES + 1
    assert "gone.png" in found.pop("gone.png")["error"]
    assert all(found[name]["resumed"] for name in names)


def test_a_worker_that_cannot_do_any_job_ends_the_call(
    workers: Any, slices: list[Path], random_network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "saliscribe.batch.explain_on_cluster.Workplace", lambda: Workplace(str(tmp_path / "nowhere"))
    )
    with pytest.raises(MissingError, match="a worker does not see the folder") as caught:
        saliscribe.explain(
            slices[:2], tmp_path / "out", model=str(random_network), cluster=workers.scheduler_address
        )
    assert caught.value.do
    assert not (tmp_path / "out").exists()
