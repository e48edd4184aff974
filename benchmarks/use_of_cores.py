"""What ``explain`` and ``train`` cost beside the raw forward and backward of the same network.

    python benchmarks/use_of_cores.py explain FOLDER [--images 16] [--rounds 5] [--processes 2] [--cam gradcam++]
    python benchmarks/use_of_cores.py train DATA [--steps 40]

Both sides run in the same processes and take turns, so that a busy machine treats them alike; ratios are taken round by
round (step by step), and medians are printed. Processor seconds count the work, wall seconds also the waiting. One
thread a process.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

Spent = tuple[float, float]


def main() -> None:
    """Measure one of the two."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(required=True)
    explain = kinds.add_parser("explain")
    explain.add_argument("folder")
    explain.add_argument("--images", type=int, default=16)
    explain.add_argument("--rounds", type=int, default=5)
    explain.add_argument("--processes", type=int, default=2)
    explain.add_argument("--cam", default="gradcam++")
    explain.set_defaults(run=measure_explain)
    train = kinds.add_parser("train")
    train.add_argument("data")
    train.add_argument("--steps", type=int, default=40)
    train.set_defaults(run=measure_train)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    options.run(options)


def measure_explain(options: argparse.Namespace) -> None:
    """Rounds of raw passes and of ``explain`` over the same images, in warm worker processes."""
    from saliscribe.batch.explain_many import plan_jobs
    from saliscribe.pipeline.settings import ExplainSettings

    settings = ExplainSettings(cam=options.cam)
    with (
        tempfile.TemporaryDirectory() as out,
        ProcessPoolExecutor(options.processes, multiprocessing.get_context("spawn")) as pool,
    ):
        jobs, _ = plan_jobs([options.folder], Path(out))
        jobs = jobs[:: max(1, len(jobs) // options.images)][: options.images]
        shares = [jobs[number :: options.processes] for number in range(options.processes)]
        rounds = []
        for _ in range(options.rounds + 1):
            raw = list(pool.map(_raw_passes, [len(share) for share in shares]))
            made = list(pool.map(_explain, shares, [settings] * len(shares)))
            rounds.append((raw, [spent for spent, _ in made], [one for _, its in made for one in its]))
        size = sum(path.stat().st_size for path in Path(out).rglob("*") if path.is_file())
        files = sum(path.is_file() for path in Path(out).rglob("*"))
    rounds = rounds[1:]  # the first loads the network
    table = []
    for raw, made, _ in rounds:
        cpu = [sum(one[0] for one in its) / len(jobs) for its in (raw, made)]
        wall = [len(jobs) / max(one[1] for one in its) for its in (raw, made)]
        table.append((*cpu, cpu[0] / cpu[1], *wall, wall[1] / wall[0]))
    names = (
        "raw CPU s/image",
        "explain CPU s/image",
        "raw / explain, CPU",
        "raw images/s",
        "explain images/s",
        "ratio",
    )
    for name, values in zip(names, zip(*table, strict=True), strict=True):
        print(f"{name:22} median {statistics.median(values):.3f}  ({min(values):.3f} to {max(values):.3f})")
    stages = [one for *_, its in rounds for one in its]
    print(", ".join(f"{name} {statistics.median(one[name] for one in stages):.3f}" for name in stages[0]))
    print(f"{options.rounds} rounds of {len(jobs)} images in {options.processes} processes, {options.cam}; "
          f"{size / len(jobs) / 1e3:.0f} kB in {files / len(jobs):.0f} files an image")  # fmt: skip


def _raw_passes(count: int) -> Spent:
    import torch

    from saliscribe.models.network import load_network

    network = load_network("default", device="cpu", precision="float32")
    x = torch.rand(1, 1, network.input_size, network.input_size).to(memory_format=torch.channels_last)
    network.net(x.requires_grad_()).class_logits.max().backward()
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(count):
        network.net(x.detach().requires_grad_()).class_logits.max().backward()
    return time.process_time() - cpu, time.perf_counter() - wall


def _explain(jobs: Any, settings: Any) -> tuple[Spent, list[dict[str, float]]]:
    from saliscribe.batch.explain_here import Call, explain_here
    from saliscribe.batch.workplace import Workplace

    call = Call(settings, True, Workplace())
    cpu, wall = time.process_time(), time.perf_counter()
    outcomes = [explain_here(job, call) for job in jobs]
    spent = time.process_time() - cpu, time.perf_counter() - wall
    assert all(one.status == "ok" for one in outcomes), [one.error for one in outcomes]
    return spent, [dict(one.seconds) for one in outcomes]


def measure_train(options: argparse.Namespace) -> None:
    """After every training step one raw forward and backward of the same kind of network at the same size."""
    # Before Lightning, which imports a torchvision that saliscribe may have to mend.
    from saliscribe.training import fit as fit_module  # isort: skip
    import lightning.pytorch as pl
    import torch

    from saliscribe.io.labelled import read_labelled
    from saliscribe.training.settings import TrainSettings
    from saliscribe.training.train import starting_net
    from saliscribe.training.windows_data import load_window

    torch.set_num_threads(1)
    settings = TrainSettings(size=128, warm_size=None, epochs=1, batch_size=16, validation_share=0.0)
    slices = read_labelled(Path(options.data))[: options.steps * settings.batch_size]
    windows = [load_window(one) for one in slices]
    raw = starting_net(settings).channels_last().train()
    x = torch.rand(16, 1, 128, 128).contiguous(memory_format=torch.channels_last)
    steps: list[Spent] = []
    passes: list[Spent] = []

    class Turns(pl.Callback):
        since: Spent

        def on_train_epoch_start(self, *_: Any) -> None:
            self.since = _now()

        def on_train_batch_end(self, *_: Any) -> None:
            steps.append(_since(self.since))
            begun = _now()
            said = raw(x)
            (said.class_logits.square().mean() + said.mask_logits.square().mean()).backward()
            raw.zero_grad(set_to_none=True)
            passes.append(_since(begun))
            self.since = _now()

    own = fit_module._callbacks
    fit_module._callbacks = lambda *given: [*own(*given), Turns()]
    with tempfile.TemporaryDirectory() as folder:
        fit_module.fit(starting_net(settings), windows, [], settings, Path(folder), progress=False)
    steps, passes = steps[3:], passes[3:]  # the first ones warm the caches
    for at, name in ((0, "CPU"), (1, "wall")):
        one = statistics.median(step[at] for step in steps)
        least = statistics.median(pas[at] for pas in passes)
        ratio = statistics.median(pas[at] / step[at] for step, pas in zip(steps, passes, strict=True))
        print(f"{name}: step {one:.3f} s ({16 / one:.1f} images/s), raw {least:.3f} s ({16 / least:.1f})")
        print(f"{name}: raw / step {ratio:.3f}")
    print(json.dumps({"n": len(steps), "batch": 16, "size": 128}))


def _now() -> Spent:
    return time.process_time(), time.perf_counter()


def _since(start: Spent) -> Spent:
    return time.process_time() - start[0], time.perf_counter() - start[1]


if __name__ == "__main__":
    main()
