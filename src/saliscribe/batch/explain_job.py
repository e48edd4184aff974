"""One input -> one outcome and one result folder; whatever goes wrong stays with this input."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from saliscribe.batch.keep_memory import keep_freed_memory
from saliscribe.batch.outcome import BUG, Outcome, failed, finished
from saliscribe.errors import InputError, SaliscribeError, UsageError
from saliscribe.io.file_bytes import load_file, load_series
from saliscribe.io.runs import is_complete, read_manifest
from saliscribe.models.catalogue import weights_sha256
from saliscribe.pipeline.result_key import result_key
from saliscribe.pipeline.settings import ExplainSettings

if TYPE_CHECKING:
    from saliscribe.pipeline.components import Components


@dataclass(frozen=True)
class Job:
    """One input and the folder that its result goes to; ``error`` when it was not even found.

    ``files`` are the members of a DICOM series called ``path``; without them ``path`` is the file itself.
    """

    source: str
    path: Path | None
    out: Path
    error: SaliscribeError | None = None
    files: tuple[Path, ...] = ()


class JobExplainer:
    """Turns jobs into outcomes; the network is loaded when the first input really needs it.

    Raises (from the constructor and from the first job that computes): UsageError or MissingError when the
    network itself cannot be had, because then no input can be explained.
    """

    def __init__(
        self,
        settings: ExplainSettings,
        overwrite: bool,
        on_stage: Callable[[str, int, int], None] | None = None,
    ) -> None:
        """``on_stage`` is called with (stage, done, total) while a volume is worked on."""
        self.settings = settings
        self.overwrite = overwrite
        self.on_stage = on_stage
        self.weights_sha256 = weights_sha256(settings.model)

    @cached_property
    def parts(self) -> Components:
        """The stages with their network; importing them brings torch, so finished folders never do."""
        from saliscribe.pipeline.components import build

        keep_freed_memory()
        return build(self.settings)

    def __call__(self, job: Job) -> Outcome:
        """The outcome of one job: ``ok``, or ``error`` with its line and exit code; a bug also shows its traceback."""
        if job.path is None or job.error is not None:
            error = job.error or UsageError("no such input")
            return failed(job.source, error.one_line(), error.exit_code)
        try:
            sha256 = (load_series(job.path, job.files) if job.files else load_file(job.path)).sha256
            key = result_key(sha256, self.settings, self.weights_sha256)
            if not self.overwrite and is_complete(job.out, key):
                return finished(job.source, job.out, read_manifest(job.out) or {}, resumed=True)
            self._refuse_other_input(job, sha256)
        except SaliscribeError as error:
            return failed(job.source, error.one_line(), error.exit_code)
        parts = self.parts
        try:
            from saliscribe.batch.compute_job import compute_job

            return compute_job(job, key, parts, self.on_stage)
        except SaliscribeError as error:
            return failed(job.source, error.one_line(), error.exit_code)
        except MemoryError:
            return failed(job.source, "not enough memory for this input", InputError.exit_code)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return failed(job.source, f"a bug in saliscribe: {type(error).__name__}: {error}", BUG)

    def _refuse_other_input(self, job: Job, sha256: str) -> None:
        manifest = read_manifest(job.out)
        owner = (manifest or {}).get("input") or {}
        if manifest and not self.overwrite and owner.get("sha256") != sha256:
            raise UsageError(
                "the result folder belongs to another input",
                where=str(job.out),
                expected=f"the result of {job.source}",
                got=f"that of {owner.get('name', 'something else')} with other content",
                do="choose another --out, or --overwrite to replace it",
            )
