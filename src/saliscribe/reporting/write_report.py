"""Findings -> one report, by the writer that the caller names, before anybody has checked it."""

from __future__ import annotations

from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import STYLES, Report, Style
from saliscribe.errors import UsageError
from saliscribe.reporting.chat import Parameters
from saliscribe.reporting.converse import first_request, settled
from saliscribe.reporting.modes import MODES
from saliscribe.reporting.open_chat import Writer, open_chat
from saliscribe.reporting.providers import PROVIDERS

DEFAULT_PARAMETERS = Parameters()


def write_report(
    findings: Findings,
    writer: Writer = "template",
    style: Style = "structured",
    mode: str = "template",
    parameters: Parameters = DEFAULT_PARAMETERS,
) -> Report:
    """The first draft that ``writer`` makes of ``findings``; every writer but the template means "free" by default.

    Its words are a draft until ``audit.gate`` has judged them; only the template's are true by construction.

    Raises:
        UsageError: an unknown writer, style or mode, or a mode that the writer does not have.
        WriterFault: a language model gave no answer. Unreadable: it gave one that the mode cannot read.
    """
    chosen = chosen_mode(writer, mode)
    check_style(style)
    if chosen == "template":
        report: Report = PROVIDERS.load("template")(findings, style)
        return report
    chat = open_chat(writer)
    request = first_request(findings, chosen, style, settled(parameters, chat))
    reply = chat(request, parameters.deadline_s)
    return MODES[chosen].read(reply.text, findings, style, chat.author.writer).report


def chosen_mode(writer: Writer, mode: str) -> str:
    """The mode that is meant: the template has its own, every other writer is free unless something else is said.

    Raises:
        UsageError: no such mode, or one that the writer does not have.
    """
    if mode not in ("template", *MODES):
        raise UsageError("unknown mode", expected=", ".join(["template", *MODES]), got=repr(mode))
    if not (isinstance(writer, str) and writer.partition(":")[0] == "template"):
        return "free" if mode == "template" else mode
    if ":" in writer:
        raise UsageError("the template writer takes no argument", got=writer, do="use --writer template")
    if mode != "template":
        raise UsageError(
            f"the template writer has no {mode} mode", expected="--mode template", got=f"--mode {mode}"
        )
    return mode


def check_style(style: str) -> None:
    """Raise ``UsageError`` for a style that does not exist."""
    if style not in STYLES:
        raise UsageError("unknown style", expected=", ".join(STYLES), got=repr(style))
