"""Somebody's text as a report record, before anyone has judged it."""

from __future__ import annotations

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.split_text import split_text
from saliscribe.core.language.styles import PLAIN_TITLES, TITLES, titles
from saliscribe.core.records.report import Report, ReportSection, ReportSentence, SectionName, Style

_BY_TITLE: dict[str, SectionName] = {
    normalise(title): name for table in (TITLES, PLAIN_TITLES) for name, title in table.items()
} | {"research use notice": "notice", "conclusion": "impression"}
_OWN_TITLES = ("report on one brain mri slice", "your picture in plain words", "report")
_MAX = 4000


def from_text(text: str, style: Style, writer: str) -> Report:
    """Sentences sorted under the sections that the text's own headings name; findings where there are none.

    An unknown heading is kept as a sentence, because it may claim something. What a section says twice word for word
    stands there once. No sentence has fact ids yet.
    """
    found: dict[SectionName, list[ReportSentence]] = {name: [] for name in TITLES}
    current: SectionName = "findings"
    for piece in split_text(text):
        bare = normalise(piece.text).strip(" .:")
        if bare in _BY_TITLE:
            current = _BY_TITLE[bare]
        elif bare not in _OWN_TITLES:
            sentence = ReportSentence(text=piece.text[:_MAX])
            if sentence not in found[current]:  # small models run in circles
                found[current].append(sentence)
    names = titles(style)
    sections = tuple(
        ReportSection(name=name, title=names[name], sentences=tuple(sentences))
        for name, sentences in found.items()
    )
    return Report(writer=writer, mode="free", style=style, sections=sections)
