"""Defaults < TOML file < options, for any record of settings."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from saliscribe.errors import UsageError

#: Every table of a settings file: of the verbs, and of the parts of a study.
TABLES = ("explain", "train", "study", "networks", "trust", "reports")
Settings = TypeVar("Settings", bound=BaseModel)


def resolve_settings(
    record: type[Settings],
    table: str,
    config: str | Path | None = None,
    options: Mapping[str, Any] | None = None,
) -> Settings:
    """The defaults of ``record``, then the ``[table]`` of ``config``, then the options that are not ``None``.

    Raises:
        UsageError: an unknown or impossible setting, or a file that is not TOML.
    """
    path = Path(config) if config else None
    chosen = dict(read_config(path).get(table, {})) if path else {}
    chosen |= {name: value for name, value in (options or {}).items() if value is not None}
    try:
        return record.model_validate(chosen)
    except ValidationError as error:
        raise _usage_error(error, record, path) from None


def read_config(path: Path) -> dict[str, dict[str, Any]]:
    """The tables of a TOML settings file, one per verb (``[explain]``, ``[train]``, ...).

    Raises:
        UsageError: the file cannot be read, is not TOML, holds something outside a table, or an unknown table.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError("cannot read the settings file", where=str(path), got=error.strerror or "") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("not a TOML file", where=str(path), got=str(error)) from None
    stray = [name for name, value in tables.items() if not isinstance(value, dict)]
    if stray:
        do = f"move '{stray[0]}' under the table of a verb, such as [explain]"
        raise UsageError("setting outside a table", where=str(path), got=stray[0], do=do)
    unknown = [name for name in tables if name not in TABLES]
    if unknown:
        close = difflib.get_close_matches(unknown[0], TABLES, n=1)
        do = f"did you mean [{close[0]}]?" if close else ""
        known = ", ".join(f"[{name}]" for name in TABLES)
        raise UsageError("unknown table", expected=known, got=f"[{unknown[0]}]", where=str(path), do=do)
    return tables


def _usage_error(error: ValidationError, record: type[BaseModel], config: Path | None) -> UsageError:
    first = error.errors(include_url=False)[0]
    name = ".".join(str(part) for part in first["loc"] if not isinstance(part, int)) or "settings"
    where = str(config) if config else "settings"
    if first["type"] == "extra_forbidden":
        return UsageError(f"unknown setting '{name}'", expected=", ".join(record.model_fields), where=where)
    return UsageError(f"setting '{name}': {first['msg']}", got=repr(first.get("input")), where=where)
