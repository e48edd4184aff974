"""Cells of a study on disk: each is computed once, and is there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

Rows = Sequence[Mapping[str, Any]]


@dataclass
class CellStore:
    """CSV files named by what they hold and by a hash of everything that decides it.

    ``say`` is told about every cell that is computed; ``computed`` and ``kept`` count.
    """

    folder: Path
    say: Callable[[str], None] = lambda line: None
    computed: int = 0
    kept: int = 0
    _seen: list[Path] = field(default_factory=list)

    def rows(self, name: str, key: Mapping[str, Any], compute: Callable[[], Rows]) -> pd.DataFrame:
        """The cell ``name`` for ``key`` (plain data: hashes, settings, file names), computed where it is missing.

        A cell is written beside its place and renamed, so that a kill leaves it complete or absent.
        """
        path = self.path_of(name, key)
        self._seen.append(path)
        if path.is_file():
            self.kept += 1
        else:
            self.say(f"computing {name}")
            write_cell(path, compute)
            self.computed += 1
        return read_cell(path)

    def path_of(self, name: str, key: Mapping[str, Any]) -> Path:
        """Where the cell lies, or will lie."""
        digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
        return self.folder / f"{name.replace('/', '-')}-{digest[:16]}.csv"


def write_cell(path: Path, compute: Callable[[], Rows]) -> None:
    """Compute a cell and put it at ``path``, whole or not at all, whoever else does the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{socket.gethostname()}-{os.getpid()}")
    pd.DataFrame(list(compute())).to_csv(partial, index=False, float_format="%.7g")
    os.replace(partial, path)


def read_cell(path: Path) -> pd.DataFrame:
    """A cell's rows; numbers are numbers, an empty field is missing, and words such as "None" stay words."""
    if path.stat().st_size < 2:
        return pd.DataFrame()
    return pd.read_csv(path, keep_default_na=False, na_values=[""], dtype={"fold": "Int64"})
