"""Does a text say what the findings say, no more and no less?"""

from __future__ import annotations

from saliscribe.audit.exact import exact
from saliscribe.audit.judge import judge
from saliscribe.audit.mandatory import left_out
from saliscribe.core.language.reported import Claims, reported
from saliscribe.core.language.split_text import split_text
from saliscribe.core.records.audit import Audit, Omission, SentenceAudit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report


def verify(text_or_report: str | Report, findings: Findings) -> Audit:
    """Judge every sentence of a report (or of plain or Markdown text) against ``findings``.

    A sentence is ``entailed`` when the grammar, in any style, reads it as claims that all hold at reporting
    precision; ``contradicted`` when it reads as a claim with another value; ``unsupported`` when the
    grammar cannot
    read it, or when the findings are silent about what it claims; ``harmless`` when it is a heading of the
    project's own. The outcome is ``pass`` when nothing is contradicted or unsupported and no mandatory
    fact is
    left out, otherwise ``blocked``. Faithful to the findings is not the same as correct about the patient.
    """
    known, numbers = reported(findings), exact(findings)
    verdicts: list[SentenceAudit] = []
    said: Claims = {}
    for text in _texts(text_or_report):
        verdict, claims = judge(text, findings, known, numbers)
        verdicts.append(verdict)
        said.update(claims)
    omissions = tuple(Omission(fact_id=duty.fact_id, what=duty.what) for duty in left_out(findings, said))
    faithful = all(v.verdict in ("entailed", "harmless") for v in verdicts) and not omissions
    return Audit(outcome="pass" if faithful else "blocked", sentences=tuple(verdicts), omissions=omissions)


def _texts(text_or_report: str | Report) -> list[str]:
    if isinstance(text_or_report, str):
        return [piece.text for piece in split_text(text_or_report)]
    return [part.text for s in text_or_report.sentences() for part in split_text(s.text)]
