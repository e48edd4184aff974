"""Which place lies in which: the way from a structure up to everything that contains it."""

from __future__ import annotations

from functools import cache

from saliscribe.audit.read_lexicon import lexicon_file
from saliscribe.core.vocabulary import regions, structures


@cache
def containing(place: str) -> frozenset[str]:
    """The place itself and every place that contains it."""
    found: set[str] = set()
    todo = [place]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += _directly_in(name)
    return frozenset(found)


def _directly_in(name: str) -> list[str]:
    table = lexicon_file("places")["place"]
    up = list(table.get(name, {}).get("in", ()))
    entry = structures().get(name)
    if entry is not None:
        up.append(entry["region"])
        if "part" in entry:
            up.append(entry["base"].casefold())
    return up


@cache
def parts_of_region(region: str) -> tuple[str, ...]:
    """The regions that a joint region names: "frontal and limbic lobes" -> frontal lobe, limbic lobe."""
    if " and " not in region or region not in regions():
        return ()
    pieces = region.removesuffix(" lobes").split(" and ")
    named = [piece if piece in regions() else f"{piece} lobe" for piece in pieces]
    return tuple(named) if all(piece in regions() for piece in named) else ()


@cache
def division(gyrus: str, part: str) -> str | None:
    """The structure that is this part of a gyrus, if the vocabulary has it."""
    for name, entry in structures().items():
        if entry.get("part") == part and entry["base"].casefold() == gyrus:
            return name
    return None


@cache
def has_divisions(gyrus: str) -> bool:
    """True for a gyrus of which the vocabulary knows parts."""
    return any("part" in entry and entry["base"].casefold() == gyrus for entry in structures().values())
