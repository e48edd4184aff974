"""What a study can say of itself to a checklist, in words; ``None`` for what it does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from saliscribe.core.names import CLASSES
from saliscribe.study.page_words import name_of, number

Figures = Mapping[str, Any]
_TEMPLATE = "template ("


def checklist_facts(noted: Mapping[str, Any], figures: Figures) -> dict[str, str | None]:
    """Facts by the names that the checklists use."""
    data, plan = noted["data"], noted["plan"]
    networks = [one for one in figures["networks"] if one["trained"]]
    return {
        "title": plan["title"],
        "data": data["name"],
        "slices": f"{data['slices']:,}",
        "patients": str(data["patients"]),
        "map_slices": str(data["map_slices"]),
        "folds": ", ".join(map(str, plan["folds"])) or "all of the data",
        "plan_sha": noted["sha256"][:16],
        "hashed_at": noted["hashed_at"],
        "version": noted["facts"]["saliscribe"],
        "libraries": _joined(f"{name} {version}" for name, version in noted.get("libraries", {}).items()),
        "source_sha": noted["facts"]["source_sha256"][:16],
        "resamples": f"{plan['resamples']:,}",
        "rules": ", ".join(plan["rules"]),
        "backbones": _joined(
            f"{one['network']} ({one['backbone']}, {one['heads']} heads)" for one in networks
        ),
        "weights": _joined(str(one["weights"]) for one in networks if one["weights"]),
        "fold_networks": str(sum(int(one["folds"]) for one in networks)) if networks else None,
        "not_trained": _joined(one["network"] for one in figures["networks"] if not one["trained"]) or "none",
        "worst": str(len(figures["worst"])) if figures["worst"] else None,
        **_costs(figures),
        **_performance(figures),
        **_controls(figures),
        **_claims(figures),
        **_writers(figures),
    }


def _costs(figures: Figures) -> dict[str, str | None]:
    costs = figures["costs"]
    return {
        "parameters": _joined(f"{one['network']} {one['parameters'] / 1e6:.2f} million" for one in costs),
        "sizes": _joined(f"{one['network']} {int(one['size'])}" for one in costs),
    }


def _performance(figures: Figures) -> dict[str, str | None]:
    networks = figures["classification"]["networks"]

    def each(*keys: str) -> str | None:
        return _joined(
            f"{name}: "
            + ", ".join(
                f"{name_of(key)} {interval(its['figures'][key])}" for key in keys if key in its["figures"]
            )
            for name, its in networks.items()
        )

    masks = [one for its in figures["overlap"]["networks"].values() for one in its["masks"]]
    families = [one["name"] for its in figures["overlap"]["networks"].values() for one in its["families"]]
    return {
        "accuracy": each("accuracy", "macro_f1", "macro_auroc"),
        "recalls": each(*(f"recall_{name}" for name in CLASSES)),
        "dice": each("dice"),
        "calibration": _joined(
            f"{name}: ECE {interval(its['ece_before'])} before and {interval(its['figures']['ece'])} after temperature"
            for name, its in networks.items()
        ),
        "no_distance": _joined(
            f"{name_of(one['source'])} {one['rule']} {one['no_distance']}" for one in masks
        ),
        "families": _joined(families),
    }


def interval(figure: Mapping[str, Any]) -> str:
    """A figure with its interval and n."""
    if figure["low"] is None:
        return f"{number(figure['value'])} (n = {figure['n']})"
    return (
        f"{number(figure['value'])} ({number(figure['low'])} to {number(figure['high'])}; n = {figure['n']})"
    )


def _controls(figures: Figures) -> dict[str, str | None]:
    controls = figures["controls"]
    counts = _joined(f"{what}: {count}" for what, count in controls.get("counts", {}).items())
    badges = [
        f"{network}, {name_of(method)}: {its['badge'].replace('_', ' ')}"
        for network, methods in figures["trust"].items()
        for method, its in methods.items()
    ]
    robust = [
        f"{network}, {name_of(method)}: "
        + ", ".join(f"{change} {number(f['value'], 2)}" for change, f in its["likeness"].items())
        for network, methods in figures["trust"].items()
        for method, its in methods.items()
        if its["likeness"]
    ]
    return {
        "duplicates": None if counts is None else f"Near-duplicates: {counts}.",
        "trust": None if not badges else "Maps tried against null maps, shuffled weights and harmless changes: "
        + "; ".join(badges) + ".",
        "robustness": None if not robust else "Rank correlation of maps after a change: " + "; ".join(robust) + ".",
    }  # fmt: skip


def _claims(figures: Figures) -> dict[str, str | None]:
    counts = Counter(one["verdict"] for one in figures["claims"])
    return {
        "claims_counts": ", ".join(
            f"{counts[verdict]} {words}"
            for verdict, words in (("held", "held"), ("not_held", "did not hold"), ("undecided", "undecided"))
        ),
        "undecided": _joined(one["claim"] for one in figures["claims"] if one["verdict"] == "undecided")
        or "none",
    }


def _writers(figures: Figures) -> dict[str, str | None]:
    """Language models of the study; where only the grammar wrote, that is the answer."""
    writers = dict(figures["reports"].get("writers", {}))
    models = [name for name in writers if not name.startswith(_TEMPLATE)]
    names = ("writers", "stochasticity", "prompts", "sessions", "independence")
    if not writers:
        return dict.fromkeys(names)
    if not models:
        grammar = "No language model wrote in this study: the grammar did, which has no chance and no prompt."
        return dict.fromkeys(names, grammar)
    return {
        "writers": f"{', '.join(models)}; the model that answered is in manifest.json of every run, or beside the "
        "kept drafts.",
        "stochasticity": "Temperature, top p and seed of every request are in manifest.json, or beside the kept "
        "drafts; one report per picture and writer; means with bootstrap intervals by patient.",
        "prompts": "The prompt files, their versions and hashes are in manifest.json of every run, or beside the kept "
        "drafts.",
        "sessions": "Every report is a session of its own; a regeneration repeats the draft and what was held "
        "against it.",
        "independence": None,
    }


def _joined(parts: Any) -> str | None:
    text = "; ".join(str(part) for part in parts)
    return text or None
