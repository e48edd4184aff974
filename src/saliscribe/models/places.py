"""Where models lie: the package's assets and any folder; found without importing torch."""

from __future__ import annotations

from pathlib import Path

from saliscribe.errors import MissingError

WEIGHTS, METADATA, CARD = "weights.safetensors", "metadata.json", "README.md"

#: Models that ship inside the package, one folder each.
ASSETS = Path(__file__).resolve().parent.parent / "assets"


def find_model(name_or_folder: str | Path) -> Path:
    """The folder of a shipped model, or the given folder; MissingError when it holds no model."""
    shipped = ASSETS / str(name_or_folder)
    folder = shipped if (shipped / METADATA).is_file() else Path(name_or_folder)
    if not (folder / METADATA).is_file() or not (folder / WEIGHTS).is_file():
        known = ", ".join(shipped_models()) or "none"
        raise MissingError(
            "no such model",
            got=str(name_or_folder),
            expected=f"a shipped model ({known}) or a folder with {METADATA} and {WEIGHTS}",
            do="train one with 'saliscribe train' and give its folder",
        )
    return folder


def shipped_models() -> list[str]:
    """Names of the models inside the package."""
    return sorted(path.parent.name for path in ASSETS.glob(f"*/{METADATA}"))
