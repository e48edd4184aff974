"""Mode ``slots``: the model's plain words around slots that code fills; a closed list of words is all it may use."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from saliscribe.core.language.reported import reported
from saliscribe.core.language.styles import PLANS
from saliscribe.core.records.fact import Record
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report, ReportSection, ReportSentence, SectionName, Style
from saliscribe.reporting.from_text import from_text
from saliscribe.reporting.modes.mode import Draft, completed

_SLOT = re.compile(r"\{\{\s*(F\d{1,2}(?:\.\d)?[a-z]?)\s*\}\}")
#: A sentence that begins with a slot gets its own paragraph, so that it is told from the one before.
_SENTENCE_OF_SLOT = re.compile(r"\.\s+(?=\{\{)")
_WORD = re.compile(r"[a-z]+")
#: What may stand between words and slots.
_MARKS = re.compile(r"[a-z\s,.;:]*")
_SECTIONS: tuple[SectionName, ...] = ("findings", "impression")


class Slot(Record):
    """``beginning`` fits in front of it; ``content`` is what code puts in its place. The model sees both."""

    name: str
    beginning: str
    content: str


def ask(findings: Findings, style: Style) -> str:
    """The slots as JSON."""
    return json.dumps({"slots": [slot.model_dump() for slot in slots(findings, style)]}, ensure_ascii=False)


def slots(findings: Findings, style: Style) -> tuple[Slot, ...]:
    """One slot per sentence of the grammar, named after the fact it is about (``F9``, then ``F9b``, ...).

    Where the fixed words of a sentence claim nothing, the slot begins at its first value; otherwise it is the whole
    sentence, so that whatever claims something comes from code.
    """
    claims, found = reported(findings), []
    used: dict[str, int] = {}
    for name in _SECTIONS:
        for line in PLANS[style][name]:
            sentence = next((s for s in line if s.fits(claims)), None)
            if sentence is None:
                continue
            fact = sentence.holes[0][0][0] if sentence.holes else sentence.keys[0][0]
            cut = 0 if sentence.constants or not sentence.holes else sentence.text.index(sentence.holes[0][1])
            if not _plain(sentence.text[:cut]):
                cut = 0
            written = sentence.render(claims).removesuffix(".")
            letter = "abcdefghijklmnopqrstuvwxyz"[used.get(fact, 0)]
            used[fact] = used.get(fact, 0) + 1
            found.append(
                Slot(
                    name=fact + ("" if letter == "a" else letter),
                    beginning=written[:cut],
                    content=written[cut:],
                )
            )
    return tuple(found)


def read(text: str, findings: Findings, style: Style, writer: str) -> Draft:
    """The text with its slots filled; a sentence that says anything by itself is taken out."""
    contents = {slot.name: slot.content for slot in slots(findings, style)}
    refused: list[str] = []
    sections = []
    for section in from_text(_SENTENCE_OF_SLOT.sub(".\n\n", text), style, writer).sections:
        kept = []
        for sentence in section.sentences:
            reason = objection(sentence.text, contents)
            if reason:
                refused.append(f"{sentence.text} ({reason})")
            else:
                kept.append(ReportSentence(text=_filled(sentence.text, contents)))
        sections.append(ReportSection(name=section.name, title=section.title, sentences=tuple(kept)))
    report = Report(writer=writer, mode="slots", style=style, sections=tuple(sections))
    return Draft(completed(report, findings), tuple(refused))


def objection(text: str, contents: dict[str, str]) -> str | None:
    """Why a sentence is refused: an unknown slot, no slot, or a word, digit or sign outside slots that is not free."""
    names = _SLOT.findall(text)
    unknown = [name for name in names if name not in contents]
    if unknown:
        return "no such slot"
    if not names:
        return "a sentence needs a slot"
    return None if _plain(_SLOT.sub(" ", text)) else "outside slots only plain linking words are free"


def _plain(text: str) -> bool:
    low = text.lower()
    return bool(_MARKS.fullmatch(low)) and all(word in free_words() for word in _WORD.findall(low))


@cache
def free_words() -> frozenset[str]:
    """The words that claim nothing: no number, side, structure, class, polarity, certainty or advice is among them."""
    text = (resources.files("saliscribe.reporting.modes") / "free_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _filled(text: str, contents: dict[str, str]) -> str:
    filled = _SLOT.sub(lambda match: contents[match[1]], text).strip()
    return filled if filled.endswith(".") else filled + "."
