"""A writer that lies in every draft, many times: is a false statement ever shown, or something mandatory left out?

    python scripts/lying_writer.py --runs 10000 --out lying.jsonl

Every draft is a true report in which one thing was made false (the mutations of ``audit-bench``, over the template's
words in all styles and over the open paraphrases), given through the real loop: three drafts, audit, repair, template.
What was shown is then checked without the audit. A sentence is sound if the grammar reads it back as claims that the
findings make, or if it stands in the true report (or is a list of it that only names fewer structures, or has only two
names exchanged whose values are the same); and the duties are looked for among the claims of sound sentences.
One line per hundred runs is appended to ``--out``; what is there already is not run again.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from random import Random

from saliscribe.core.language.parse import readings
from saliscribe.core.language.reported import Claims, reported
from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.draft import Draft, Line, as_markdown
from saliscribe.faithfulness.mutations import MUTATIONS
from saliscribe.faithfulness.paraphrase_values import wordings
from saliscribe.faithfulness.run_bench import BASES
from saliscribe.pipeline.report import Written, report
from saliscribe.reporting.chat import Request

CHUNK, BASE_NAMES = 100, ("template", "open")
#: The mutations that drop a side or one structure of a list: what free prose then says is true, and less.
LESS = ("A4", "B4")


@dataclass
class Liar:
    """Answers every request with another false version of ``draft``.

    ``told`` are the mutations; ``less`` are sentences that say less than the true ones and nothing false.
    """

    draft: Draft
    draw: Random
    told: list[str] = field(default_factory=list)
    less: set[str] = field(default_factory=set)

    def __call__(self, request: Request) -> str:
        for mutation in self.draw.sample(MUTATIONS, len(MUTATIONS)):
            mutant = mutation.mutate(self.draft, self.draw)
            if mutant is not None:
                self.told.append(mutation.id)
                self.less.update(mutant.changed if mutation.id in LESS else ())
                return as_markdown(mutant.lines, self.draft.bullets)
        raise AssertionError("no mutation applies")


def run(seed: int) -> tuple[Liar, Written, tuple[str, ...], tuple[str, ...]]:
    """One run: the liar, what was shown, its unsound sentences, and the mandatory facts that it leaves out."""
    _, draft = BASES[BASE_NAMES[seed % 2]](seed)
    liar = Liar(draft, Random(f"liar {seed}"))
    written = report(draft.findings, writer=liar, mode="free")
    false, said = [], set[str]()
    known, true_lines = (
        reported(draft.findings),
        {line.text: _told(line, draft.findings) for line in draft.lines},
    )
    same = same_values(draft.findings)
    alike = {in_common_names(text, same): states for text, states in true_lines.items()}
    for sentence in written.report.sentences():
        ways = [way for way in readings(sentence.text) if _is_true(way, known)]
        common = in_common_names(sentence.text, same)
        if not ways and common not in alike and sentence.text not in liar.less:
            false.append(sentence.text)
        said |= {".".join(key) for way in ways for key in way} | alike.get(common, frozenset())
    missing = tuple(" or ".join(keys) for keys in duties(draft.findings) if not said.intersection(keys))
    return liar, written, tuple(false), missing


def _told(line: Line, findings: Findings) -> frozenset[str]:
    """What a true sentence states; a structure of the region's side tells that side too."""
    side = findings.location.side
    sided = any(piece.about == "structure" and piece.value[1] == side for piece in line.pieces)
    return line.states | ({"F9.side"} if sided else frozenset())


def same_values(findings: Findings) -> list[tuple[str, ...]]:
    """Patterns of names that may stand for each other, as their values are written alike."""
    known = reported(findings)
    groups = []
    if known["F5", "probability"] == known["F5", "runner_up_probability"]:
        words = wordings("open")["values"]["class"]
        groups.append(tuple(w for rank in ("value", "runner_up") for w in words[known["F5", rank]]))
    if known.get(("F13", "accuracy")) == known.get(("F13", "macro_f1")) is not None:
        groups.append(("macro-averaged F1", "macro F1", "accuracy"))
    dices = [fact.overlap_dice for fact in findings.saliency]
    for a, b in combinations(range(3), 2):
        one, other = dices[a], dices[b]
        if one is not None and other is not None and _rounds_to(one, other) and _rounds_to(other, one):
            groups.append((*_MAPS[a], *_MAPS[b]))
    return groups


def _rounds_to(one: float, other: float) -> bool:
    """True if the hundredths of one are a right way to write the other."""
    return abs(int(100 * one + 0.5) / 100 - other) <= 0.005


#: Spellings of the three methods, the longer before the shorter.
_MAPS = (
    ("Grad-CAM(?!\\+)", "GradCAM(?!\\+)"),
    ("Grad-CAM\\+\\+", "GradCAM\\+\\+"),
    ("ScoreCAM", "Score-CAM"),
)


def in_common_names(text: str, same: list[tuple[str, ...]]) -> str:
    """The sentence with one name for all of a group, so that two true forms of it become one."""
    for n, names in enumerate(same):
        pattern = "|".join(sorted(names, key=len, reverse=True))
        if "Dice" in text or "CAM" not in pattern:
            text = re.sub(rf"(?i)(?:an? )?(?:{pattern})", f"<{n}>", text)
    return re.sub(r"0?\.(\d\d)\b(?!%)|(\d+) ?(?:%|per cent)", r"<\1\2>", text).casefold() if same else text


def _is_true(claims: Claims, known: Claims) -> bool:
    return all(key in known and known[key] == value for key, value in claims.items())


def duties(findings: Findings) -> list[tuple[str, ...]]:
    """What must be said (docs/reports.md), each by one of some claims."""
    drawn = findings.delineation.state == "present"
    poor = reported(findings).get(("F11", "any_poor"), False)
    wanted: list[tuple[bool, tuple[str, ...]]] = [
        (True, ("F5.value",)),
        (True, ("F5.probability",)),
        (True, ("F12.topics",)),
        (True, ("F14.healthy_class",)),
        (True, ("F14.averages_only",)),
        (True, ("F14.research_use_only",)),
        (findings.synthetic, ("F14.synthetic_input",)),
        (findings.extent.state == "present", ("F7.longest_mm", "F7.longest_px", "F7.unit")),
        (not drawn, ("F6.state",)),
        (drawn and findings.location.side != "not_assessed", ("F9.side",)),
        (findings.warnings.state == "present", ("F4.codes",)),
        (findings.warnings.state == "not_assessed", ("F4.state",)),
        (bool(poor), ("F11.poor", "F11.any_poor")),
    ]
    return [keys for holds, keys in wanted if holds]


def chunk(start: int, runs: int) -> dict[str, object]:
    """The counts of some runs, and every failure with its seed and the mutation that got through."""
    results: Counter[str] = Counter()
    drafts = 0
    failures = []
    for seed in range(start, start + runs):
        liar, written, false, missing = run(seed)
        assert written.writing is not None
        results[written.writing.result] += 1
        drafts += len(liar.told)
        if false or missing:
            failures.append(
                {
                    "seed": seed,
                    "base": BASE_NAMES[seed % 2],
                    "told": liar.told,
                    "result": written.writing.result,
                    "false": false,
                    "missing": missing,
                }
            )
    return {"start": start, "runs": runs, "drafts": drafts, **results, "failures": failures}


def main() -> None:
    """Run what is not there yet, and print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed; take one that no run has used")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    done = _lines(options.out)
    for start in range(options.first, options.first + options.runs, CHUNK):
        if all(one["start"] != start for one in done):
            line = chunk(start, min(CHUNK, options.first + options.runs - start))
            with options.out.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")
    every = _lines(options.out)
    failures = [failure for one in every for failure in one["failures"]]
    sums = {
        name: sum(one.get(name, 0) for one in every)
        for name in ("runs", "drafts", "as_written", "repaired", "template")
    }
    print(sums, f"runs with something false shown: {sum(bool(f['false']) for f in failures)},",
          f"with something mandatory left out: {sum(bool(f['missing']) for f in failures)}")  # fmt: skip


def _lines(file: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


if __name__ == "__main__":
    main()
