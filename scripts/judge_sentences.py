"""Judge sentences that people wrote about findings: which false ones pass, which true ones alarm.

    python scripts/judge_sentences.py results/fresh_sentences [--list]

The folder holds ``findings/KEY.json`` and ``NAME_false.txt``, ``NAME_true.txt`` with a line ``KEY|sentence`` each;
lines of ``NAME_true_struck.txt`` are left out. Each line is judged alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import cache
from pathlib import Path

from saliscribe.audit.verify import verify
from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.wilson import Counted
from saliscribe.pipeline.read_findings import read_findings


def main() -> None:
    """Print counts with 95 % Wilson intervals for every file; with ``--list`` also the sentences judged wrongly."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()

    @cache
    def findings(key: str) -> Findings:
        return read_findings(options.folder / "findings" / f"{key}.json")

    for path in sorted(options.folder.glob("*_true.txt")) + sorted(options.folder.glob("*_false.txt")):
        struck = path.with_name(f"{path.stem}_struck.txt")
        left_out = set(_lines(struck)) if struck.exists() else set()
        lines = [line for line in _lines(path) if line not in left_out]
        verdicts = {line: _verdicts(line, findings) for line in lines}
        passed = [line for line in lines if verdicts[line] <= {"entailed", "harmless"}]
        if path.stem.endswith("_false"):
            print(f"{path.stem}: {_share(len(passed), len(lines))} passed")
            wrong = passed
        else:
            wrong = [line for line in lines if line not in passed]
            accused = sum("contradicted" in verdicts[line] for line in wrong)
            print(f"{path.stem}: {_share(len(wrong), len(lines))} alarmed, {accused} of them called false")
        if options.list:
            print("\n".join(f"    {line}" for line in wrong))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if "|" in line]


def _verdicts(line: str, findings: Callable[[str], Findings]) -> set[str]:
    key, _, sentence = line.partition("|")
    return {one.verdict for one in verify(sentence, findings(key)).sentences}


def _share(count: int, of: int) -> str:
    low, high = Counted(count, of).interval or (0.0, 1.0)
    return f"{count} of {of} ({100 * low:.1f} to {100 * high:.1f} %)"


if __name__ == "__main__":
    main()
