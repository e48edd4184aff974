"""What a mode is: what it asks, and how it reads the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from saliscribe.core.language.render import render
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, SectionName, Style

#: The fact of what the network cannot know, which is in no payload.
LIMITS = "F14"
_FENCED = re.compile(r"(?P<fence>`{3,}|~{3,})[\w ]*\n(?P<inside>.*)\n(?P=fence)", re.DOTALL)
#: The sections that a language model is never asked for.
_OWN: tuple[SectionName, ...] = ("technique", "not_assessed", "reliability", "notice")


class Unreadable(Exception):
    """An answer that is not what the mode asked for; the message is told to the model, and quotes nothing."""


@dataclass(frozen=True)
class Draft:
    """A report before the audit. ``refused``: what the mode itself took out, with the reason."""

    report: Report
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mode:
    """``prompt`` names the file; ``ask`` makes the user's message; ``schema`` is set where the answer must be JSON.

    ``read`` takes (answer, findings, style, writer) and raises ``Unreadable``.
    """

    prompt: str
    ask: Callable[[Findings, Style], str]
    schema: Callable[[Findings, Style], dict[str, Any] | None]
    read: Callable[[str, Findings, Style, str], Draft]


def unfenced(answer: str) -> str:
    """The answer without the code fence that models like to put around all of it."""
    whole = _FENCED.fullmatch(answer.strip())
    return whole["inside"] if whole else answer


def completed(report: Report, findings: Findings) -> Report:
    """The report with the sections that code writes, wherever the draft left them empty."""
    own = {section.name: section for section in render(findings, report.style).sections}
    sections = tuple(
        own[section.name] if section.name in _OWN and not section.sentences else section
        for section in report.sections
    )
    return report.model_copy(update={"sections": sections})


def with_limits(report: Report, findings: Findings) -> Report:
    """The report with the grammar's sentences on what the network cannot know: no payload says that to a model."""
    own = {section.name: section.sentences for section in render(findings, report.style).sections}
    limits = tuple(sentence for sentence in own["impression"] if set(sentence.fact_ids) == {LIMITS})
    sections = tuple(
        section.model_copy(update={"sentences": (*section.sentences, *limits)})
        if section.name == "impression"
        else section
        for section in report.sections
    )
    return report.model_copy(update={"sections": sections})
