"""Dask workers: of a scheduler that runs already, processes of this machine, or jobs of a queueing system."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import saliscribe
from saliscribe.errors import MissingError, UsageError

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
#: Queueing systems by name, as dask-jobqueue calls them; their settings are its YAML configuration.
QUEUES = {"slurm": "SLURMCluster", "pbs": "PBSCluster"}
SPELLINGS = "local:N, slurm:N, pbs:N, HOST:PORT, or the scheduler's JSON file"

#: Holds where the scheduler lives in this process. Only what runs is on a worker, everything else waits at the
#: scheduler; a task is tried on two workers before it is left for the end. Dask's trimming of memory switches off
#: glibc's own rule, and every array then costs page faults: a quarter of the processor time (docs/scale.md).
_OWN = {
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.allowed-failures": 1,
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}
#: The same for workers of a job, whose settings are not this process's.
_KEEP_MEMORY = "export MALLOC_TRIM_THRESHOLD_=33554432 MALLOC_MMAP_THRESHOLD_=33554432"
#: How often a queueing system is asked whether all jobs are there.
_ASK_AGAIN_S = 10.0
_STARTED = re.compile(rf"(?P<kind>{'|'.join((LOCAL, *QUEUES))}):(?P<count>[1-9]\d*)")
_ADDRESS = re.compile(r"(\w+://)?[^/\s]+:\d+")


@dataclass(frozen=True)
class Cluster:
    """Where workers are: ``count`` processes or jobs of ``kind`` to start, or a scheduler (``address``, ``file``)."""

    kind: str
    count: int = 0
    place: str = ""


def find_cluster(where: str) -> Cluster:
    """What ``where`` means.

    Raises:
        UsageError: not one of ``SPELLINGS``. MissingError: the extra ``cluster`` is not installed.
    """
    started = _STARTED.fullmatch(where)
    need = "dask_jobqueue" if started and started["kind"] in QUEUES else "distributed"
    if importlib.util.find_spec(need) is None:
        raise MissingError(f"--cluster needs {need}", do="pip install 'saliscribe[cluster]'")
    if started:
        return Cluster(started["kind"], int(started["count"]))
    if Path(where).is_file():
        return Cluster("file", place=where)
    if _ADDRESS.fullmatch(where) and where.partition(":")[0] not in (LOCAL, *QUEUES):
        return Cluster("address", place=where)
    raise UsageError("no such cluster", expected=SPELLINGS, got=repr(where))


@contextmanager
def open_cluster(cluster: Cluster) -> Iterator[Client]:
    """A connection to the workers; those that were started here are stopped at the end.

    Raises:
        MissingError: no scheduler answers. UsageError: the queueing system is not configured, or refuses.
    """
    from distributed import Client

    if cluster.kind == "address":
        with _connected(cluster.place, address=cluster.place) as client:
            yield client
    elif cluster.kind == "file":
        with _connected(cluster.place, scheduler_file=cluster.place) as client:
            yield client
    else:
        with _started(cluster) as workers, Client(workers) as client:
            yield client


def _connected(place: str, **how: Any) -> Client:
    from distributed import Client

    try:
        client = Client(**how)
    except (OSError, ValueError, KeyError) as error:
        raise MissingError(
            "no Dask scheduler answers",
            where=place,
            got=str(error),
            do="start one with 'dask scheduler --scheduler-file FILE', and workers with 'dask worker'",
        ) from None
    _check_workers(client, place)
    return client


def _check_workers(client: Client, place: str) -> None:
    """A worker that cannot import the code of a task loses its scheduler over it, and the task waits for ever."""
    try:
        client.run(importlib.metadata.version, saliscribe.__name__)
    except importlib.metadata.PackageNotFoundError:
        client.close()
        raise MissingError(
            "a Dask worker has no saliscribe",
            where=place,
            do="start the workers from the environment of this command",
        ) from None


@contextmanager
def _started(cluster: Cluster) -> Iterator[Any]:
    import dask
    from distributed import LocalCluster
    from tornado.ioloop import PeriodicCallback

    with dask.config.set(_OWN):
        if cluster.kind == LOCAL:
            # What becomes of a task is told by its record; a worker's own log would only repeat it.
            quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
            with LocalCluster(n_workers=cluster.count, threads_per_worker=1, **quiet) as workers:
                yield workers
            return
        with _queue(cluster.kind) as workers:
            # Asked again and again, because a job ends with its walltime or its node, and is then started anew.
            ask = PeriodicCallback(partial(workers.scale, jobs=cluster.count), _ASK_AGAIN_S * 1000)
            workers.scale(jobs=cluster.count)
            workers.loop.add_callback(ask.start)
            try:
                yield workers
            finally:
                workers.loop.add_callback(ask.stop)


def _queue(kind: str) -> Any:
    """A cluster of jobs, one worker process for each core unless the configuration says otherwise."""
    import dask
    import dask_jobqueue

    settings = f"jobqueue.{kind}"
    cores = dask.config.get(f"{settings}.cores", None)
    processes = dask.config.get(f"{settings}.processes", None) or cores or 1
    prologue = [*(dask.config.get(f"{settings}.job-script-prologue", None) or ()), _KEEP_MEMORY]
    try:
        return getattr(dask_jobqueue, QUEUES[kind])(processes=processes, job_script_prologue=prologue)
    except (ValueError, RuntimeError, OSError) as error:
        raise UsageError(
            f"{kind} jobs cannot be described",
            expected=f"cores, memory and the rest of {settings} in ~/.config/dask/jobqueue.yaml",
            got=str(error),
        ) from None
