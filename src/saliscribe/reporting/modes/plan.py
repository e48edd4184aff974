"""Mode ``plan``: the model orders and groups fact ids; the grammar writes every word."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import ConfigDict, Field, ValidationError

from saliscribe.core.language.render import render
from saliscribe.core.records.fact import Record
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import ReportSection, Style
from saliscribe.reporting.modes.mode import Draft, Unreadable
from saliscribe.reporting.payload import FIELDS, payload

_Group = Annotated[list[str], Field(max_length=40)]
_Groups = Annotated[list[_Group], Field(max_length=40)]
#: What the schema allows, so that a small model comes to an end; all facts fit in.
_MOST_GROUPS, _MOST_IN_GROUP = 8, 4


class Plan(Record):
    """Fact ids in groups, for the two sections that have an order to choose."""

    model_config = ConfigDict(strict=True)

    findings: _Groups
    impression: _Groups


def ask(findings: Findings, style: Style) -> str:
    """The facts as JSON."""
    return payload(findings).model_dump_json()


def schema(findings: Findings, style: Style) -> dict[str, Any]:
    """JSON Schema of the answer: only ids of facts can be written, and no endless list of them."""
    group = {"type": "array", "maxItems": _MOST_IN_GROUP, "items": {"type": "string", "enum": [*FIELDS]}}
    groups = {"type": "array", "maxItems": _MOST_GROUPS, "items": group}
    return {
        "type": "object",
        "properties": {"findings": groups, "impression": groups},
        "required": ["findings", "impression"],
        "additionalProperties": False,
    }


def read(text: str, findings: Findings, style: Style, writer: str) -> Draft:
    """The grammar's report with the sentences of two sections in the planned order; none is lost or added.

    Raises:
        Unreadable: not JSON of this form, or an unknown id. Of an id that comes twice the first mention counts.
    """
    plan = _parse(text)
    report = render(findings, style)
    orders = {"findings": plan.findings, "impression": plan.impression}
    sections = tuple(
        _ordered(section, [fact for group in orders[section.name] for fact in group])
        if section.name in orders
        else section
        for section in report.sections
    )
    return Draft(report.model_copy(update={"writer": writer, "mode": "plan", "sections": sections}))


def _parse(text: str) -> Plan:
    try:
        plan = Plan.model_validate(json.loads(text))
    except (ValueError, RecursionError, ValidationError):
        raise Unreadable(
            'the answer must be JSON with "findings" and "impression", and nothing else'
        ) from None
    for groups in (plan.findings, plan.impression):
        if not {fact for group in groups for fact in group} <= set(FIELDS):
            raise Unreadable("every id must be one of the facts")
    return plan


def _ordered(section: ReportSection, order: list[str]) -> ReportSection:
    """Sentences by the first planned fact that they state, the others after them as they were."""

    def place(ids: tuple[str, ...]) -> int:
        whole = {".".join(i.split(".")[:2]) if i.startswith("F11") else i.split(".")[0] for i in ids}
        return min((order.index(fact) for fact in whole if fact in order), default=len(order))

    return section.model_copy(
        update={"sentences": tuple(sorted(section.sentences, key=lambda sentence: place(sentence.fact_ids)))}
    )
