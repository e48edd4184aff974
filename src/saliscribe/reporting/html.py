"""One self-contained page per input: it opens offline, from an attachment, and loads nothing."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from saliscribe.core.language import words
from saliscribe.core.language.reported import agreement
from saliscribe.core.language.slots import structure_phrase
from saliscribe.core.names import CAM_METHOD_NAMES, SHOWN_FIRST
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings
from saliscribe.core.records.report import Report
from saliscribe.reporting.fact_rows import fact_rows, figure_words, share_words, trust_words
from saliscribe.reporting.pictures import Pictures

VERDICT_WORDS = {
    "entailed": "agrees with the findings",
    "contradicted": "contradicts the findings",
    "unsupported": "not supported by the findings",
    "harmless": "makes no claim",
}
_SOURCES = {
    "segmentation_head": "Segmentation head",
    "gradcam": "Grad-CAM",
    "gradcam++": "Grad-CAM++",
    "scorecam": "ScoreCAM",
}

_TITLES = {
    "consistent_with": "Consistent with {}",
    "probable": "Probable {}",
    "possible": "Possible {}",
    "indeterminate": "Indeterminate; {} ranks first",
}


def render_html(
    findings: Findings,
    report: Report,
    audit: Audit,
    pictures: Pictures,
    *,
    seconds: Mapping[str, float] | None = None,
    provenance: Mapping[str, str] | None = None,
) -> str:
    """The page. All pictures are data URIs, style and script are inline, and a content security policy forbids more.

    ``seconds`` per stage and ``provenance`` (name -> value: versions, hashes, settings) are shown as tables;
    everything is escaped, so that no text can become markup.
    """
    style, script = _asset("report.css"), _asset("report.js")
    return _template().render(
        f=findings,
        report=report,
        audit=audit,
        words=words,
        impression_title=_title(findings),
        first_layer=next((m for m in SHOWN_FIRST if m in pictures.heat), None),
        rows=fact_rows(findings),
        sentences=_sentences(report, audit),
        classes=_classes(findings),
        structures=_structures(findings),
        maps=_maps(findings, pictures),
        outlines=[(source, _SOURCES[source], path) for source, path in pictures.outlines.items()],
        pictures=pictures,
        image_uri=_uri(pictures.image),
        heat_uris={method: _uri(data) for method, data in pictures.heat.items()},
        placed_uris=None if pictures.placed_png is None else [_uri(data) for data in pictures.placed_png],
        sheet_uri=None if pictures.sheet_png is None else _uri(pictures.sheet_png),
        legend=() if pictures.placed is None else pictures.placed.legend,
        figures=_figures(findings),
        seconds=list((seconds or {}).items()),
        provenance=list((provenance or {}).items()),
        verdict_words=VERDICT_WORDS,
        style=Markup(style),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _title(findings: Findings) -> str:
    if findings.volume is not None and findings.volume.support == "doubtful":
        return "No class suggested: the output is no reliable evidence for or against a tumour"
    title = _TITLES[findings.tumour_class.certainty].format(words.CLASS[findings.tumour_class.value])
    return f"{title}, among three tumour classes"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["share"] = share_words
    return environment.from_string(_asset("report.html.j2"))


@cache
def _asset(name: str) -> str:
    return (resources.files("saliscribe.reporting") / name).read_text(encoding="utf-8")


def _uri(data: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def _sentences(report: Report, audit: Audit) -> list[dict[str, Any]]:
    """Sections with their sentences, each with its verdict, reason and fact ids."""
    judged = {sentence.text: sentence for sentence in audit.sentences}
    sections = []
    for section in report.sections:
        rows = []
        for sentence in section.sentences:
            found = judged.get(" ".join(sentence.text.split()))
            ids = sentence.fact_ids or (found.fact_ids if found else ())
            whole = tuple(dict.fromkeys(i if not i.startswith("F12.") else "F12" for i in ids))
            rows.append(
                {
                    "text": sentence.text,
                    "ids": whole,
                    "verdict": found.verdict if found else "unsupported",
                    "reason": found.reason if found else None,
                }
            )
        sections.append({"name": section.name, "title": section.title, "sentences": rows})
    return sections


def _classes(findings: Findings) -> list[tuple[str, float]]:
    return [(str(words.CLASS[name]), share) for name, share in findings.tumour_class.probabilities.ranked()]


def _structures(findings: Findings) -> list[dict[str, Any]]:
    return [
        {
            "id": fact.id,
            "name": structure_phrase(fact.name, None).removeprefix("the "),
            "side": fact.side.replace("_", " "),
            "share": fact.share_of_lesion,
            "of_structure": fact.share_of_structure,
            "stability": fact.stability,
            "probability": fact.probability,
            "label": fact.atlas_label,
        }
        for fact in findings.location.structures
    ]


def _maps(findings: Findings, pictures: Pictures) -> list[dict[str, Any]]:
    facts = {fact.method: fact for fact in findings.saliency}
    trusts = {fact.method: fact for fact in findings.reliability.maps}
    return [
        {
            "method": method,
            "name": words.METHOD[method],
            "fact": facts[method],
            "agreement": agreement(facts[method].overlap_dice),
            "drawn": method in pictures.heat,
            "trust": trusts[method],
            "trust_words": trust_words(trusts[method]),
        }
        for method in CAM_METHOD_NAMES
    ]


def _figures(findings: Findings) -> list[tuple[str, str]]:
    r = findings.reliability
    return [
        ("Accuracy", figure_words(r.accuracy, percent=True)),
        ("Macro F1", figure_words(r.macro_f1, percent=True)),
        ("Dice of tumour regions", figure_words(r.dice, percent=False)),
        ("Expected calibration error", figure_words(r.calibration_error, percent=False)),
    ]
