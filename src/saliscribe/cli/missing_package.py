"""A package that an extra brings is something missing, not a bug."""

from __future__ import annotations

import re
from importlib import metadata

from saliscribe.errors import MissingError


def missing_package(module: str) -> MissingError | None:
    """The error for a module that could not be imported; ``None`` for one that nothing here asks to be installed."""
    name = module.partition(".")[0]
    for line in metadata.requires("saliscribe") or ():
        requirement, _, marker = line.partition(";")
        found = re.match(r"[\w.-]+", requirement)
        if found and found[0].replace("-", "_").lower() == name.lower():
            extra = re.search(r"extra == [\"'](.+?)[\"']", marker)
            wanted = f"saliscribe[{extra[1]}]" if extra else "saliscribe"
            return MissingError(f"{name} is not installed", do=f"pip install '{wanted}'")
    return None
