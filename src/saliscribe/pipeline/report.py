"""The verb ``report``: findings -> an audited report, without pixels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, Style
from saliscribe.errors import UsageError
from saliscribe.pipeline.check_writer import check_writer
from saliscribe.pipeline.offline import forbid_network
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.pipeline.report_drafts import Drafted, check_draft, collect_drafts
from saliscribe.reporting.chat import Chat, Parameters, RemoteChat
from saliscribe.reporting.converse import first_request, settled
from saliscribe.reporting.markdown import to_markdown
from saliscribe.reporting.open_chat import Writer
from saliscribe.reporting.write_report import DEFAULT_PARAMETERS, check_style, chosen_mode, write_report
from saliscribe.reporting.writing import Writing


@dataclass(frozen=True)
class Written:
    """A report that may be shown, its audit, the findings that both rest on, and how a model's text came to be."""

    findings: Findings
    report: Report
    audit: Audit
    writing: Writing | None = None

    @property
    def markdown(self) -> str:
        """The report as Markdown."""
        return to_markdown(self.report)

    def as_json(self) -> dict[str, Any]:
        """Report and audit as plain data; for a language model also its replies, parameters and prompts."""
        story = {} if self.writing is None else {"writing": self.writing.model_dump(mode="json")}
        return {
            "report": self.report.model_dump(mode="json"),
            "audit": self.audit.model_dump(mode="json"),
            **story,
        }


def report(
    findings: str | Path | Findings,
    *,
    writer: Writer = "template",
    mode: str = "template",
    style: Style = "structured",
    parameters: Parameters = DEFAULT_PARAMETERS,
    offline: bool = False,
) -> Written:
    """Write a report from findings (a ``findings.json`` or the record) and audit it; no pixels, no torch.

    ``writer`` is a name of the table of writers, a list of replies, a function from a request to a reply, or any
    other conversation. Whatever it answers, or if it does not answer, the report is faithful to the findings.

    Raises:
        InputError: not a findings file. UsageError: an unknown writer, mode or style, or a remote writer while
            ``offline``. MissingError: an extra, a model or a key that is not here.
    """
    chat = check_writer(writer, mode, offline)
    check_style(style)
    if offline:
        forbid_network()
    facts = findings if isinstance(findings, Findings) else read_findings(Path(findings))
    return write_with(facts, chat, chosen_mode(writer, mode), style, parameters)


def write_with(
    facts: Findings, chat: Chat | None, mode: str, style: Style, parameters: Parameters
) -> Written:
    """The report by ``chat``, or by the template where there is none."""
    drafted = (
        Drafted(write_report(facts, style=style))
        if chat is None
        else collect_drafts(facts, chat, mode, style, parameters)
    )
    return Written(facts, *check_draft(drafted, facts))


def shown_payload(
    findings: str | Path | Findings,
    *,
    writer: str,
    mode: str = "template",
    style: Style = "structured",
    parameters: Parameters = DEFAULT_PARAMETERS,
) -> bytes:
    """Exactly the bytes that ``report`` would send first to the server of ``writer``; nothing is sent.

    No key is needed.

    Raises:
        UsageError: a writer that sends nothing. The other errors are those of ``report``.
    """
    chat = check_writer(writer, mode, asks=False)
    if not isinstance(chat, RemoteChat):
        raise UsageError("this writer sends nothing", got=writer, do="name a writer on a server")
    check_style(style)
    facts = findings if isinstance(findings, Findings) else read_findings(Path(findings))
    request = first_request(facts, chosen_mode(writer, mode), style, settled(parameters, chat))
    return chat.payload(request)
