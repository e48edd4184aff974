"""Which names a finding may carry: structures, regions,
warnings. Everything else is refused or becomes "unlisted"."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

UNLISTED_STRUCTURE = "unlisted structure"


@cache
def _tables() -> dict[str, Any]:
    text = (resources.files("saliscribe") / "assets" / "structures.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def structures() -> dict[str, dict[str, str]]:
    """Canonical structure name -> how it is written (``base``, optional ``part`` and ``article``,
    ``region``)."""
    table: dict[str, dict[str, str]] = _tables()["structures"]
    return table


def regions() -> dict[str, dict[str, str]]:
    """Canonical region name -> its ``clinical`` and ``plain`` wording."""
    table: dict[str, dict[str, str]] = _tables()["regions"]
    return table


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


@cache
def _by_letters() -> dict[str, str]:
    return {_letters(name): name for name in structures()} | _tables()["aliases"]


def canonical_structure(name: str) -> str:
    """The vocabulary's name for an atlas label; ``UNLISTED_STRUCTURE`` if it has none.

    Case, spaces, underscores and punctuation do not matter, nor a leading "Left" or a trailing "(...)".
    """
    known = _by_letters()
    unsided = re.sub(r"^(left|right)[\s_-]+", "", name.strip(), flags=re.IGNORECASE)
    for candidate in (unsided, re.sub(r"[\s_]*\(.*\)$", "", unsided)):
        if _letters(candidate) in known:
            return known[_letters(candidate)]
    return UNLISTED_STRUCTURE


def canonical_region(name: str | None) -> str | None:
    """The vocabulary's name for a region, or ``None`` if it has none."""
    if name is None:
        return None
    wanted = _letters(re.sub(r"^the\s+", "", name.strip().casefold()))
    for known, words in regions().items():
        forms = {known, words["clinical"].removeprefix("the "), words["clinical"]}
        if wanted in {_letters(form) for form in forms}:
            return known
    first, joined, second = wanted.partition("and")
    pair = f"{second.removesuffix('lobes')}and{first}lobes"
    return next((known for known in regions() if joined and _letters(known) == pair), None) or _part_of(
        wanted
    )


def _part_of(wanted: str) -> str | None:
    """A joint or qualified region that the table does not list: "several lobes", or outside the atlas."""
    if wanted.startswith("outsidethecorticalatlas"):
        return "outside the cortical atlas"
    parts = [part for part in re.split("and", wanted) if part]
    known = {_letters(name) for name in regions()}
    joint = len(parts) > 1 and all(part in known or f"{part}lobe" in known for part in parts)
    return "several lobes" if joint else None
