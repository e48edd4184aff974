"""What an input without a result needs: the stages, from reading to the folder. Importing this brings torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from saliscribe.batch.outcome import Outcome, finished
from saliscribe.io.runs import write_run
from saliscribe.pipeline.components import Components
from saliscribe.pipeline.explain import explain_slice
from saliscribe.pipeline.result_files import slice_files
from saliscribe.pipeline.stopwatch import Stopwatch

if TYPE_CHECKING:
    from saliscribe.batch.explain_job import Job


def compute_job(
    job: Job, key: str, parts: Components, on_stage: Callable[[str, int, int], None] | None
) -> Outcome:
    """Explain one input and write its folder; ``on_stage`` is told (stage, done, total) of a volume.

    Raises:
        SaliscribeError: the input cannot be read or explained, or the folder not be written.
    """
    assert job.path is not None
    clock = Stopwatch()
    with clock("read"):
        image = parts.read(job.path, job.files)
    if image.is_slice:
        explained = explain_slice(image, parts, clock)
        with clock("draw"):
            files, manifest = slice_files(explained, parts)
    else:
        # A slice needs nothing of the registration of volumes.
        from saliscribe.pipeline.explain_volume import explain_volume
        from saliscribe.pipeline.volume_files import volume_files

        joined = explain_volume(image, parts, clock, on_stage)
        with clock("draw"):
            files, manifest = volume_files(joined, parts)
    manifest |= {"key": key, "timings": dict(clock.seconds)}
    with clock("write"):
        write_run(job.out, files, manifest)
    return finished(job.source, job.out, manifest | {"timings": clock.seconds}, resumed=False)
