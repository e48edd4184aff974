"""The index page: one shell with its own style and script, filled live by the server or once for a file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from saliscribe.core.language import words


def render_index(title: str, rows: Sequence[Mapping[str, Any]] | None = None) -> str:
    """The page. Without ``rows`` it asks its server for them; with them it is a file that needs nothing else.

    Style and script are inline and named by their hashes in a content security policy that allows nothing else; text is
    escaped here, and set as text by the script.
    """
    style, script = _asset("saliscribe.reporting", "report.css") + _asset(__package__, "index.css"), _script()
    return _template().render(
        title=title,
        rows=rows,
        labels=dict(words.CLASS),
        methods=dict(words.METHOD),
        policy=content_policy(live=rows is None),
        style=Markup(style),
        script=Markup(script),
    )


def content_policy(*, live: bool) -> str:
    """What the page may do: its own style and script; when served, also pictures, reports and data of its server."""
    own = {
        "default-src": "'none'",
        "style-src": _hash(_asset("saliscribe.reporting", "report.css") + _asset(__package__, "index.css")),
        "script-src": _hash(_script()),
        "img-src": "'self' data:" if live else "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    served = {"connect-src": "'self'", "frame-src": "'self'"} if live else {}
    return "; ".join(f"{name} {value}" for name, value in (own | served).items())


def _script() -> str:
    return _asset(__package__, "index.js")


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_asset(__package__, "index.html.j2"))


@cache
def _asset(package: str, name: str) -> str:
    return (resources.files(package) / name).read_text(encoding="utf-8")
