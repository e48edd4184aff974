"""Does a text say what the findings say, no more and no less?"""

from __future__ import annotations

from saliscribe.audit.clause import Context
from saliscribe.audit.ground import Ground, ground
from saliscribe.audit.headings import is_title, opens_list
from saliscribe.audit.judge import judge
from saliscribe.audit.largest_left_out import largest_left_out
from saliscribe.audit.mandatory import left_out
from saliscribe.audit.refused import refused
from saliscribe.audit.second_look import second_look
from saliscribe.core.language.reported import Claims
from saliscribe.core.language.split_text import Piece, split_text
from saliscribe.core.records.audit import Audit, Omission, SentenceAudit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report

EMPTY = "the findings say nothing of the kind"


def verify(text_or_report: str | Report, findings: Findings) -> Audit:
    """Judge every sentence of a report (or of plain or Markdown text) against ``findings``.

    A sentence of the grammar, in any style, is read word for word. Any other sentence is read as free prose with the
    lexicon: it is ``entailed`` when all its claims hold and every word with a clinical meaning is accounted for by a
    fact, ``contradicted`` when a claim has another value in the findings, ``unsupported`` when the findings are
    silent, a word is unknown or nothing is claimed, ``harmless`` when it is a heading. The outcome is ``pass`` when
    nothing is contradicted or unsupported and no mandatory fact is left out, otherwise ``blocked``. Faithful to the
    findings is not the same as correct about the patient.
    """
    asked, context = ground(findings), Context()
    verdicts: list[SentenceAudit] = []
    said: Claims = {}
    for piece in _pieces(text_or_report):
        if piece.is_heading or piece.text.rstrip().endswith(":"):
            context.listing_unassessed = opens_list(piece.text)
        verdict, claims = _judge_piece(piece, asked, context)
        verdicts.append(verdict)
        said.update(claims)
    verdicts = largest_left_out(verdicts, findings)
    omissions = tuple(Omission(fact_id=duty.fact_id, what=duty.what) for duty in left_out(findings, said))
    faithful = all(v.verdict in ("entailed", "harmless") for v in verdicts) and not omissions
    return Audit(outcome="pass" if faithful else "blocked", sentences=tuple(verdicts), omissions=omissions)


def _judge_piece(piece: Piece, asked: Ground, context: Context) -> tuple[SentenceAudit, Claims]:
    if piece.is_heading and opens_list(piece.text):
        return SentenceAudit(text=piece.text, verdict="harmless"), {}
    verdict, claims = judge(piece.text, asked, context)
    empty = verdict.verdict == "harmless" and verdict.read_by == "prose"
    if empty and not (piece.is_heading or is_title(piece.text)):
        # "Everything looks fine." is made of harmless words, and is no harmless sentence.
        return verdict.model_copy(update={"verdict": "unsupported", "reason": EMPTY}), {}
    told_freely = verdict.verdict == "entailed" and verdict.read_by == "prose"
    objection = second_look(piece.text, asked.true, frozenset(claims)) if told_freely else None
    if told_freely and objection is None:
        objection = refused(piece.text, asked, claims.keys())
    if objection is not None:
        return verdict.model_copy(update=dict(zip(("verdict", "reason"), objection, strict=True))), {}
    return verdict, claims


def _pieces(text_or_report: str | Report) -> list[Piece]:
    if isinstance(text_or_report, str):
        return list(split_text(text_or_report))
    pieces = []
    for section in text_or_report.sections:
        heading = Piece(section.title, is_heading=True)
        parts = [part for s in section.sentences for part in split_text(s.text)]
        pieces += [heading, *parts] if opens_list(section.title) else parts
    return pieces
