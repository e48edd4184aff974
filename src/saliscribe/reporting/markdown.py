"""A report as Markdown."""

from __future__ import annotations

from saliscribe.core.records.report import Report


def to_markdown(report: Report, show_ids: bool = False) -> str:
    """The report with a title, one heading per section, and its sentences; ``show_ids`` adds ``[F5, F7]``.

    The structured style puts each finding on its own line; the others write paragraphs.
    """
    title = "# Your picture in plain words" if report.style == "plain" else "# Report on one brain MRI slice"
    blocks = [title]
    for section in report.sections:
        texts = [
            f"{sentence.text} [{', '.join(sentence.fact_ids)}]"
            if show_ids and sentence.fact_ids
            else sentence.text
            for sentence in section.sentences
        ]
        listed = report.style == "structured" and len(texts) > 1
        body = "\n".join(f"- {text}" for text in texts) if listed else " ".join(texts)
        blocks.append(f"## {section.title}\n\n{body}")
    return "\n\n".join(blocks) + "\n"
