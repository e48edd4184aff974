"""What a model card says about the trust in a network's saliency maps, and what follows for a region cut from one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from saliscribe.core.names import CamMethod, MaskSource
from saliscribe.core.records.fact import Evidence
from saliscribe.core.records.facts import WarningCode
from saliscribe.core.records.map_trust import MapTrustFact, MapTrusts, TrustCheck, unassessed_maps


def map_trust(card: Mapping[str, Any], layers: Mapping[CamMethod, str] | None = None) -> MapTrusts:
    """One fact per method from ``card["saliency_trust"]``; a method that it does not name was not assessed.

    The entry holds ``study_sha256`` and, under ``methods``, per method ``badge``, ``failed`` (names of checks),
    ``slices`` and the ``layer`` that was explained, as ``badges.json`` of a study has them. ``layers`` are those of the
    maps at hand (``None``: the card alone is asked): a badge of another layer says nothing of them. Whatever is
    malformed counts as not assessed.
    """
    entry = card.get("saliency_trust")
    first, second, third = unassessed_maps()
    return _measured(first, entry, layers), _measured(second, entry, layers), _measured(third, entry, layers)


def _measured(fact: MapTrustFact, entry: object, layers: Mapping[CamMethod, str] | None) -> MapTrustFact:
    methods = entry.get("methods") if isinstance(entry, Mapping) else None
    its = methods.get(fact.method) if isinstance(methods, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(its, Mapping) or its.get("badge") == "not_assessed":
        return fact
    if layers is not None and (fact.method not in layers or layers[fact.method] != its.get("layer")):
        return fact
    try:
        return MapTrustFact(
            id=fact.id,
            state="present",
            stage="model_card",
            evidence=(Evidence(file="manifest.json"),),
            method=fact.method,
            badge=its.get("badge"),
            failed=tuple(check for check in get_args(TrustCheck) if check in its.get("failed", ())),
            slices=its.get("slices"),
            study_sha256=entry.get("study_sha256"),
        )
    except ValueError:
        return fact


def region_warnings(source: MaskSource, trusts: MapTrusts) -> tuple[WarningCode, ...]:
    """The code for a region that was cut from a map which failed, or which nobody tried; else nothing."""
    its = next((fact for fact in trusts if fact.method == source), None)
    if its is None or its.badge == "trusted":
        return ()
    return ("failed_map_region",) if its.badge == "failed" else ("untested_map_region",)
