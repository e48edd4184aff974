"""The JSON Schema of findings, versioned with the record."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from saliscribe.core.records.findings import SCHEMA_VERSION, Findings


def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a findings file, made from the record itself."""
    made = Findings.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:saliscribe:findings:{SCHEMA_VERSION}",
    } | made


def stored_schema() -> dict[str, Any]:
    """The copy that ships in ``assets/findings.schema.json``; a test keeps it equal to ``schema()``."""
    text = (resources.files("saliscribe") / "assets" / "findings.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded
