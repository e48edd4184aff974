"""Which networks there are; reads model cards and the table of backbones, never torch."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

from saliscribe.models.backbones import BACKBONES

_CARD = "metadata.json"
_WEIGHTS = "weights.safetensors"


def models() -> dict[str, Any]:
    """The networks inside this package and the backbones that ``train`` can fit, as plain data."""
    return {"installed": installed_networks(), "backbones": [_backbone(name) for name in BACKBONES]}


def installed_networks() -> list[dict[str, Any]]:
    """Name, summary, weights file size and model card of every network that ships with the package."""
    return [_installed(folder) for folder in sorted(_assets().glob("*")) if (folder / _WEIGHTS).is_file()]


def _assets() -> Path:
    return Path(str(resources.files("saliscribe"))) / "assets"


def _installed(folder: Path) -> dict[str, Any]:
    card = json.loads((folder / _CARD).read_text(encoding="utf-8"))
    return {
        "name": folder.name,
        "summary": card.get("summary") or f"{card.get('backbone', 'unknown backbone')}",
        "folder": str(folder),
        "weights_mib": round((folder / _WEIGHTS).stat().st_size / 2**20, 2),
        "card": card,
    }


def _backbone(name: str) -> dict[str, Any]:
    entry = BACKBONES[name]
    return {"name": name, "summary": entry.summary, **{key: entry.facts[key] for key in ("timm", "native_size")}}
