"""What a run of the bench amounts to: counts with their intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from saliscribe.faithfulness.mutations import MUTATIONS
from saliscribe.faithfulness.run_bench import Results
from saliscribe.faithfulness.shootout import Ranking
from saliscribe.faithfulness.wilson import Counted


def by_type(results: Results, base: str) -> dict[str, tuple[Counted, Counted]]:
    """Type -> (blocked, blocked for the right reason), for one base."""
    table = {}
    for mutation in MUTATIONS:
        found = [f for f in results.found if f.base == base and f.mutation == mutation.id]
        placed = sum(f.blocked and f.placed for f in found)
        table[mutation.id] = Counted(sum(f.blocked for f in found), len(found)), Counted(placed, len(found))
    return table


def pooled(results: Results, base: str) -> tuple[Counted, Counted]:
    """(blocked, blocked for the right reason) over all types of one base."""
    every = by_type(results, base).values()
    n = sum(blocked.n for blocked, _ in every)
    return Counted(sum(b.hits for b, _ in every), n), Counted(sum(p.hits for _, p in every), n)


def false_alarms(results: Results, base: str) -> dict[str, tuple[Counted, Counted, Counted]]:
    """Kind of clean report -> (true sentences with an alarm, those called false, reports that did not pass)."""
    kinds = dict.fromkeys(alarm.kind for alarm in results.alarms if alarm.base == base)
    table = {}
    for kind in kinds:
        seen = [a for a in results.alarms if (a.base, a.kind) == (base, kind)]
        sentences = sum(a.sentences for a in seen)
        wrong = Counted(sum(len(a.texts) for a in seen), sentences)
        false = Counted(sum(a.contradicted for a in seen), sentences)
        table[kind] = wrong, false, Counted(sum(not a.passed for a in seen), len(seen))
    return table


def bases(results: Results) -> list[str]:
    """The bases of a run, in order."""
    return list(dict.fromkeys(alarm.base for alarm in results.alarms))


def frequent_alarms(results: Results, base: str, most: int = 40) -> list[tuple[str, int, str]]:
    """(pattern, times, one example) of the true sentences most often judged false."""
    seen = [pair for a in results.alarms if a.base == base for pair in zip(a.wordings, a.texts, strict=True)]
    example = dict(reversed(seen))
    return [
        (wording, times, example[wording]) for wording, times in Counter(w for w, _ in seen).most_common(most)
    ]


def as_dict(results: Results) -> dict[str, Any]:
    """Plain data for JSON."""
    names = {mutation.id: mutation.what for mutation in MUTATIONS}
    out: dict[str, Any] = {"n": results.n, "seed": results.seed, "bases": {}}
    for base in bases(results):
        blocked, placed = pooled(results, base)
        out["bases"][base] = {
            "pooled": {"blocked": blocked.as_dict(), "placed": placed.as_dict()},
            "types": {
                name: {"what": names[name], "blocked": b.as_dict(), "placed": p.as_dict()}
                for name, (b, p) in by_type(results, base).items()
            },
            "false_alarms": {
                kind: {"sentences": s.as_dict(), "contradicted": c.as_dict(), "reports": r.as_dict()}
                for kind, (s, c, r) in false_alarms(results, base).items()
            },
        }
    return out


def shootout_as_dict(rankings: Mapping[str, Sequence[Ranking]]) -> dict[str, Any]:
    """Plain data for JSON: base -> metric -> AUROC over all types and by letter."""
    return {
        base: {r.metric: {"auroc": r.auroc.as_dict(), "letters": dict(r.letters)} for r in table}
        for base, table in rankings.items()
    }
