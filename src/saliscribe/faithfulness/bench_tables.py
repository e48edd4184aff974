"""A run of the bench for people (tables) and for programs (CSV)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from rich.console import Console
from rich.table import Table

from saliscribe.faithfulness.bench_summary import bases, by_type, false_alarms, frequent_alarms, pooled
from saliscribe.faithfulness.mutations import MUTATIONS
from saliscribe.faithfulness.run_bench import Results
from saliscribe.faithfulness.shootout import Ranking
from saliscribe.faithfulness.wilson import Counted

CAUTION = "Faithful to the findings is not the same as correct about the patient."


def print_bench(results: Results, console: Console | None = None) -> None:
    """Detected per type and false alarms per kind, for every base; counts with 95 % Wilson intervals."""
    console = console or Console()
    for base in bases(results):
        console.print(_types(results, base))
        console.print(_alarms(results, base))
    console.print(CAUTION)


def print_shootout(base: str, rankings: Sequence[Ranking], console: Console | None = None) -> None:
    """AUROC of every metric over all types; the letters are in the CSV."""
    title = f"{base}: true reports ranked above false ones (AUROC; 0.5 is chance)"
    table = Table("metric", "AUROC", "95 % by findings", "reports", title=title)
    for ranking in rankings:
        low, high = ranking.auroc.low, ranking.auroc.high
        interval = "" if low is None or high is None else f"{low:.3f} to {high:.3f}"
        table.add_row(ranking.metric, f"{ranking.auroc.value:.3f}", interval, str(ranking.auroc.n))
    (console or Console()).print(table)


def shootout_csv(tables: Mapping[str, Sequence[Ranking]]) -> str:
    """One row per base and metric."""
    letters = "ABCDEFGHI"
    rows = [
        [base, r.metric, f"{r.auroc.value:.4f}", r.auroc.low, r.auroc.high, r.auroc.n,
         *(f"{r.letters[letter]:.4f}" if letter in r.letters else "" for letter in letters)]
        for base, rankings in tables.items()
        for r in rankings
    ]  # fmt: skip
    return _csv(["base", "metric", "auroc", "low", "high", "reports", *letters], rows)


def detected_csv(results: Results) -> str:
    """One row per base and type."""
    names = {mutation.id: mutation.what for mutation in MUTATIONS}
    rows = [
        [base, name, names[name], placed.n, blocked.hits, placed.hits, *_ends(placed)]
        for base in bases(results)
        for name, (blocked, placed) in by_type(results, base).items()
    ]
    return _csv(["base", "type", "what", "n", "blocked", "placed", "placed_low", "placed_high"], rows)


def alarms_csv(results: Results) -> str:
    """One row per base and clean kind."""
    rows = [
        [base, kind, wrong.n, wrong.hits, *_ends(wrong), false.hits, reports.n, reports.hits]
        for base in bases(results)
        for kind, (wrong, false, reports) in false_alarms(results, base).items()
    ]
    columns = [
        "base",
        "kind",
        "sentences",
        "alarms",
        "low",
        "high",
        "contradicted",
        "reports",
        "reports_not_passed",
    ]
    return _csv(columns, rows)


def mutants_csv(results: Results) -> str:
    """One row per mutant; sentences in sealed words are not shown."""
    rows = [
        [f.base, f.style, f.mutation, f.seed, f.blocked, f.placed, f.wrong, _shown(f.base, f.changed)]
        for f in results.found
    ]
    return _csv(["base", "style", "type", "seed", "blocked", "placed", "wrong", "changed"], rows)


def alarm_sentences_csv(results: Results) -> str:
    """The true sentences that were judged false most often, by pattern, with one example; none in sealed words."""
    rows = [
        [base, times, wording, example]
        for base in bases(results)
        if base != "sealed"
        for wording, times, example in frequent_alarms(results, base)
    ]
    return _csv(["base", "times", "pattern", "example"], rows)


def _types(results: Results, base: str) -> Table:
    blocked, placed = pooled(results, base)
    title = f"{base}: blocked for the right reason {placed}; blocked at all {blocked}"
    table = Table("type", "what is wrong", "n", "blocked", "for the right reason", "95 %", title=title)
    names = {mutation.id: mutation.what for mutation in MUTATIONS}
    for name, (any_reason, right) in by_type(results, base).items():
        table.add_row(name, names[name], str(right.n), _share(any_reason), _share(right), _range(right))
    return table


def _alarms(results: Results, base: str) -> Table:
    title = f"{base}: false alarms on true text"
    table = Table(
        "kind", "sentences", "false alarms", "95 %", "called false", "reports", "not passed", title=title
    )
    for kind, (wrong, false, reports) in false_alarms(results, base).items():
        table.add_row(
            kind,
            str(wrong.n),
            f"{wrong.hits} ({_share(wrong)})",
            _range(wrong),
            str(false.hits),
            str(reports.n),
            str(reports.hits),
        )
    return table


def _share(counted: Counted) -> str:
    return "no case" if counted.share is None else f"{100 * counted.share:.1f} %"


def _range(counted: Counted) -> str:
    return (
        ""
        if counted.interval is None
        else "{:.1f} to {:.1f}".format(*(100 * end for end in counted.interval))
    )


def _ends(counted: Counted) -> tuple[str, str]:
    low, high = counted.interval or (None, None)
    return ("", "") if low is None or high is None else (f"{low:.4f}", f"{high:.4f}")


def _shown(base: str, texts: tuple[str, ...]) -> str:
    return "(sealed)" if base == "sealed" else " | ".join(texts)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
