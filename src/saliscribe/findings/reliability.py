"""What a model card says about how far its network can be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from saliscribe.core.records.fact import Evidence, Figure
from saliscribe.core.records.facts import Architecture, Population, ReliabilityFact

_ARCHITECTURES: tuple[Architecture, ...] = get_args(Architecture)
_POPULATIONS: tuple[Population, ...] = get_args(Population)


def reliability(card: Mapping[str, Any], weights_sha256: str, architecture: str) -> ReliabilityFact:
    """The reliability fact of a network from its card; figures that the card does not give stay unknown.

    Read from ``card["cross_validation"]``: ``accuracy``, ``macro_f1``, ``dice`` and ``ece``, each
    ``{"value", "low", "high"}`` (or ``"ci95": [low, high]``, or a bare number), and ``patients``, ``slices``,
    ``folds``; from ``card["training_data"]``: ``name``.
    """
    measured = _mapping(card.get("cross_validation"))
    figures = {
        "accuracy": _figure(measured.get("accuracy")),
        "macro_f1": _figure(measured.get("macro_f1")),
        "dice": _figure(measured.get("dice")),
        "calibration_error": _figure(measured.get("ece", measured.get("calibration_error"))),
    }
    counted = any(figure is not None for figure in figures.values())
    return ReliabilityFact(
        state="present" if counted else "not_assessed",
        stage="model_card",
        evidence=(Evidence(file="manifest.json"),),
        architecture=_architecture(str(card.get("backbone", architecture))),
        weights_sha256=weights_sha256 if re.fullmatch(r"[0-9a-f]{64}", weights_sha256) else None,
        population=_population(card),
        patients=_count(measured.get("patients")),
        slices=_count(measured.get("slices")),
        folds=_count(measured.get("folds")),
        temperature_scaled=isinstance(card.get("temperature"), int | float),
        **figures,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _figure(value: object) -> Figure | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return Figure(value=float(value))
    parts = _mapping(value)
    if "value" not in parts:
        return None
    low, high = parts.get("low"), parts.get("high")
    if low is None or high is None:
        low, high = parts.get("ci95") or parts.get("interval") or (None, None)
    return Figure(value=parts["value"], low=low, high=high)


def _count(value: object) -> int | None:
    if isinstance(value, list | tuple):
        return len(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _architecture(name: str) -> Architecture:
    return next((known for known in _ARCHITECTURES if known == name), "other")


def _population(card: Mapping[str, Any]) -> Population | None:
    """The training set, when the card names one that the vocabulary knows."""
    data = card.get("training_data", card.get("data"))
    named = str(_mapping(data).get("name", data if isinstance(data, str) else ""))
    slug = re.sub(r"[^a-z0-9]+", "_", named.casefold()).strip("_")
    known = {str(population): population for population in _POPULATIONS}
    return known.get(slug, known["figshare_cheng_2017"] if "figshare" in slug or "1512427" in slug else None)
