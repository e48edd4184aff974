"""One contender in a process of its own: ``python -m saliscribe.batch.bench_worker JOB.json``; one JSON
line.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from saliscribe.errors import UsageError
from saliscribe.models.network import load_network
from saliscribe.saliency.bench_subject import random_subject, trained_subject
from saliscribe.saliency.contender_table import CONTENDERS
from saliscribe.saliency.contenders import Subject, forward_seconds, set_threads


def run_job(job: dict[str, Any]) -> dict[str, Any]:
    """Explain once, then ``repeats`` times more; seconds on the clock and of the processor, and peak
    memory.
    """
    set_threads(job["threads"])
    subject = _subject(job)
    if job["contender"] == "forward pass":
        clock = time.process_time if job["threads"] == 1 else time.perf_counter
        return {"forward_seconds": forward_seconds(subject, clock)}
    explain = CONTENDERS.load(job["contender"])
    for need in CONTENDERS[job["contender"]].needs:
        importlib.import_module(need)  # importing a peer is not part of explaining
    resettable = forget_peak()
    before = resident_mib()
    wall, cpu = [], []
    for _ in range(1 + job["repeats"]):
        start_wall, start_cpu = time.perf_counter(), time.process_time()
        made = explain(subject)
        wall.append(time.perf_counter() - start_wall)
        cpu.append(time.process_time() - start_cpu)
    peak = peak_mib()
    return {
        "seconds": wall[0],
        "cpu_seconds": cpu[0],
        "again_seconds": min(wall[1:]) if wall[1:] else None,
        "again_cpu_seconds": min(cpu[1:]) if cpu[1:] else None,
        "peak_mib": peak,
        "added_mib": peak - before if resettable else None,
        "heat": made.heat.tolist(),
        **made.facts,
    }


def _subject(job: dict[str, Any]) -> Subject:
    windows = list(np.load(job["windows"]))
    if job["model"] is not None:
        return trained_subject(load_network(job["model"], device="cpu").net, windows, job["batch_size"])
    return random_subject(job["backbone"], windows, job["batch_size"])


def forget_peak() -> bool:
    """Start the memory high-water mark anew, so that making the network does not count; Linux only."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return False
    return True


def _status_mib(field: str) -> float | None:
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(field)), None)


def resident_mib() -> float:
    """Memory of this process now; 0 where the system does not tell."""
    return _status_mib("VmRSS:") or 0.0


def peak_mib() -> float:
    """The most memory that this process has held since ``forget_peak``, or since it began."""
    return _status_mib("VmHWM:") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the answer; a wrong name leaves with its exit code and one line on standard error."""
    try:
        print(json.dumps(run_job(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
    except UsageError as error:
        print(error.one_line(), file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
