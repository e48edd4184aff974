"""``explain`` over many inputs: errors stay with their input, complete folders are kept, progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from saliscribe.batch.explain_job import Job, JobExplainer
from saliscribe.batch.outcome import Outcome
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
    overwrite: bool = False,
    on_outcome: Callable[[Outcome], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    progress: bool = False,
    **options: Any,
) -> list[Outcome]:
    """Explain images, volumes, folders or globs: one result folder each under ``out``, in the order of the inputs.

    Args:
        inputs: files, folders or globs.
        out: folder for the results; complete results in it are kept, so an interrupted call can be repeated.
        config: TOML file with an ``[explain]`` table.
        jobs: worker processes.
        overwrite: make again what is already complete.
        on_outcome: called with each outcome as soon as it is there.
        on_note: called with one line for each kind of file that was left out (masks, strangers).
        progress: show a progress bar on standard error.
        options: any field of ``pipeline.settings.ExplainSettings``.

    Raises:
        UsageError: wrong settings. MissingError: the network or another needed part is not installed.
            Unreadable inputs raise nothing: they are outcomes with ``status == "error"``.
    """
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
        _run(planned, settings, jobs, overwrite, progress), len(planned), enabled=progress
    ):
        outcomes.append(outcome)
        if on_outcome:
            on_outcome(outcome)
    return outcomes


def plan_jobs(inputs: Iterable[str | Path], out: Path) -> tuple[list[Job], tuple[str, ...]]:
    """Every file behind the inputs, once, with its result folder; and notes on what was left out or put together.

    The files of a DICOM series are one job.

    Where nothing at all can be found, each input becomes a job with that error.

    Raises:
        UsageError: no inputs at all, or ``out`` is a file.
    """
    texts = [str(text) for text in inputs]
    if not texts:
        raise UsageError("nothing to explain", expected="at least one image, volume, folder or glob")
    if out.exists() and not out.is_dir():
        raise UsageError("the place for results is a file", expected="a folder", where=str(out))
    try:
        found = find_inputs(texts)
    except InputError as error:
        return [Job(text, None, out, error) for text in texts], ()
    grouped = group_series(found.paths)
    names = run_ids(one.path for one in grouped.inputs)
    planned = [
        Job(str(one.path), one.path, out / names[str(one.path)], files=one.files) for one in grouped.inputs
    ]
    return planned, (*found.notes, *grouped.notes)


def _run(
    jobs: Sequence[Job], settings: ExplainSettings, workers: int, overwrite: bool, progress: bool
) -> Iterator[Outcome]:
    if workers > 1 and len(jobs) > 1:
        yield from explain_in_processes(jobs, settings, min(workers, len(jobs)), overwrite)
        return
    explainer = JobExplainer(settings, overwrite, show_stage if progress and len(jobs) == 1 else None)
    for job in jobs:
        yield explainer(job)
