"""The study as one self-contained page: it opens offline and loads nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from saliscribe.core.names import CLASSES
from saliscribe.study.page_words import name_of, number, short
from saliscribe.study.settings import StudyPlan
from saliscribe.study.tables import TABLES

#: Width in pixels of the little bar that shows a figure and its interval.
BAR = 90


def render_study(
    figures: Mapping[str, Any],
    plan: StudyPlan,
    noted: Mapping[str, Any],
    pictures: Mapping[str, bytes] | None = None,
) -> str:
    """The page of ``statistics``: everything escaped, styles inline, and a content security policy forbids more.

    ``pictures`` are PNG files of the worst cases by file name; without them the cases are told in words.
    """
    return _template().render(
        s=figures,
        plan=plan,
        noted=noted,
        classes=CLASSES,
        tables=TABLES,
        pictures={name: data_uri(png) for name, png in (pictures or {}).items()},
        style=Markup(_asset("study.css")),
    )


def p_value(value: float | None) -> str:
    """A p value as papers print it."""
    if value is None:
        return ""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def bar(figure: Mapping[str, Any] | None, low: float = 0.0, high: float = 1.0) -> Markup:
    """A dot with its interval on a line from ``low`` to ``high``; nothing for an unknown figure."""
    if figure is None:
        return Markup("")

    def at(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.0
        return round(4 + (BAR - 8) * min(1.0, max(0.0, share)), 1)

    parts = [f'<line x1="4" x2="{BAR - 4}" y1="7" y2="7" class="axis"/>']
    if low < 0.0 < high:
        parts.append(f'<line x1="{at(0.0)}" x2="{at(0.0)}" y1="1" y2="13" class="axis"/>')
    if figure["low"] is not None:
        parts.append(
            f'<line x1="{at(figure["low"])}" x2="{at(figure["high"])}" y1="7" y2="7" class="whisker"/>'
        )
    parts.append(f'<circle cx="{at(figure["value"])}" cy="7" r="3.2"/>')
    svg = f'<svg class="bar" width="{BAR}" height="14" viewBox="0 0 {BAR} 14" aria-hidden="true">{"".join(parts)}</svg>'
    return Markup(svg)


def data_uri(png: bytes) -> str:
    """A picture inside the page."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"name": name_of, "number": number, "short": short, "p": p_value}
    environment.globals["bar"] = bar
    return environment.from_string(_asset("study.html.j2"))


def _asset(name: str) -> str:
    return resources.files("saliscribe.study").joinpath(name).read_text(encoding="utf-8")
