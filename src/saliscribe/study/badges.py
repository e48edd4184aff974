"""What a study measured of the trust in saliency maps, in the form that a model card takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def badges(figures: Mapping[str, Any], noted: Mapping[str, Any]) -> dict[str, Any]:
    """Per network the badge of every method with the checks that failed, and the hash of the plan.

    ``accuracy`` of a network is that of its predictions: a card with the same figure is of the same networks. Each
    entry of ``networks`` has the ``saliency_trust`` of a card.
    """
    said = figures["classification"].get("networks", {})
    return {
        "study_sha256": noted["sha256"],
        "synthetic": noted["data"]["synthetic"],
        "networks": {
            network: {
                "accuracy": said[network]["figures"]["accuracy"]["value"] if network in said else None,
                "saliency_trust": {
                    "study_sha256": noted["sha256"],
                    "methods": {method: _badge(its) for method, its in methods.items()},
                },
            }
            for network, methods in figures["trust"].items()
        },
    }


def _badge(its: Mapping[str, Any]) -> dict[str, Any]:
    failed = [one["code"] for one in its["checks"] if one["passed"] is False]
    return {"badge": its["badge"], "failed": failed, "slices": its["n"], "layer": its["layer"]}
