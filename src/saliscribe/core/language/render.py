"""Findings -> sentences. The same findings and style always give the same text."""

from __future__ import annotations

from collections.abc import Iterable

from saliscribe.core.language.reported import Claims, Key, reported, reported_name
from saliscribe.core.language.sentence import Sentence
from saliscribe.core.language.styles import PLANS, titles
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, ReportSection, ReportSentence, Style


def render(findings: Findings, style: Style = "structured") -> Report:
    """The report that the grammar writes; every sentence carries the ids of the facts it states."""
    claims, names = reported(findings), titles(style)
    sections = []
    for name, lines in PLANS[style].items():
        chosen = [next((s for s in line if s.fits(claims)), None) for line in lines]
        written = tuple(_write(s, claims, findings) for s in chosen if s is not None)
        sections.append(ReportSection(name=name, title=names[name], sentences=written))
    return Report(writer="template", style=style, sections=tuple(sections))


def stated(findings: Findings, style: Style = "structured") -> Claims:
    """The claims that ``render`` puts into words in this style."""
    claims = reported(findings)
    lines = (line for section in PLANS[style].values() for line in section)
    chosen = (next((s for s in line if s.fits(claims)), None) for line in lines)
    return {key: claims[key] for s in chosen if s is not None for key in s.keys}


def _write(sentence: Sentence, claims: Claims, findings: Findings) -> ReportSentence:
    return ReportSentence(text=sentence.render(claims), fact_ids=fact_ids(sentence.keys, findings, claims))


def fact_ids(keys: Iterable[Key], findings: Findings, known: Claims) -> tuple[str, ...]:
    """The ids of the facts that claims are about,
    in the order of the findings.

    ``known`` is ``reported(findings)``; parts such as structures are named with their whole.
    """
    wanted: set[str] = set()
    for fact, claim in keys:
        wanted |= _ids_of(fact, claim, findings, known)
    return tuple(sorted(wanted, key=lambda name: [int(part) for part in name[1:].split(".")]))


def _ids_of(fact: str, claim: str, findings: Findings, known: Claims) -> set[str]:
    if fact == "F12":
        return {topic.id for topic in findings.not_assessed}
    if fact == "F11":
        methods = known.get((fact, "poor" if claim == "any_poor" else claim), ())
        return {m.id for m in findings.saliency if m.method in methods}
    if fact == "F13" and claim in ("maps", "failed_maps", "untested_maps"):
        made = tuple(m.method for m in findings.saliency if m.state == "present")
        named = made if claim == "maps" else known.get((fact, claim), ())
        return {"F13", *(its.id for its in findings.reliability.maps if its.method in named)}
    if fact == "F9" and claim in ("main", "minor", "fragile", "shakiest"):
        names = {name for name, *_ in known.get((fact, claim), ())}
        return {"F9", *(s.id for s in findings.location.structures if reported_name(s) in names)}
    return {fact}
