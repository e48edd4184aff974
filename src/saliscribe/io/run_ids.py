"""Names of result folders: readable, unique among the inputs of a run, the same every time."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from saliscribe.io.readers import READERS

_SUFFIXES = tuple(
    suffix for entry in READERS.values() for suffix in sorted(entry.facts["extensions"], key=len)[::-1]
)
_LONGEST = 80
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$")


def run_id(path: str | Path, all_paths: Iterable[str | Path]) -> str:
    """The result folder's name for ``path`` among ``all_paths``.

    It is the file's name without its ending; where two inputs would share it (also if they differ only
    in case), the names of their folders are put before it, then the ending behind it, then a hash of the path.
    """
    return _ids(tuple(os.fspath(item) for item in all_paths))[os.fspath(path)]


def run_ids(all_paths: Iterable[str | Path]) -> dict[str, str]:
    """``run_id`` of every path, by the path as given."""
    return dict(_ids(tuple(os.fspath(item) for item in all_paths)))


@lru_cache(maxsize=4)
def _ids(paths: tuple[str, ...]) -> dict[str, str]:
    real = {path: Path(os.path.abspath(path)) for path in paths}
    steps: list[Callable[[Path], str]] = [
        lambda path: _stem(path),
        lambda path: f"{_clean(path.parent.name)}-{_stem(path)}",
        lambda path: f"{_clean(path.parent.parent.name)}-{_clean(path.parent.name)}-{_stem(path)}",
        lambda path: f"{_clean(path.parent.name)}-{_clean(path.name)}",
        lambda path: f"{_stem(path)}-{hashlib.sha256(str(path).encode()).hexdigest()[:10]}",
    ]
    chosen: dict[Path, str] = {}
    waiting = set(real.values())
    for step in steps:
        groups: dict[str, list[Path]] = defaultdict(list)
        taken = {name.lower() for name in chosen.values()}
        for path in waiting:
            groups[step(path)[-_LONGEST:].lstrip("-._")].append(path)
        counts: dict[str, int] = defaultdict(int)
        for name, members in groups.items():
            counts[name.lower()] += len(members)
        for name, members in groups.items():
            if counts[name.lower()] == 1 and name and name.lower() not in taken:
                chosen[members[0]] = name
        waiting -= set(chosen)
    for number, path in enumerate(sorted(waiting), start=1):
        chosen[path] = f"input-{number}-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    return {path: chosen[real[path]] for path in paths}


def _stem(path: Path) -> str:
    name = path.name
    for suffix in _SUFFIXES:
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return _clean(name[: -len(suffix)])
    return _clean(name)


def _clean(name: str) -> str:
    """Letters of any script, digits, dot, dash and underscore; everything else becomes one dash."""
    text = re.sub(r"[^\w.\-]+", "-", unicodedata.normalize("NFC", name)).strip("-. ")
    return f"{text}-" if _RESERVED.match(text) else text
