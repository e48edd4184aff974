"""Whether the chosen writer and mode exist, told once before any image is read."""

from __future__ import annotations

from saliscribe.errors import MissingError, UsageError
from saliscribe.reporting.providers import PROVIDERS

#: Writers of the contract that call a language model.
_LANGUAGE_MODELS = ("grok", "mistral", "llama", "local", "openai")


def check_writer(writer: str, mode: str) -> None:
    """Raise where ``writer`` or ``mode`` cannot be had.

    Raises:
        MissingError: a writer or mode of the contract that this version does not bring.
        UsageError: no such writer, or a mode that the writer does not have.
    """
    name = writer.partition(":")[0]
    if name in _LANGUAGE_MODELS and name not in PROVIDERS:
        have = ", ".join(PROVIDERS)
        raise MissingError(
            f"the writer '{name}' is not part of saliscribe yet",
            expected=have,
            do="use --writer template or scripted:FILE",
        )
    PROVIDERS[name]
    if mode in ("plan", "slots"):
        raise MissingError(
            f"the mode '{mode}' needs a language model, and no such writer is part of saliscribe yet",
            do="leave --mode out",
        )
    if mode == "free" and name == "template":
        raise UsageError(
            "the template writer has no free mode", expected="--mode template", got="--mode free"
        )
