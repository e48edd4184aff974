"""The usual text metrics beside the audit, on the same true and false reports."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.faithfulness.draft import Draft, Line, as_markdown
from saliscribe.faithfulness.mutations import MUTATIONS
from saliscribe.faithfulness.run_bench import Check, mutants
from saliscribe.metrics.bootstrap import Figure, bootstrap_weighted
from saliscribe.metrics.text_coherence import coherence, has_embedding
from saliscribe.metrics.text_diversity import maas, mattr, mtld, ttr
from saliscribe.metrics.text_overlap import coverage, rouge_l, rouge_n
from saliscribe.metrics.text_readability import count, flesch_kincaid_grade, flesch_reading_ease, gunning_fog
from saliscribe.metrics.text_words import words
from saliscribe.metrics.weighted_auroc import weighted_auroc

_RESAMPLES = 2000


@dataclass(frozen=True)
class Text:
    """One report: its sentences, and the template's report on the same findings as a reference."""

    sentences: tuple[str, ...]
    reference: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """All words in order."""
        return [word for sentence in self.sentences for word in words(sentence)]


@dataclass(frozen=True)
class Ranking:
    """How well a metric ranks true reports above false ones: 0.5 is chance. ``letters``: for one kind of error."""

    metric: str
    auroc: Figure
    letters: Mapping[str, float]


def _readable(formula: Callable[..., float], sign: float) -> Callable[[Text], float]:
    return lambda text: sign * formula(count("\n\n".join(text.sentences)))


#: Metric -> score, turned so that more is what the metric calls better.
METRICS: Mapping[str, Callable[[Text], float]] = {
    "TTR": lambda text: ttr(text.words),
    "MATTR": lambda text: mattr(text.words),
    "MTLD": lambda text: mtld(text.words),
    "Maas": lambda text: -maas(text.words),
    "Flesch reading ease": _readable(flesch_reading_ease, 1.0),
    "Flesch-Kincaid grade": _readable(flesch_kincaid_grade, -1.0),
    "Gunning fog": _readable(gunning_fog, -1.0),
    "coherence (MiniLM)": lambda text: coherence(text.sentences),
    "ROUGE-1": lambda text: rouge_n(text.reference, text.words, 1),
    "ROUGE-2": lambda text: rouge_n(text.reference, text.words, 2),
    "ROUGE-L": lambda text: rouge_l(text.reference, text.words),
    "coverage": lambda text: coverage(text.reference, text.words),
}


def shootout(base: str, n: int, seed: int = 0, check: Check = verify) -> list[Ranking]:
    """AUROC of the audit and of every metric over mutants of all types (``n`` of each) and their clean twins.

    Intervals are 95 % bootstrap intervals by findings. Coherence is left out where no embedding is installed.
    """
    wanted = {name: score for name, score in METRICS.items() if "MiniLM" not in name or has_embedding()}
    scores: dict[str, list[float]] = {name: [] for name in ("audit", *wanted)}
    letters: list[str] = []
    clusters: list[str] = []
    twins: set[int] = set()
    for mutation in MUTATIONS:
        for at, style, draft, mutant in mutants(base, mutation, n, seed):
            reference = _reference(draft.findings, style)
            reports = [(mutation.letter, mutant.lines), *([] if at in twins else [("", draft.lines)])]
            twins.add(at)
            for letter, lines in reports:
                text = Text(tuple(line.text for line in lines), reference)
                scores["audit"].append(-_faults(draft, lines, check))
                for name, score in wanted.items():
                    scores[name].append(score(text))
                letters.append(letter)
                clusters.append(str(at))
    return [
        _ranking(name, np.asarray(values), np.asarray(letters), clusters) for name, values in scores.items()
    ]


def _faults(draft: Draft, lines: tuple[Line, ...], check: Check) -> float:
    audit: Audit = check(as_markdown(lines, draft.bullets), draft.findings)
    return sum(s.verdict in ("contradicted", "unsupported") for s in audit.sentences) + len(audit.omissions)


def _reference(findings: Findings, style: str) -> tuple[str, ...]:
    """The structured report, or the narrative one for a text that is itself the structured report."""
    report = render(findings, "narrative" if style == "structured" else "structured")
    return tuple(word for sentence in report.sentences() for word in words(sentence.text))


def _ranking(
    name: str, values: NDArray[np.float64], letters: NDArray[np.str_], clusters: list[str]
) -> Ranking:
    """A score that is not defined for a text ranks it in the middle of all others."""
    scores = np.where(np.isnan(values), np.nanmedian(values) if not np.isnan(values).all() else 0.0, values)
    clean = letters == ""
    whole = bootstrap_weighted(weighted_auroc(scores, clean), clusters, resamples=_RESAMPLES)
    by_letter = {}
    for letter in sorted(set(letters) - {""}):
        chosen = clean | (letters == letter)
        ones = np.ones((1, int(chosen.sum())))
        by_letter[str(letter)] = float(weighted_auroc(scores[chosen], clean[chosen])(ones)[0])
    return Ranking(name, whole, {k: v for k, v in by_letter.items() if not math.isnan(v)})
