"""Mutants and clean twins against an audit: what was found, and what was found wrongly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from saliscribe.audit.verify import verify
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import STYLES
from saliscribe.faithfulness.draft import Draft, Line, Mutant, as_markdown
from saliscribe.faithfulness.mutations import MUTATIONS, Mutation
from saliscribe.faithfulness.paraphrase import paraphrased_draft
from saliscribe.faithfulness.paraphrase_values import Part
from saliscribe.faithfulness.plausible_findings import plausible_findings
from saliscribe.faithfulness.rewordings import REWORDINGS, reordered, reworded
from saliscribe.faithfulness.template_draft import template_draft
from saliscribe.findings.random_findings import random_findings

Check = Callable[[str, Findings], Audit]
#: Findings that are drawn at most, for one mutant wanted, before a type is given up as rare.
_PATIENCE = 12


@dataclass(frozen=True)
class Found:
    """One mutant. ``blocked``: it did not pass. ``placed``: a false sentence was judged false (or, where something
    is left out, the omission named) that the clean twin does not have."""

    base: str
    style: str
    mutation: str
    seed: int
    blocked: bool
    placed: bool
    wrong: str
    changed: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """One clean report: the true sentences that raised an alarm, and their patterns. ``contradicted`` of them were
    called false; the others were not understood, or found no support."""

    base: str
    style: str
    kind: str
    seed: int
    sentences: int
    texts: tuple[str, ...]
    wordings: tuple[str, ...]
    passed: bool
    omissions: tuple[str, ...]
    contradicted: int = 0


@dataclass(frozen=True)
class Results:
    """Everything that one run has seen."""

    n: int
    seed: int
    found: tuple[Found, ...]
    alarms: tuple[Alarm, ...]


def template_drafts(seed: int) -> tuple[str, Draft]:
    """The draft of one seed in the template's words; the styles take turns."""
    style = STYLES[seed % len(STYLES)]
    return style, template_draft(random_findings(seed), style)


def _paraphrased(part: Part) -> Callable[[int], tuple[str, Draft]]:
    return lambda seed: ("paraphrase", paraphrased_draft(plausible_findings(seed), seed, part))


#: The template's own sentences; other words that may be looked at; other words that may not.
BASES: dict[str, Callable[[int], tuple[str, Draft]]] = {
    "template": template_drafts,
    "open": _paraphrased("open"),
    "sealed": _paraphrased("sealed"),
}


def run_bench(
    n: int,
    seed: int = 0,
    bases: tuple[str, ...] = tuple(BASES),
    check: Check = verify,
    progress: Callable[[str], None] = lambda line: None,
) -> Results:
    """``n`` mutants of every type and ``n`` clean reports of every kind, per base; the same for the same seed.

    A type that few findings allow ends with fewer. ``check`` is the audit that is tried.
    """
    found: list[Found] = []
    alarms: list[Alarm] = []
    for base in bases:
        alarms += _clean(base, n, seed, check)
        progress(f"{base}: clean reports done")
        for mutation in MUTATIONS:
            found += _mutants(base, mutation, n, seed, check)
            progress(f"{base}: {mutation.id} done")
    return Results(n, seed, tuple(found), tuple(alarms))


def mutants(base: str, mutation: Mutation, n: int, seed: int) -> Iterator[tuple[int, str, Draft, Mutant]]:
    """(seed, style, draft, mutant) of the first ``n`` findings that the mutation applies to."""
    left = n
    for at in range(seed, seed + n * _PATIENCE):
        if not left:
            return
        style, draft = BASES[base](at)
        mutant = mutation.mutate(draft, Random(f"{mutation.id} {at}"))
        if mutant is not None:
            left -= 1
            yield at, style, draft, mutant


def _mutants(base: str, mutation: Mutation, n: int, seed: int, check: Check) -> Iterator[Found]:
    for at, style, draft, mutant in mutants(base, mutation, n, seed):
        audit = check(as_markdown(mutant.lines, draft.bullets), draft.findings)
        twin = check(draft.markdown(), draft.findings) if mutant.missing else None
        placed = _is_placed(mutant, audit, twin)
        blocked = audit.outcome != "pass"
        yield Found(base, style, mutation.id, at, blocked, placed, mutant.wrong, mutant.changed)


def _is_placed(mutant: Mutant, audit: Audit, twin: Audit | None) -> bool:
    if any(_is_flagged(text, audit) for text in mutant.changed):
        return True
    before = {(o.fact_id, o.what) for o in twin.omissions} if twin else set()
    return any(o.fact_id in mutant.missing and (o.fact_id, o.what) not in before for o in audit.omissions)


def _is_flagged(
    sentence: str, audit: Audit, verdicts: tuple[str, ...] = ("contradicted", "unsupported")
) -> bool:
    """True when the audit judged this sentence, or a part of it, so."""
    return any(
        judged.verdict in verdicts and (judged.text in sentence or sentence in judged.text)
        for judged in audit.sentences
    )


def _clean(base: str, n: int, seed: int, check: Check) -> Iterator[Alarm]:
    for at in range(seed, seed + n):
        style, draft = BASES[base](at)
        texts = tuple(line.text for line in draft.lines)
        yield _alarm(base, style, "as written", at, draft, draft.lines, texts, check)
        shuffled = reordered(draft, Random(f"order {at}"))
        yield _alarm(base, style, "order", at, draft, shuffled, texts, check)
        for kind in REWORDINGS:
            lines, changed = reworded(draft, kind, Random(f"{kind} {at}"))
            if changed:
                yield _alarm(base, style, kind, at, draft, lines, changed, check)


def _alarm(
    base: str,
    style: str,
    kind: str,
    seed: int,
    draft: Draft,
    lines: tuple[Line, ...],
    looked_at: tuple[str, ...],
    check: Check,
) -> Alarm:
    audit = check(as_markdown(lines, draft.bullets), draft.findings)
    wrong = [line for line in lines if line.text in looked_at and _is_flagged(line.text, audit)]
    return Alarm(
        base, style, kind, seed, len(looked_at), tuple(line.text for line in wrong),
        tuple(line.wording for line in wrong), audit.outcome == "pass", tuple(o.what for o in audit.omissions),
        sum(_is_flagged(line.text, audit, ("contradicted",)) for line in wrong),
    )  # fmt: skip
