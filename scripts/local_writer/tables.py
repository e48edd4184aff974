"""The tables of the study: what the raw drafts got wrong, what became of them, and how the audit did beside a reader.

    python scripts/local_writer/tables.py FINDINGS drafts.jsonl OUT --loops loops.jsonl --labels OUT/labels.csv

Everything is made again from the kept texts with the audit of today. Shares have 95 % Wilson intervals.
"""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from blind_sheet import sentences
from write_drafts import asked, kept

from saliscribe.audit.verify import verify
from saliscribe.core.records.audit import Audit, SentenceAudit
from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.wilson import Counted
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.pipeline.report import Written, write_with
from saliscribe.reporting.chat import Author, Reply, Request, WriterFault, drafts_so_far
from saliscribe.reporting.modes import MODES
from saliscribe.reporting.modes.mode import with_limits

FALSE = ("contradicted", "unsupported")
KINDS = {
    "F1": "image", "F2": "plane", "F3": "spacing", "F4": "input warnings", "F5": "class and probabilities",
    "F6": "region", "F7": "size", "F8": "placement", "F9": "place and side", "F10": "stability",
    "F11": "heat maps", "F12": "what was not assessed", "F13": "the network", "F14": "limits",
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """A raw draft: the audit of its text alone, and of the report with the sections that code writes."""

    name: str
    temperature: float
    findings: Findings
    reply: str
    cut: bool
    seconds: float
    text: Audit
    whole: Audit


class Replies:
    """Answers with the kept drafts, one after the other; the last one ends the conversation."""

    author = Author(writer="local")

    def __init__(self, attempts: list[dict[str, str | None]]) -> None:
        self._attempts = attempts

    def __call__(self, request: Request, seconds: float) -> Reply:
        at = drafts_so_far(request)
        if at >= len(self._attempts):
            raise WriterFault("script")
        one = self._attempts[at]
        if one["fault"]:
            raise WriterFault(one["fault"], text=one["reply"])
        return Reply(text=one["reply"] or "")


def judged(folder: Path, line: dict) -> Judged:  # type: ignore[type-arg]
    """One line of the drafts' file with today's verdicts."""
    findings, reply = read_findings(folder / line["id"]), line["reply"] or " "
    report = with_limits(MODES["free"].read(reply, findings, "structured", "local").report, findings)
    return Judged(
        line["id"], line["temperature"], findings, reply, line["fault"] is not None, line["seconds"],
        verify(reply, findings), verify(report, findings),
    )  # fmt: skip


def kinds(sentence: SentenceAudit) -> set[str]:
    """What the false claims of a sentence are about; "nothing the findings know" for words without a fact."""
    about = {c.about.split(".")[0] for c in sentence.claims if c.verdict in FALSE}
    return {KINDS.get(fact, fact) for fact in about} or {"nothing the findings know"}


def error_table(drafts: list[Judged]) -> Iterable[list[object]]:
    """Per temperature and for all: distinct sentences by verdict and kind of error, words and seconds."""
    yield ["what", "at 0.2", "at 0.7", "at 1.0", "all"]
    groups = [[d for d in drafts if d.temperature == t] for t in (0.2, 0.7, 1.0)] + [drafts]
    said = [[_sentence(d, text) for d in g for text in sentences(d.reply)] for g in groups]
    yield ["drafts", *map(len, groups)]
    yield ["drafts cut off at 250 tokens", *(_share(d.cut for d in g) for g in groups)]
    yield ["words per draft, mean", *(_mean(len(d.reply.split()) for d in g) for g in groups)]
    yield ["seconds per draft, mean", *(_mean(d.seconds for d in g) for g in groups)]
    for verdict in ("entailed", "contradicted", "unsupported", "harmless"):
        yield [f"sentences {verdict}", *(_share(s.verdict == verdict for s in group) for group in said)]
    every = sorted({kind for s in said[-1] if s.verdict in FALSE for kind in kinds(s)})
    for kind in every:
        counts = ((s.verdict in FALSE and kind in kinds(s) for s in group) for group in said)
        yield [f"sentences wrong about: {kind}", *map(_share, counts)]
    yield [
        "drafts with a contradicted sentence",
        *(_share(_has(d, "contradicted") for d in g) for g in groups),
    ]
    yield [
        "drafts with an unsupported sentence",
        *(_share(_has(d, "unsupported") for d in g) for g in groups),
    ]
    yield [
        "drafts that leave something mandatory out",
        *(_share(bool(d.whole.omissions) for d in g) for g in groups),
    ]
    for what in sorted({o.what for d in drafts for o in d.whole.omissions}):
        counts = ((any(o.what == what for o in d.whole.omissions) for d in g) for g in groups)
        yield [f"drafts that leave out: {what}", *map(_share, counts)]
    yield [
        "drafts that pass as written",
        *(_share(d.whole.outcome == "pass" and not d.cut for d in g) for g in groups),
    ]


def outcome_table(one: dict[str, Written], loops: dict[str, Written]) -> Iterable[list[object]]:
    """What was shown after one draft, and after the loop where it was run."""
    groups = [[*one.values()], [one[name] for name in loops], [*loops.values()]]
    yield [
        "what was shown",
        "after one draft",
        "the slices of the loops after one draft",
        "and after at most three",
    ]
    for result in ("as_written", "repaired", "template"):
        yield [
            result,
            *(_share(w.writing is not None and w.writing.result == result for w in g) for g in groups),
        ]
    yield ["passes the audit", *(_share(w.audit.passed for w in g) for g in groups)]


def reader_table(
    labels: list[dict[str, str]], drafts: dict[str, Judged], shown: dict[str, set[str]]
) -> Iterable[list[object]]:
    """The audit's verdicts beside the reader's labels, sentence by sentence, without those that were cut off."""
    pairs = [(one["label"], _verdict(drafts[one["draft"]], one["sentence"]), one) for one in labels]
    whole = [(label, verdict, one) for label, verdict, one in pairs if label != "cut off"]
    yield ["measure", "value"]
    yield ["drafts read", len({one["draft"] for one in labels})]
    yield ["sentences read", len(whole)]
    yield ["sentences cut off, not counted", len(pairs) - len(whole)]
    yield [
        "false sentences found (recall)",
        _share(verdict in FALSE for label, verdict, _ in whole if label in FALSE),
    ]
    yield [
        "flagged sentences that are false (precision)",
        _share(label in FALSE for label, verdict, _ in whole if verdict in FALSE),
    ]
    yield [
        "true sentences flagged (false alarms)",
        _share(verdict in FALSE for label, verdict, _ in whole if label not in FALSE),
    ]
    for label in FALSE:
        yield [
            f"{label} sentences found",
            _share(verdict in FALSE for read, verdict, _ in whole if read == label),
        ]
    slipped = [one for label, _, one in whole if label in FALSE and one["sentence"] in shown[one["draft"]]]
    yield [
        "false sentences that reached the page after one draft",
        _share(o in slipped for la, _, o in whole if la in FALSE),
    ]


def disagreements(labels: list[dict[str, str]], drafts: dict[str, Judged]) -> Iterable[list[object]]:
    """Every sentence on which reader and audit differ about true or false."""
    yield ["draft", "sentence", "reader", "reader_reason", "audit", "audit_reason"]
    for one in labels:
        found = _sentence(drafts[one["draft"]], one["sentence"])
        if one["label"] != "cut off" and (one["label"] in FALSE) != (found.verdict in FALSE):
            yield [
                one["draft"],
                one["sentence"],
                one["label"],
                one["reason"],
                found.verdict,
                found.reason or "",
            ]


def _sentence(draft: Judged, text: str) -> SentenceAudit:
    return next(s for s in draft.text.sentences if s.text == text)


def _verdict(draft: Judged, text: str) -> str:
    return _sentence(draft, text).verdict


def _has(draft: Judged, verdict: str) -> bool:
    return any(s.verdict == verdict for s in draft.text.sentences)


def _share(flags: Iterable[bool]) -> str:
    every = list(flags)
    return str(Counted(sum(every), len(every)))


def _mean(values: Iterable[float]) -> str:
    every = list(values)
    return f"{sum(every) / len(every):.1f}" if every else "none"


def _csv(rows: Iterable[list[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _verdict_rows(drafts: list[Judged]) -> Iterable[list[object]]:
    yield ["draft", "sentence_number", "verdict", "wrong_about", "reason"]
    for draft in drafts:
        listed = sentences(draft.reply)
        for number, text in enumerate(listed, start=1):
            found = _sentence(draft, text)
            wrong = "; ".join(sorted(kinds(found))) if found.verdict in FALSE else ""
            yield [draft.name, number, found.verdict, wrong, found.reason or ""]


def main() -> None:
    """Write the tables to ``out`` and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    for name in ("findings", "drafts", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--loops", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    options = parser.parse_args()
    lines = kept(options.drafts)
    drafts = {name: judged(options.findings, line) for name, line in lines.items()}
    one = {name: _shown(d.findings, [lines[name]]) for name, d in drafts.items()}
    loops = {
        name: _shown(drafts[name].findings, line["attempts"]) for name, line in kept(options.loops).items()
    }
    with options.labels.open(encoding="utf-8", newline="") as stream:
        labels = [row for row in csv.DictReader(stream) if row["draft"] in drafts]
    shown = {name: {s.text for s in written.report.sentences()} for name, written in one.items()}
    tables = {
        "errors.csv": error_table(list(drafts.values())),
        "shown.csv": outcome_table(one, loops),
        "audit_beside_reader.csv": reader_table(labels, drafts, shown),
        "disagreements.csv": disagreements(labels, drafts),
        "verdicts.csv": _verdict_rows(list(drafts.values())),
    }
    for name, rows in tables.items():
        text = _csv(rows)
        (options.out / name).write_text(text, encoding="utf-8")
        if name != "verdicts.csv":
            print(f"\n{name}\n{text}")
    print(Counter(len(line["attempts"]) for line in kept(options.loops).values()), "drafts per loop")


def _shown(findings: Findings, attempts: list[dict[str, str | None]]) -> Written:
    return write_with(findings, Replies(attempts), "free", "structured", asked(0))


if __name__ == "__main__":
    main()
