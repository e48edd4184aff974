"""What a model card says about how far its network can be trusted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from saliscribe.core.names import CamMethod
from saliscribe.core.records.fact import Evidence, Figure
from saliscribe.core.records.facts import Architecture, Population, ReliabilityFact
from saliscribe.findings.map_trust import map_trust

_ARCHITECTURES: tuple[Architecture, ...] = get_args(Architecture)


def reliability(
    card: Mapping[str, Any],
    weights_sha256: str,
    architecture: str,
    layers: Mapping[CamMethod, str] | None = None,
) -> ReliabilityFact:
    """The reliability fact of a network from its card; figures that the card does not give stay unknown.

    Read from ``card["metrics"]``: ``accuracy``, ``macro_f1``, ``dice`` and ``ece``, each with ``value``, ``low``,
    ``high``, ``n`` (slices) and ``n_patients``, all on patients not seen in training; from ``card["data"]["source"]``
    the population; from ``card["folds"]`` the number of folds of a cross-validation; from
    ``card["saliency_trust"]`` the badges of its saliency maps, where they are of the same ``layers``.
    """
    measured = _mapping(card.get("metrics"))
    counts = _mapping(measured.get("accuracy"))
    figures = {
        "accuracy": _figure(measured.get("accuracy")),
        "macro_f1": _figure(measured.get("macro_f1")),
        "dice": _figure(measured.get("dice")),
        "calibration_error": _figure(measured.get("ece")),
    }
    counted = any(figure is not None for figure in figures.values())
    return ReliabilityFact(
        state="present" if counted else "not_assessed",
        stage="model_card",
        evidence=(Evidence(file="manifest.json"),),
        architecture=_architecture(str(card.get("backbone", architecture))),
        weights_sha256=weights_sha256 if re.fullmatch(r"[0-9a-f]{64}", weights_sha256) else None,
        population=_population(card),
        patients=_count(counts.get("n_patients")),
        slices=_count(counts.get("n")),
        folds=_count(card.get("folds")),
        temperature_scaled=isinstance(card.get("temperature"), int | float),
        maps=map_trust(card, layers),
        **figures,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _figure(value: object) -> Figure | None:
    parts = _mapping(value)
    if not isinstance(parts.get("value"), int | float):
        return None
    return Figure(value=parts["value"], low=parts.get("low"), high=parts.get("high"))


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _architecture(name: str) -> Architecture:
    return next((known for known in _ARCHITECTURES if known == name), "other")


def _population(card: Mapping[str, Any]) -> Population | None:
    """The training set, when the card names the one that the vocabulary knows."""
    title = str(_mapping(_mapping(card.get("data")).get("source")).get("title", ""))
    return "figshare_cheng_2017" if "1512427" in title else None
