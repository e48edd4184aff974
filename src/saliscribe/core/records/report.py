"""Reports: sections of sentences, each with the facts it rests on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from saliscribe.core.records.fact import Record, Slug

Style = Literal["structured", "narrative", "brief", "plain"]
SectionName = Literal["technique", "findings", "impression", "not_assessed", "reliability", "notice"]
STYLES: tuple[Style, ...] = ("structured", "narrative", "brief", "plain")


class ReportSentence(Record):
    """One sentence and the ids of the facts it states; none for a sentence that nobody has checked yet."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    fact_ids: tuple[str, ...] = ()


class ReportSection(Record):
    """A titled run of sentences."""

    name: SectionName
    title: str
    sentences: tuple[ReportSentence, ...]


class Report(Record):
    """A written report. ``writer`` is the table's name of who wrote the words; ``mode`` how."""

    schema_version: Literal["1.0"] = "1.0"
    writer: Slug
    mode: Literal["template", "plan", "slots", "free"] = "template"
    style: Style
    sections: tuple[ReportSection, ...]

    def sentences(self) -> tuple[ReportSentence, ...]:
        """All sentences in reading order."""
        return tuple(sentence for section in self.sections for sentence in section.sentences)
