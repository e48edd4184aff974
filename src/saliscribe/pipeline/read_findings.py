"""A findings file -> the record, or one line about what is wrong with it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from saliscribe.core.records.findings import Findings
from saliscribe.errors import InputError


def read_findings(path: Path) -> Findings:
    """Read and validate ``findings.json`` (or the result folder that holds it).

    Raises:
        InputError: no such file, not JSON, or not valid against the schema.
    """
    file = path / "findings.json" if path.is_dir() else path
    try:
        return Findings.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InputError("cannot read the findings", where=str(file), got=error.strerror or "") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InputError(
            "not valid findings",
            where=str(file),
            expected="a file that fits 'saliscribe schema'",
            got=f"{place}: {first['msg']}",
        ) from None
