"""A report as Markdown."""

from __future__ import annotations

from saliscribe.core.records.report import Report, ReportSentence


def to_markdown(report: Report, show_ids: bool | None = None) -> str:
    """The report with a title, one heading per section, and its sentences.

    Each sentence ends with the facts it rests on, as ``[F5, F7]``, unless ``show_ids`` is false (the default in
    the plain style). The structured style puts each sentence on its own line; the others write paragraphs.
    """
    ids = report.style != "plain" if show_ids is None else show_ids
    blocks = [f"# {_title(report)}"]
    for section in report.sections:
        texts = [_with_ids(sentence) if ids else sentence.text for sentence in section.sentences]
        listed = report.style == "structured" and len(texts) > 1
        body = "\n".join(f"- {text}" for text in texts) if listed else " ".join(texts)
        blocks.append(f"## {section.title}\n\n{body}")
    return "\n\n".join(blocks) + "\n"


def _title(report: Report) -> str:
    if any("F15" in sentence.fact_ids for sentence in report.sentences()):
        return "Report"  # on a volume, as its first sentence says
    return "Your picture in plain words" if report.style == "plain" else "Report on one brain MRI slice"


def _with_ids(sentence: ReportSentence) -> str:
    """All topics that were not assessed are shown as one fact, F12."""
    ids = dict.fromkeys("F12" if name.startswith("F12.") else name for name in sentence.fact_ids)
    return f"{sentence.text} [{', '.join(ids)}]" if ids else sentence.text
