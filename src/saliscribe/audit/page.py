"""The audit as one self-contained HTML page: every sentence in its colour, its evidence beside it."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from saliscribe.audit.fact_words import fact_words
from saliscribe.core.records.audit import Audit
from saliscribe.core.records.findings import Findings

VERDICT_WORDS = {
    "entailed": "agrees with the findings",
    "contradicted": "contradicts the findings",
    "unsupported": "not supported by the findings",
    "harmless": "makes no claim",
}
MARKS = {"entailed": "✓", "contradicted": "✗", "unsupported": "?", "harmless": "·"}


def audit_page(audit: Audit, findings: Findings) -> str:
    """The page. It loads nothing and runs no script; all text is escaped, so that no report can become markup."""
    counts = {verdict: sum(s.verdict == verdict for s in audit.sentences) for verdict in VERDICT_WORDS}
    return _template().render(
        audit=audit,
        facts=fact_words(findings),
        synthetic=findings.synthetic,
        counts=counts,
        words=VERDICT_WORDS,
        marks=MARKS,
        style=Markup(_asset("audit.css")),
    )


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset("audit.html.j2"))


@cache
def _asset(name: str) -> str:
    return (resources.files("saliscribe.audit") / name).read_text(encoding="utf-8")
