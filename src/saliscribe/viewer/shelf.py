"""The complete result folders below one folder, looked at again whenever they are asked for."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from saliscribe.errors import InputError
from saliscribe.io.inputs import natural_key
from saliscribe.io.runs import MANIFEST
from saliscribe.viewer.card import Card, read_card

#: Results are looked for this many folders down; deeper trees are not what ``explain`` writes.
_DEEPEST = 4
_Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Stock:
    """What there is at one moment: cards by id in natural order, and a name for exactly this state."""

    cards: Mapping[str, Card]
    version: str


class Shelf:
    """Reads each result folder once, and again when its manifest has changed; safe to use from many threads.

    Hidden folders (unfinished results are such) and symbolic links are passed over. A folder that is itself a result
    is shown alone.

    Raises (from the constructor):
        InputError: ``root`` is no folder.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        if not self.root.is_dir():
            got = "a file" if self.root.exists() else "nothing"
            do = "give the folder that explain -o wrote to"
            raise InputError(
                "no such folder", expected="a folder of results", got=got, where=str(root), do=do
            )
        self._read: dict[str, tuple[_Stamp, Card | None]] = {}
        self._lock = threading.Lock()

    def look(self) -> Stock:
        """What is complete now."""
        with self._lock:
            found = dict(_result_folders(self.root))
            self._read = {name: self._card(name, folder, stamp) for name, (folder, stamp) in found.items()}
            cards = {name: card for name, (_, card) in self._read.items() if card is not None}
            state = hashlib.sha256(repr([(name, self._read[name][0]) for name in cards]).encode())
            return Stock(cards, state.hexdigest()[:16])

    def card(self, name: str) -> Card | None:
        """The card of that id, among those that are complete; never a path made from ``name``."""
        read = self._read.get(name)
        return read[1] if read is not None else self.look().cards.get(name)

    def _card(self, name: str, folder: Path, stamp: _Stamp) -> tuple[_Stamp, Card | None]:
        known = self._read.get(name)
        if known is not None and known[0] == stamp and known[1] is not None:
            return known
        return stamp, read_card(folder, name, stamp[0] / 1e9)


def _result_folders(root: Path) -> Iterator[tuple[str, tuple[Path, _Stamp]]]:
    stamp = _stamp(root)
    if stamp is not None:
        yield root.resolve().name, (root, stamp)
        return
    found = sorted(_below(root, (), 1), key=lambda one: natural_key(Path(one[0])))
    yield from found


def _below(folder: Path, steps: tuple[str, ...], depth: int) -> Iterator[tuple[str, tuple[Path, _Stamp]]]:
    try:
        entries = [one for one in os.scandir(folder) if one.is_dir(follow_symlinks=False)]
    except OSError:  # a folder that went away, or that may not be read
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path, here = Path(entry.path), (*steps, entry.name)
        stamp = _stamp(path)
        if stamp is not None:
            yield "/".join(here), (path, stamp)
        elif depth < _DEEPEST:
            yield from _below(path, here, depth + 1)


def _stamp(folder: Path) -> _Stamp | None:
    """What changes when another result takes the folder's place; ``None`` without a manifest."""
    try:
        facts = os.stat(folder / MANIFEST, follow_symlinks=False)
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_ino, facts.st_size
