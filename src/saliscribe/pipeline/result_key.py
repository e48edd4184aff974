"""The key of a result: same key, same bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import saliscribe
from saliscribe.io.runs import run_key
from saliscribe.pipeline.settings import ExplainSettings
from saliscribe.reporting.providers.server_table import SERVERS, address


def result_key(file_sha256: str, settings: ExplainSettings, weights_sha256: str) -> str:
    """Hash of everything that decides a result: the input's bytes, the settings, the weights, the version.

    A text that a scripted writer reads counts with its content, not only its name; a server counts with the address
    and model that the environment names.
    """
    return run_key(
        {
            "input_sha256": file_sha256,
            "settings_sha256": settings.sha256(),
            "script_sha256": _script_sha256(settings.writer),
            "asked": _asked(settings.writer),
            "weights_sha256": weights_sha256,
            "saliscribe": saliscribe.__version__,
        }
    )


def _script_sha256(writer: str) -> str | None:
    name, _, argument = writer.partition(":")
    path = Path(argument)
    return hashlib.sha256(path.read_bytes()).hexdigest() if name == "scripted" and path.is_file() else None


def _asked(writer: str) -> tuple[str, str] | None:
    name, _, argument = writer.partition(":")
    return address(name, argument) if name in SERVERS else None
