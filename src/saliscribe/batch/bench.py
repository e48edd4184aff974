"""Speed, memory and agreement of our saliency beside the installed peers: one network, one picture, one
run.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.phantom import paint_phantom
from saliscribe.errors import SaliscribeError, UsageError
from saliscribe.io.inputs import expand_inputs
from saliscribe.io.read import read_volume
from saliscribe.preprocess.prepare import prepare
from saliscribe.saliency.contender_table import CONTENDERS

#: Maps of each method are compared with this one's (with our exact one where it is not installed).
ORACLES = {
    "scorecam": ("pytorch-grad-cam ScoreCAM", "scorecam exact"),
    "gradcam": ("pytorch-grad-cam GradCAM", "gradcam"),
    "gradcam++": ("pytorch-grad-cam GradCAM++", "gradcam++"),
}


@dataclass(frozen=True)
class BenchRecord:
    """One contender. Times are those of the first call, which for us includes making the fast copy of the
    network;
    ``again_cpu_seconds`` is a later call. ``peak_mib`` is the process's memory high-water mark while
    explaining,
    ``added_mib`` how much of it explaining added. ``speedup`` and ``correlation`` (Pearson), ``error``
    (largest
    difference over the oracle's largest value) compare with ``oracle``. ``None`` is not measured.
    """

    contender: str
    method: str
    seconds: float
    cpu_seconds: float
    again_cpu_seconds: float | None
    peak_mib: float
    added_mib: float | None
    oracle: str
    speedup: float | None
    correlation: float | None
    error: float | None
    channels: int | None = None
    run: int | None = None
    stated_correlation: float | None = None
    engine: str | None = None


@dataclass(frozen=True)
class BenchResult:
    """Records of one run on ``network``; ``limit_cpu_seconds`` is channels times one forward pass of the
    network
    as it is (batched, without gradients), below which exact ScoreCAM without a faster network cannot go.
    """

    network: str
    size: int
    threads: int
    images: int
    forward_cpu_seconds: float
    limit_cpu_seconds: float | None
    records: tuple[BenchRecord, ...]
    skipped: tuple[str, ...]


def bench(
    images: Sequence[str] = (),
    *,
    model: str | None = None,
    backbone: str = "resnet50",
    size: int = 224,
    threads: int = 1,
    batch_size: int = 8,
    repeats: int = 0,
    contenders: Sequence[str] = (),
    say: Callable[[str], None] | None = None,
) -> BenchResult:
    """Run every contender (or those named) in a fresh process each, one after the other, and compare their
    maps.

    ``model`` is a trained network; without one, ``backbone`` is a timm network with random weights whose
    normalisation
    and head are calibrated on ``images``. The first image is explained; without images, painted phantoms
    serve. ``repeats`` more calls are timed after the first. Raises UsageError for an unknown contender.
    """
    tell = say or (lambda line: None)
    names = [name for name in CONTENDERS if not contenders or name in contenders]
    for name in contenders:
        CONTENDERS[name]
    skipped = tuple(name for name in names if _missing(name))
    if threads < 1 or repeats < 0 or size < 32:
        raise UsageError("bench settings out of range", expected="threads >= 1, repeats >= 0, size >= 32")
    with tempfile.TemporaryDirectory() as folder:
        windows = Path(folder) / "windows.npy"
        pictures = _windows(images, size)
        np.save(windows, pictures)
        job = {
            "windows": str(windows),
            "model": model,
            "backbone": backbone,
            "threads": threads,
            "batch_size": batch_size,
            "repeats": repeats,
        }
        forward = _run({**job, "contender": "forward pass"}, Path(folder))["forward_seconds"]
        results = {}
        for name in names:
            if name not in skipped:
                tell(f"{name} ...")
                results[name] = _run({**job, "contender": name}, Path(folder))
                tell(f"{name}: {results[name]['seconds']:.1f} s")
    records = tuple(_record(name, results) for name in results)
    channels = next((record.channels for record in records if record.channels), None)
    return BenchResult(
        network=f"model {model}" if model else f"{backbone} with random weights, calibrated on the images",
        size=size,
        threads=threads,
        images=len(pictures),
        forward_cpu_seconds=forward,
        limit_cpu_seconds=None if channels is None else channels * forward,
        records=records,
        skipped=skipped,
    )


def _missing(name: str) -> bool:
    return any(importlib.util.find_spec(need) is None for need in CONTENDERS[name].needs)


def _windows(images: Sequence[str], size: int) -> NDArray[np.float32]:
    volumes = [read_volume(path) for path in expand_inputs(list(images))] if images else _phantoms()
    return np.stack([prepare(volume, size).network_input for volume in volumes]).astype(np.float32)


def _phantoms(count: int = 8) -> list[Any]:
    return [paint_phantom(seed)[0] for seed in range(count)]


def _run(job: dict[str, Any], folder: Path) -> dict[str, Any]:
    path = folder / "job.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    command = [sys.executable, "-m", "saliscribe.batch.bench_worker", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == UsageError.exit_code:
        raise UsageError(done.stderr.strip().splitlines()[-1])
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise SaliscribeError(f"bench contender '{job['contender']}' failed", got=last)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _record(name: str, results: dict[str, dict[str, Any]]) -> BenchRecord:
    result, method = results[name], str(CONTENDERS[name].facts["method"])
    oracle = next((candidate for candidate in ORACLES[method] if candidate in results), name)
    heat, wanted = np.asarray(result["heat"]), np.asarray(results[oracle]["heat"])
    varied = oracle != name and bool(heat.std()) and bool(wanted.std())
    return BenchRecord(
        contender=name,
        method=method,
        seconds=result["seconds"],
        cpu_seconds=result["cpu_seconds"],
        again_cpu_seconds=result["again_cpu_seconds"],
        peak_mib=result["peak_mib"],
        added_mib=result["added_mib"],
        oracle=oracle,
        speedup=None if oracle == name else results[oracle]["cpu_seconds"] / result["cpu_seconds"],
        correlation=float(np.corrcoef(heat.ravel(), wanted.ravel())[0, 1]) if varied else None,
        error=None if oracle == name else float(np.abs(heat - wanted).max() / max(wanted.max(), 1e-12)),
        channels=result.get("channels"),
        run=result.get("run"),
        stated_correlation=result.get("stated_correlation"),
        engine=result.get("engine"),
    )
