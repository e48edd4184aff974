"""``explain`` over many inputs: errors stay with their input, complete folders are kept, progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from saliscribe.batch.cluster import Cluster, find_cluster
from saliscribe.batch.explain_job import Job, JobExplainer
from saliscribe.batch.explain_on_cluster import explain_on_cluster
from saliscribe.batch.outcome import Outcome
from saliscribe.batch.path_table import unfold_tables
from saliscribe.batch.progress import show_progress, show_stage
from saliscribe.batch.worker_pool import explain_in_processes
from saliscribe.errors import InputError, UsageError
from saliscribe.io.group_series import group_series
from saliscribe.io.inputs import find_inputs
from saliscribe.io.run_ids import run_ids
from saliscribe.pipeline.check_writer import check_writer
from saliscribe.pipeline.offline import forbid_network
from saliscribe.pipeline.resolve_settings import resolve_settings
from saliscribe.pipeline.settings import ExplainSettings


def explain(
    inputs: str | Path | Iterable[str | Path],
    out: str | Path,
    *,
    config: str | Path | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    overwrite: bool = False,
    on_outcome: Callable[[Outcome], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    progress: bool = False,
    **options: Any,
) -> list[Outcome]:
    """Explain images, volumes, folders or globs: one result folder each under ``out``, in the order of the inputs.

    Args:
        inputs: files, folders, globs, or CSV tables with a column ``path`` or ``file``.
        out: folder for the results; complete results in it are kept, so an interrupted call can be repeated.
        config: TOML file with an ``[explain]`` table.
        jobs: worker processes.
        cluster: Dask workers instead: ``local:N``, ``slurm:N``, ``pbs:N``, a scheduler's address or its JSON file.
        overwrite: make again what is already complete.
        on_outcome: called with each outcome as soon as it is there: in order, but with ``cluster`` as they come.
        on_note: called with one line for each kind of file that was left out (masks, strangers).
        progress: show a progress bar on standard error.
        options: any field of ``pipeline.settings.ExplainSettings``.

    Raises:
        UsageError: wrong settings. MissingError: the network or another needed part is not installed.
            Unreadable inputs raise nothing: they are outcomes with ``status == "error"``.
    """
    workers = _workers(jobs, cluster)
    settings = resolve_settings(ExplainSettings, "explain", config, options)
    check_writer(settings.writer, settings.mode, settings.offline)
    if settings.offline:
        forbid_network()
    planned, notes = plan_jobs([inputs] if isinstance(inputs, str | Path) else inputs, Path(out))
    for note in notes:
        if on_note:
            on_note(note)
    outcomes = []
    for outcome in show_progress(
        _run(planned, settings, workers, overwrite, progress), len(planned), enabled=progress
    ):
        outcomes.append(outcome)
        if on_outcome:
            on_outcome(outcome)
    place = {job.source: number for number, job in enumerate(planned)}
    return sorted(outcomes, key=lambda outcome: place[outcome.input])


def plan_jobs(inputs: Iterable[str | Path], out: Path) -> tuple[list[Job], tuple[str, ...]]:
    """Every file behind the inputs, once, with its result folder; and notes on what was left out or put together.

    The files of a DICOM series are one job.

    An input behind which there is no image becomes a job with that error, after the others.

    Raises:
        UsageError: no inputs at all, or ``out`` is a file.
    """
    texts = [str(text) for text in inputs]
    if not texts:
        raise UsageError("nothing to explain", expected="at least one image, volume, folder or glob")
    if out.exists() and not out.is_dir():
        raise UsageError("the place for results is a file", expected="a folder", where=str(out))
    named, unread = _unfolded(texts)
    found = find_inputs(named)
    grouped = group_series(found.paths)
    names = run_ids(one.path for one in grouped.inputs)
    planned = [
        Job(str(one.path), one.path, out / names[str(one.path)], files=one.files) for one in grouped.inputs
    ]
    lost = [Job(text, None, out, error) for text, error in (*unread, *found.missing)]
    return [*planned, *lost], (*found.notes, *grouped.notes)


def _unfolded(texts: Iterable[str]) -> tuple[list[str], list[tuple[str, InputError]]]:
    """The inputs with tables replaced by what they list, and the tables that cannot be read."""
    named: list[str] = []
    unread: list[tuple[str, InputError]] = []
    for text in texts:
        try:
            named.extend(unfold_tables([text]))
        except InputError as error:
            unread.append((text, error))
    return named, unread


def _workers(jobs: int, cluster: str | None) -> int | Cluster:
    if cluster is None:
        return jobs
    if jobs > 1:
        raise UsageError("--jobs and --cluster exclude each other", got=f"--jobs {jobs} --cluster {cluster}")
    return find_cluster(cluster)


def _run(
    jobs: Sequence[Job], settings: ExplainSettings, workers: int | Cluster, overwrite: bool, progress: bool
) -> Iterator[Outcome]:
    if isinstance(workers, Cluster):
        yield from explain_on_cluster(jobs, settings, workers, overwrite)
        return
    if workers > 1 and len(jobs) > 1:
        yield from explain_in_processes(jobs, settings, min(workers, len(jobs)), overwrite)
        return
    explainer = JobExplainer(settings, overwrite, show_stage if progress and len(jobs) == 1 else None)
    for job in jobs:
        yield explainer(job)
