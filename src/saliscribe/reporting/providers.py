"""Who can write a report: one line per writer."""

from __future__ import annotations

from saliscribe.registry import Entry, Registry

#: Each target is ``write(findings, style, argument) -> Report``; ``argument`` is what follows ":" in the
#: name.
PROVIDERS = Registry(
    "writer",
    {
        "template": Entry(
            "saliscribe.reporting.template:write",
            "The built-in grammar: deterministic, offline, readable back.",
        ),
        "scripted": Entry(
            "saliscribe.reporting.scripted:write", "A fixed text from a file, judged like any other writer's."
        ),
    },
)
