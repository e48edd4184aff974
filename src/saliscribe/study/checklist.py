"""The verb ``checklist``: reporting checklists filled from a study, every item answered."""

from __future__ import annotations

import json
import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal

from saliscribe.errors import InputError, UsageError
from saliscribe.study.checklist_facts import checklist_facts

LISTS = ("claim_2024", "tripod_ai", "mi_clear_llm", "model_card")
Status = Literal["evidence", "not_applicable", "person"]
WORDS: dict[Status, str] = {
    "evidence": "evidence",
    "not_applicable": "not applicable because",
    "person": "needs a person",
}


@dataclass(frozen=True)
class Answer:
    """One item of a checklist and its answer; never blank."""

    number: str
    section: str
    asks: str
    status: Status
    answer: str


@dataclass(frozen=True)
class Checklist:
    """A filled checklist; ``source`` says whose it is, and that the wording is paraphrased."""

    name: str
    title: str
    source: str
    answers: tuple[Answer, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Items by status."""
        return {words: sum(one.status == status for one in self.answers) for status, words in WORDS.items()}


def checklist(study: str | Path, names: tuple[str, ...] = LISTS) -> list[Checklist]:
    """Fill checklists from the folder of a study.

    Evidence comes from the run alone; an item whose evidence this run does not hold needs a person, and says what is
    missing.

    Raises:
        InputError: the folder holds no study. UsageError: an unknown checklist.
    """
    root = Path(study)
    try:
        noted, figures = (
            json.loads((root / name).read_text(encoding="utf-8")) for name in ("plan.json", "statistics.json")
        )
    except (OSError, ValueError):
        raise InputError(
            "no study here", where=str(root), expected="plan.json and statistics.json",
            do="run 'saliscribe study' first",
        ) from None  # fmt: skip
    facts = checklist_facts(noted, figures)
    return [_filled(name, facts) for name in names]


def _filled(name: str, facts: Mapping[str, str | None]) -> Checklist:
    if name not in LISTS:
        raise UsageError("unknown checklist", expected=", ".join(LISTS), got=repr(name))
    text = (
        resources.files("saliscribe.study").joinpath("checklists", f"{name}.toml").read_text(encoding="utf-8")
    )
    table = tomllib.loads(text)
    return Checklist(
        name, table["title"], table["source"], tuple(_answer(one, facts) for one in table["items"])
    )


def _answer(item: Mapping[str, str], facts: Mapping[str, str | None]) -> Answer:
    status: Status = next(one for one in WORDS if one in item)
    text = item[status]
    missing = [name for name in _fields(text) if facts[name] is None]
    if missing:
        status, text = (
            "person",
            f"this run holds no {' and no '.join(name.replace('_', ' ') for name in missing)}",
        )
    else:
        text = text.format_map(facts)
    return Answer(item["number"], item["section"], item["asks"], status, text)


def _fields(text: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(text) if name]


def checklist_page(lists: list[Checklist]) -> str:
    """The filled checklists as Markdown: a heading each, its source, counts, and a table."""
    lines = ["# Reporting checklists", ""]
    lines.append(
        "Filled from the run. Evidence is the run's own; what needs a person says what is asked for."
    )
    for one in lists:
        counts = "; ".join(f"{words}: {count}" for words, count in one.counts.items())
        lines += ["", f"## {one.title}", "", one.source, "", f"{len(one.answers)} items. {counts}.", ""]
        lines += ["| item | asks | answer |", "|---|---|---|"]
        for item in one.answers:
            answer = item.answer.replace("|", "\\|")
            lines.append(
                f"| {item.number} | {item.section}: {item.asks} | **{WORDS[item.status]}**: {answer} |"
            )
    return "\n".join(lines) + "\n"
