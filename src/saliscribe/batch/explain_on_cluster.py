"""Many inputs on Dask workers, on this machine or on many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from saliscribe.batch.cluster import Cluster, open_cluster
from saliscribe.batch.explain_here import Call, explain_here
from saliscribe.batch.explain_job import Job, JobExplainer
from saliscribe.batch.outcome import Outcome, failed
from saliscribe.batch.sliding_window import run_on_workers
from saliscribe.batch.workplace import Workplace
from saliscribe.errors import InputError, MissingError, SaliscribeError
from saliscribe.pipeline.settings import ExplainSettings


def explain_on_cluster(
    jobs: Sequence[Job], settings: ExplainSettings, cluster: Cluster, overwrite: bool
) -> Iterator[Outcome]:
    """Outcomes as they come; a job whose worker died is done again by another.

    A job that kills one worker after the other is given up with an error of its own.

    Raises:
        UsageError, MissingError: the network cannot be had, here or on a worker, or there are no workers to be had.
    """
    JobExplainer(settings, overwrite)  # a missing network is told once, here, before any worker starts
    with open_cluster(cluster) as client:
        task = partial(explain_here, call=Call(settings, overwrite, Workplace()))
        for job, result in run_on_workers(client, task, jobs):
            yield result if isinstance(result, Outcome) else _given_up(job, result)


def _given_up(job: Job, error: BaseException) -> Outcome:
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        died = "a worker" if error.allowed_failures == 0 else f"{error.allowed_failures + 1} workers"
        line = f"{died} died of this input, with nothing else to do (out of memory?); given up"
        return failed(job.source, line, InputError.exit_code)
    if isinstance(error, SaliscribeError):
        raise error
    raise MissingError(
        "the workers cannot do this",
        got=f"{type(error).__name__}: {error}",
        do="install the same saliscribe for them, and run the same command again: complete folders are kept",
    )
