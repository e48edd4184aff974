"""Findings of 300 real slices, spread over patients, classes and planes: what the local writer is then asked to report.

    python scripts/local_writer/choose_findings.py DATA OUT --order order.txt

``DATA`` is the shared figshare folder; ``order.txt`` gets the names in the order in which they were drawn. Half of the
slices are explained with the display convention stated as radiological, so that sides are in play. Complete results are
kept, so an interrupted call can be repeated.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from random import Random

import pandas as pd

import saliscribe

N, SEED = 300, 4
SPACING_MM = 0.98


def chosen(data: Path) -> list[str]:
    """Names of ``N`` slices: the nine class-and-plane groups in turn, in each the patient used least so far."""
    draw = Random(SEED)
    table = pd.read_csv(data / "index.csv")
    groups = [sorted(zip(g["patient"], g["file"], strict=True)) for _, g in table.groupby(["class", "plane"])]
    for group in groups:
        draw.shuffle(group)
    used: dict[str, int] = {}
    names: list[str] = []
    while len(names) < N:
        group = groups[len(names) % len(groups)]
        patient, name = min(group, key=lambda pair: used.get(pair[0], 0))
        group.remove((patient, name))
        used[patient] = used.get(patient, 0) + 1
        names.append(name)
    return names


def main() -> None:
    """Explain the chosen slices with the shipped network, the template writing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("data", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--order", type=Path, required=True)
    options = parser.parse_args()
    data, out = options.data, options.out
    names = chosen(data)
    options.order.write_text("".join(f"{Path(name).stem}\n" for name in names))
    for orientation, half in (("radiological", names[::2]), ("unknown", names[1::2])):
        paths = [data / "images" / name for name in half]
        outcomes = saliscribe.explain(paths, out, orientation=orientation, spacing_mm=(SPACING_MM,) * 2)
        print(
            orientation, sum(outcome.status != "error" for outcome in outcomes), "of", len(paths), flush=True
        )


if __name__ == "__main__":
    main()
