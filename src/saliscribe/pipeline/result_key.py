"""The key of a result: same key, same bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import saliscribe
from saliscribe.anatomy.array_cache import file_sha256
from saliscribe.anatomy.given_atlas import given_files, is_given
from saliscribe.io.runs import run_key
from saliscribe.pipeline.settings import ExplainSettings
from saliscribe.reporting.providers.server_table import SERVERS, address


def result_key(file_sha256: str, settings: ExplainSettings, weights_sha256: str) -> str:
    """Hash of everything that decides a result: the input's bytes, the settings, the weights, the version.

    A text that a scripted writer reads and an atlas of the user count with their content, not only their names; a
    server counts with the address and model that the environment names.
    """
    return run_key(
        {
            "input_sha256": file_sha256,
            "settings_sha256": settings.sha256(),
            "script_sha256": _script_sha256(settings.writer),
            "asked": _asked(settings.writer),
            "atlas_sha256": _atlas_sha256(settings.atlas),
            "weights_sha256": weights_sha256,
            "saliscribe": saliscribe.__version__,
        }
    )


def _script_sha256(writer: str) -> str | None:
    name, _, argument = writer.partition(":")
    path = Path(argument)
    return hashlib.sha256(path.read_bytes()).hexdigest() if name == "scripted" and path.is_file() else None


def _atlas_sha256(name: str) -> list[str] | None:
    """Of the label map and the table of a user's atlas; those of the table of atlases belong to the version."""
    return [file_sha256(path) for path in given_files(name)] if is_given(name) else None


def _asked(writer: str) -> tuple[str, str] | None:
    name, _, argument = writer.partition(":")
    return address(name, argument) if name in SERVERS else None
