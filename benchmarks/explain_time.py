"""One ``explain`` of one image beside the least it could cost: importing torch and one forward and backward pass.

    python benchmarks/explain_time.py IMAGE [--model NAME|FOLDER] [--repeats 5]

Both run as fresh processes, in turns, so that a busy machine treats them alike. Processor seconds and wall-clock
seconds are medians; the floor of the project is a ratio of at most 2.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

#: Loads the network's own weights, so that both sides run the same layers.
LEAST = """
import sys, torch
from saliscribe.models.network import load_network
network = load_network(sys.argv[1], device="cpu")
x = torch.rand(1, 1, network.input_size, network.input_size).to(memory_format=torch.channels_last).requires_grad_()
network.net(x).class_logits.max().backward()
"""


def main() -> None:
    """Run both in turns and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image")
    parser.add_argument("--model", default="default")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    least = [sys.executable, "-c", LEAST, options.model]
    spent: dict[str, list[tuple[float, float]]] = {"torch + one pass": [], "saliscribe explain": []}
    stages: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.repeats + 1):
            out = Path(folder) / str(number)
            explain = [sys.executable, "-m", "saliscribe", "explain", options.image, "-o", str(out), "--json"]
            explain += ["--model", options.model]
            for name, command in (("torch + one pass", least), ("saliscribe explain", explain)):
                cpu, wall, text = _timed(command)
                if number:  # the first round only warms the disk cache
                    spent[name].append((cpu, wall))
                    stages += [json.loads(text)["seconds"]] if text else []
    print("| what | processor s | wall s |\n|---|---|---|")
    medians = {
        name: [statistics.median(values) for values in zip(*runs, strict=True)]
        for name, runs in spent.items()
    }
    for name, (cpu, wall) in medians.items():
        print(f"| {name} | {cpu:.2f} | {wall:.2f} |")
    least_s, explain_s = medians["torch + one pass"], medians["saliscribe explain"]
    print(f"| ratio | {explain_s[0] / least_s[0]:.2f} | {explain_s[1] / least_s[1]:.2f} |")
    print(f"\nn = {options.repeats}, one image. Stages of explain, median wall s:")
    print(", ".join(f"{name} {statistics.median(one[name] for one in stages):.3f}" for name in stages[0]))


def _timed(command: list[str]) -> tuple[float, float, str]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - start, done.stdout.strip()


if __name__ == "__main__":
    main()
