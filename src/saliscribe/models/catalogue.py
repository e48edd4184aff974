"""Which networks there are; reads model cards and the table of backbones, never torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from saliscribe.models.backbones import BACKBONES
from saliscribe.models.places import METADATA, WEIGHTS, find_model, shipped_models


def models() -> dict[str, Any]:
    """The networks inside this package and the backbones that ``train`` can fit, as plain data."""
    installed = [_installed(name) for name in shipped_models()]
    return {"installed": installed, "backbones": [_backbone(name) for name in BACKBONES]}


def weights_sha256(name_or_folder: str | Path) -> str:
    """The hash of a network's weights as its card states it (``load_network`` checks that it is true).

    Raises:
        MissingError: there is no such network.
    """
    return str(_card(find_model(name_or_folder))["weights_sha256"])


def _installed(name: str) -> dict[str, Any]:
    folder = find_model(name)
    card = _card(folder)
    return {
        "name": name,
        "summary": str(card.get("summary", card["backbone"])),
        "folder": str(folder),
        "weights_mib": round((folder / WEIGHTS).stat().st_size / 2**20, 2),
        "card": card,
    }


def _card(folder: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((folder / METADATA).read_text(encoding="utf-8"))
    return card


def _backbone(name: str) -> dict[str, Any]:
    entry = BACKBONES[name]
    return {"name": name, "summary": entry.summary, "native_size": entry.facts["native_size"]}
