"""Many inputs on several processes of this machine, each with its own network."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from saliscribe.batch.explain_here import Call, explain_here
from saliscribe.batch.explain_job import Job, JobExplainer
from saliscribe.batch.outcome import BUG, Outcome, failed
from saliscribe.batch.workplace import Workplace
from saliscribe.pipeline.settings import ExplainSettings

_THREAD_SETTINGS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def explain_in_processes(
    jobs: Sequence[Job], settings: ExplainSettings, workers: int, overwrite: bool
) -> Iterator[Outcome]:
    """Outcomes in the order of ``jobs``; Ctrl-C stops the workers at once.

    Raises:
        UsageError, MissingError: the network cannot be had (as in one process).
    """
    JobExplainer(settings, overwrite)  # a missing network is told once, here, before any process starts
    threads = max(1, (os.cpu_count() or 1) // workers)
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_start, initargs=(threads,)
    )
    call = Call(settings, overwrite, Workplace())
    futures: list[tuple[Job, Future[Outcome]]] = []
    try:
        futures = [(job, pool.submit(explain_here, job, call)) for job in jobs]
        for job, future in futures:
            yield _outcome(job, future)
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _outcome(job: Job, future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except BrokenProcessPool:
        return failed(
            job.source, "a worker process died (out of memory?); use fewer --jobs and run again", BUG
        )


def _start(threads: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update(dict.fromkeys(_THREAD_SETTINGS, str(threads)))
