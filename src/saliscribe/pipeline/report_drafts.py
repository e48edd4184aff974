"""Ask, check, ask again: the loop that joins a writer to the audit."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass

from saliscribe.audit.gate import gate
from saliscribe.audit.verify import verify
from saliscribe.core.language.render import render
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, Style
from saliscribe.reporting.chat import Chat, Parameters, Request, WriterFault
from saliscribe.reporting.converse import first_request, next_request, prompts_of, settled
from saliscribe.reporting.modes import MODES
from saliscribe.reporting.modes.mode import LIMITS, Unreadable, unfenced, with_limits
from saliscribe.reporting.writing import Attempt, PromptUsed, Result, Writing

#: The first draft and at most two regenerations.
MOST_DRAFTS = 3
_REASONS: dict[Result, str | None] = {
    "as_written": None,
    "repaired": "sentences that did not pass the audit were replaced",
    "template": "no draft could be used",
}


@dataclass(frozen=True)
class Drafted:
    """The best draft (or the template's report), and for a language model the story so far.

    ``clean`` is false where something was already held against the draft, whatever the audit will say.
    """

    report: Report
    writing: Writing | None = None
    clean: bool = True


@dataclass
class _Draft:
    """``failed``: what the mode, the audit or the fault held against it. ``report`` is ``None`` for no report."""

    report: Report | None
    failed: tuple[str, ...]


def collect_drafts(
    findings: Findings, chat: Chat, mode: str, style: Style, parameters: Parameters
) -> Drafted:
    """Ask until a draft passes, three times at most and within the deadline; the best draft is kept.

    Never raises for what a writer does: where no draft could be used the report is the template's.
    """
    parameters = settled(parameters, chat)
    request = first_request(findings, mode, style, parameters)
    until = time.monotonic() + parameters.deadline_s
    attempts: list[Attempt] = []
    drafts: list[_Draft] = []
    reason = None
    while len(attempts) < MOST_DRAFTS:
        attempt, fault = _ask(chat, request, until - time.monotonic())
        draft = _read(attempt, findings, mode, style, chat.author.writer, fault)
        attempts.append(attempt if draft is None else attempt.model_copy(update={"failed": draft.failed}))
        if draft is None:
            reason = fault.words if fault else None
            break
        drafts.append(draft)
        if not draft.failed:
            break
        request = next_request(request, attempt.reply or "", draft.failed)
    readable = (draft for draft in drafts if draft.report is not None)
    best = min(readable, key=lambda draft: len(draft.failed), default=None)
    writing = Writing(
        author=chat.author,
        mode=mode,
        style=style,
        parameters=parameters,
        prompts=tuple(PromptUsed.of(prompt) for prompt in prompts_of(mode, parameters.prompt, len(attempts))),
        attempts=tuple(attempts),
        result="template",
        reason=reason,
    )
    if best is None or best.report is None:
        return Drafted(render(findings, style), writing, clean=False)
    return Drafted(best.report, writing, clean=not best.failed)


def check_draft(drafted: Drafted, findings: Findings) -> tuple[Report, Audit, Writing | None]:
    """The report that may be shown, its audit, and how it came to be."""
    shown, audit = gate(drafted.report, findings)
    writing = drafted.writing
    if writing is None:
        return shown, audit, None
    result = _result(drafted, shown, audit, render(findings, writing.style))
    if result == "template":
        shown = shown.model_copy(update={"writer": "template", "mode": "template"})
    outcome = "repaired" if audit.passed and result != "as_written" else audit.outcome
    audit = audit.model_copy(update={"outcome": outcome, "attempts": len(writing.attempts)})
    reason = writing.reason or _REASONS[result]
    return shown, audit, writing.model_copy(update={"result": result, "reason": reason})


def _result(drafted: Drafted, shown: Report, audit: Audit, template: Report) -> Result:
    if drafted.report.writer == "template":
        return "template"
    if drafted.clean and audit.outcome == "pass":
        return "as_written"
    texts = {sentence.text for sentence in template.sentences()}
    own = any(sentence.text not in texts for sentence in shown.sentences())
    return "repaired" if own else "template"


def _ask(chat: Chat, request: Request, seconds: float) -> tuple[Attempt, WriterFault | None]:
    digest = hashlib.sha256(request.model_dump_json().encode()).hexdigest()
    try:
        if seconds <= 0.0:
            raise WriterFault("deadline")
        reply = chat(request, seconds)
    except WriterFault as fault:
        attempt = Attempt(request_sha256=digest, reply=fault.text, fault=fault.reason, status=fault.status)
        return attempt, fault
    return Attempt(request_sha256=digest, reply=reply.text, model=reply.model), None


def _read(
    attempt: Attempt, findings: Findings, mode: str, style: Style, writer: str, fault: WriterFault | None
) -> _Draft | None:
    """The draft of an attempt; ``None`` where there is no text. An answer that was cut short never passes."""
    if attempt.reply is None:
        return None
    try:
        draft = MODES[mode].read(unfenced(attempt.reply), findings, style, writer)
    except Unreadable as error:
        return _Draft(None, (str(error),))
    report = draft.report
    audit = verify(report, findings)
    if any(omission.fact_id == LIMITS for omission in audit.omissions):
        report = with_limits(report, findings)
        audit = verify(report, findings)
    wrong = [s for s in audit.sentences if s.verdict not in ("entailed", "harmless")]
    failed = (
        *((fault.words,) if fault else ()),
        *draft.refused,
        *(f"{s.text} ({s.reason or s.verdict})" for s in wrong),
        *(f"missing: {omission.what}" for omission in audit.omissions),
    )
    return _Draft(report, failed)
