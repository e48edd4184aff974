"""Tables of plug-ins: a name, an import path, and what it needs. Listing one imports nothing."""

from __future__ import annotations

import difflib
import importlib
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from saliscribe.errors import MissingError, UsageError


@dataclass(frozen=True)
class Entry:
    """One line of a table.

    ``target`` is ``"package.module:attribute"``; ``needs`` are importable module names;
    ``extra`` is the pip extra that brings them; ``facts`` is plain data shown by ``models``/``info``.
    """

    target: str
    summary: str = ""
    needs: tuple[str, ...] = ()
    extra: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Registry(Mapping[str, Entry]):
    """A named, ordered table that loads an entry only when it is asked for."""

    def __init__(self, kind: str, entries: Mapping[str, Entry]) -> None:
        self.kind = kind
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> Entry:
        try:
            return self._entries[name]
        except KeyError:
            raise self._unknown(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def load(self, name: str) -> Any:
        """Import and return the object behind ``name``; UsageError or MissingError if it cannot be."""
        entry = self[name]
        missing = [need for need in entry.needs if importlib.util.find_spec(need) is None]
        if missing:
            how = (
                f"pip install 'saliscribe[{entry.extra}]'"
                if entry.extra
                else f"pip install {' '.join(missing)}"
            )
            raise MissingError(f"{self.kind} '{name}' needs {', '.join(missing)}", do=how)
        module, _, attribute = entry.target.partition(":")
        return getattr(importlib.import_module(module), attribute)

    def _unknown(self, name: str) -> UsageError:
        close = difflib.get_close_matches(name, self._entries, n=1)
        hint = f"did you mean '{close[0]}'?" if close else "choose one of the listed names"
        return UsageError(f"unknown {self.kind}", expected=", ".join(self._entries), got=repr(name), do=hint)
