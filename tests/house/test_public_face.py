"""Every name of the public face leads somewhere."""

from __future__ import annotations

import pytest

import saliscribe

VERBS = (
    "explain",
    "train",
    "evaluate",
    "report",
    "audit",
    "models",
    "info",
    "schema",
    "bench",
    "phantom",
    "study",
    "view",
)


@pytest.mark.parametrize("name", [name for name in saliscribe.__all__ if name != "__version__"])
def test_name_resolves_to_something_documented(name: str) -> None:
    found = getattr(saliscribe, name)
    assert callable(found)
    assert found.__doc__


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_a_command(verb: str) -> None:
    from saliscribe.cli.app import app

    commands = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert verb in commands
