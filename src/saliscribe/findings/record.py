"""The findings record,
under the name of its room. It lives in ``core.records`` because every later stage reads it."""

from __future__ import annotations

from saliscribe.core.records.findings import SCHEMA_VERSION, Findings

__all__ = ["SCHEMA_VERSION", "Findings"]
