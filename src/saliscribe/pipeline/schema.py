"""The JSON Schemas of the files that saliscribe writes."""

from __future__ import annotations

from typing import Any

from saliscribe.core.records.audit import Audit
from saliscribe.core.records.fact import Record
from saliscribe.core.records.report import Report
from saliscribe.errors import UsageError
from saliscribe.findings.schema import stored_schema

NAMES = ("findings", "report", "audit")


def schema(name: str = "findings") -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of ``findings.json``, of a report as JSON, or of ``audit.json``.

    Raises:
        UsageError: another name.
    """
    if name == "findings":
        return stored_schema()
    records: dict[str, type[Record]] = {"report": Report, "audit": Audit}
    if name not in records:
        raise UsageError("unknown schema", expected=", ".join(NAMES), got=repr(name))
    made = records[name].model_json_schema(mode="serialization")
    version = made["properties"]["schema_version"]["const"]
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:saliscribe:{name}:{version}",
    }
    return head | made
