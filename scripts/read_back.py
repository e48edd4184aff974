"""parse(render(findings, style)) == what was written, over many random findings; the four styles take turns.

    python scripts/read_back.py --n 100000 --out read_back.jsonl

One line per thousand findings is appended to ``--out``; what is there already is not run again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from saliscribe.core.language.parse import parse
from saliscribe.core.language.render import render, stated
from saliscribe.core.records.report import STYLES
from saliscribe.findings.random_findings import random_findings

CHUNK = 1000


def mismatches(start: int, n: int) -> list[int]:
    """The seeds of findings whose report does not read back as what it states."""
    return [seed for seed in range(start, start + n) if not _reads_back(seed)]


def _reads_back(seed: int) -> bool:
    findings, style = random_findings(seed), STYLES[seed % len(STYLES)]
    try:
        return parse(render(findings, style)) == stated(findings, style)
    except ValueError:
        return False


def main() -> None:
    """Run what is not there yet, and print the sum."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--n", type=int, default=100_000)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    done = {one["start"] for one in _lines(options.out)}
    for start in range(0, options.n, CHUNK):
        if start not in done:
            size = min(CHUNK, options.n - start)
            line = {"start": start, "n": size, "mismatches": mismatches(start, size)}
            with options.out.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")
    every = _lines(options.out)
    print(
        sum(one["n"] for one in every),
        "findings,",
        sum(len(one["mismatches"]) for one in every),
        "mismatches",
    )


def _lines(file: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


if __name__ == "__main__":
    main()
