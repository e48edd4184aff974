"""The gate between a writer and a reader: what fails is replaced by what the grammar writes."""

from __future__ import annotations

from collections.abc import Iterator

from saliscribe.audit.mandatory import duties
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.records.audit import Audit, SentenceAudit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, ReportSentence

_LISTS = frozenset(("F9.main", "F9.minor", "F9.fragile"))


def gate(draft: Report, findings: Findings, repair: bool = True) -> tuple[Report, Audit]:
    """The report that may be shown, and its audit.

    A draft that passes is returned with the fact ids of every sentence filled in. One that is true and only leaves
    out something mandatory keeps every word, and the template's sentences about that are added. Otherwise its
    faithful sentences stay, the others go to ``Audit.rejected``, and the sentences of the template that say
    something still unsaid are added to their sections; if even that does not pass, the whole template is shown.
    With ``repair=False`` a failing draft is ``blocked``.
    """
    first = verify(draft, findings)
    if first.outcome == "pass" or not repair:
        return _with_ids(draft, first), first
    rejected = tuple(s for s in first.sentences if s.verdict not in ("entailed", "harmless"))
    template = render(findings, draft.style)
    for shown in _candidates(draft, first, template, findings, keeps_all=not rejected):
        again = verify(shown, findings)
        if again.outcome == "pass":
            update = {
                "outcome": "repaired",
                "rejected": rejected,
                "omissions": first.omissions,
                "attempts": 2,
            }
            return _with_ids(shown, again), again.model_copy(update=update)
    return _with_ids(draft, first), first


def _candidates(
    draft: Report, audit: Audit, template: Report, findings: Findings, *, keeps_all: bool
) -> Iterator[Report]:
    """What may be shown in place of the draft, the nearest to it first; without true words of its own, the template."""
    known = {sentence.text for section in template.sections for sentence in section.sentences}
    if any(one.verdict == "entailed" and one.text not in known for one in audit.sentences):
        if keeps_all:
            yield _completed(draft, audit, template, findings)
        yield _merged(draft, audit, template, findings)
    yield template


def _with_ids(report: Report, audit: Audit) -> Report:
    ids = {s.text: s.fact_ids for s in audit.sentences if s.verdict == "entailed"}
    sections = tuple(
        section.model_copy(
            update={
                "sentences": tuple(
                    ReportSentence(text=s.text, fact_ids=ids.get(s.text, ())) for s in section.sentences
                )
            }
        )
        for section in report.sections
    )
    return report.model_copy(update={"sections": sections})


def _completed(draft: Report, audit: Audit, template: Report, findings: Findings) -> Report:
    """The draft word for word, and behind it in each section what the template says of the missing duties."""
    missing = {(omission.fact_id, omission.what) for omission in audit.omissions}
    wanted = [set(map(".".join, d.keys)) for d in duties(findings) if (d.fact_id, d.what) in missing]
    claims = {s.text: {claim.about for claim in s.claims} for s in verify(template, findings).sentences}
    added: dict[str, list[ReportSentence]] = {}
    for section in template.sections:
        for sentence in section.sentences:
            helps = [keys for keys in wanted if keys & claims[sentence.text]]
            if helps:
                added.setdefault(section.name, []).append(sentence)
                wanted = [keys for keys in wanted if keys not in helps]
    drafted = {section.name: section for section in draft.sections}
    sections = tuple(
        section.model_copy(
            update={
                "sentences": (
                    *(drafted[section.name].sentences if section.name in drafted else ()),
                    *added.get(section.name, ()),
                )
            }
        )
        for section in template.sections
    )
    return draft.model_copy(update={"sections": sections})


def _merged(draft: Report, audit: Audit, template: Report, findings: Findings) -> Report:
    """The faithful sentences of the draft, and in the template's order what they do not say.

    A draft's sentence that only repeats what an added one says is left out: nobody wants to read it twice.
    """
    faithful = {
        s.text: {claim.about for claim in s.claims} for s in audit.sentences if s.verdict == "entailed"
    }
    claims = {s.text: {claim.about for claim in s.claims} for s in verify(template, findings).sentences}
    said = _said(audit.sentences)
    drafted = {section.name: section.sentences for section in draft.sections}
    sections = []
    for section in template.sections:
        own = [s.text for s in section.sentences]
        rest = [s for s in section.sentences if s.text in faithful or not claims[s.text] <= said]
        told = set().union(*(claims[s.text] for s in rest))
        extra = [
            s
            for s in drafted.get(section.name, ())
            if s.text not in own and not faithful.get(s.text, told) <= told
        ]
        sections.append(section.model_copy(update={"sentences": (*extra, *rest)}))
    return draft.model_copy(update={"sections": tuple(sections)})


def _said(sentences: tuple[SentenceAudit, ...]) -> set[str]:
    """What faithful sentences say in full; free prose may name only some of a list."""
    true = [s for s in sentences if s.verdict == "entailed"]
    return {c.about for s in true for c in s.claims if s.read_by == "grammar" or c.about not in _LISTS}
