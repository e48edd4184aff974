"""What work of this kind claims, and what the data of a study say: held, not held, or cannot be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from saliscribe.core.names import CAM_METHOD_NAMES
from saliscribe.study.claim import Claim
from saliscribe.study.page_words import name_of, number
from saliscribe.study.settings import StudyPlan
from saliscribe.study.writer_claims import writer_claims

#: Differences of Dice and of hit rates that nobody would choose a method for.
SAME_DICE, SAME_HITS = 0.05, 0.10
#: The best macro F1 that single-head networks reached on slices split without regard to patients.
PRINTED_F1 = 0.95
Figures = Mapping[str, Any]


def claims(figures: Figures, plan: StudyPlan) -> list[dict[str, str]]:
    """Every claim with its verdict, from the statistics alone."""
    found = [_best_network(figures), _printed_level(figures)]
    for network, its in figures["overlap"]["networks"].items():
        families = {one["name"]: one for one in its["families"]}
        methods = families.get(f"methods: Dice at {plan.reference_rule}")
        found.append(_best(f"One saliency method fits the tumour best ({network}, Dice)", methods, SAME_DICE))
        found.append(
            _best(
                f"One saliency method points best ({network}, pointing game)",
                families.get("methods: pointing game"),
                SAME_HITS,
            )
        )
        for other in _RIVALS:
            found.append(_better_than(network, other, families.get(f"methods against {other}: Dice")))
    found += [_trusted(network, methods) for network, methods in figures["trust"].items()]
    found += writer_claims(figures["reports"])
    return [asdict(one) for one in found]


_RIVALS = {
    "gaussian_prior": "a centred Gaussian",
    "otsu": "Otsu on the image",
    "segmentation_head": "the segmentation head",
}


def _best_network(figures: Figures) -> Claim:
    claim = "One network is best"
    trained = [one["network"] for one in figures["networks"] if one["trained"] and not one["shuffled_labels"]]
    missing = [one["network"] for one in figures["networks"] if not one["trained"]]
    family = figures["classification"]["family"]
    if len(trained) < 2 or family is None:
        names = ", ".join(missing) or "none other"
        return Claim(
            claim, "undecided", f"Only {', '.join(trained) or 'no network'} is trained; not trained: {names}."
        )
    found = _best(claim, family, 0.02)
    trainings = {one["training"] for one in figures["networks"] if one["trained"] and one.get("training")}
    if len(trainings) > 1:
        ways = "; ".join(sorted(trainings))
        why = f"Trained in different ways ({ways}), so the figures compare trainings too. {found.why}"
        found = Claim(claim, "undecided", why)
    if missing:  # any of them could be better
        found = Claim(claim, "undecided", f"{found.why} Not trained: {', '.join(missing)}.")
    return found


def _printed_level(figures: Figures) -> Claim:
    claim = f"The macro F1 of {PRINTED_F1:.2f} that slice-level splits print holds for unseen patients"
    networks = figures["classification"]["networks"]
    if not networks:
        return Claim(claim, "undecided", "No network is trained.")
    name, best = max(networks.items(), key=lambda pair: float(pair[1]["figures"]["macro_f1"]["value"]))
    f1 = best["figures"]["macro_f1"]
    why = f"{name}: {_interval(f1)} on {f1['n_patients']} patients."
    if f1["low"] is None or f1["low"] < PRINTED_F1 <= f1["high"]:
        return Claim(claim, "undecided", why)
    return Claim(claim, "held" if f1["low"] >= PRINTED_F1 else "not_held", why)


def _best(claim: str, family: Mapping[str, Any] | None, same: float) -> Claim:
    """Held where one member differs from all others; not held where all lie within ``same``; else undecided."""
    if family is None:
        return Claim(claim, "undecided", "Fewer than two to compare.")
    top = family["ties"][0]
    means = ", ".join(f"{name_of(one)} {number(f['value'])}" for one, f in family["means"].items())
    n = next(iter(family["means"].values()))["n_patients"]
    if len(top) == 1:
        return Claim(claim, "held", f"{name_of(top[0])} differs from every other ({means}; {n} patients).")
    why = f"{' and '.join(map(name_of, top))} were not shown to differ ({means}; {n} patients)"
    bounds = [
        abs(edge)
        for one in family["comparisons"]
        for edge in (one["difference"]["low"], one["difference"]["high"])
    ]
    if max(bounds) <= same:
        return Claim(claim, "not_held", f"{why}: every difference lies within {same:g}.")
    return Claim(claim, "undecided", f"{why}; differences up to {max(bounds):.2f} remain possible.")


def _better_than(network: str, other: str, family: Mapping[str, Any] | None) -> Claim:
    claim = f"Masks of saliency maps fit better than {_RIVALS[other]} ({network}, Dice)"
    if family is None:
        return Claim(claim, "undecided", "Not compared.")
    parts = {
        one["first"]: (one["difference"]["value"], one["p_holm"])
        for one in family["comparisons"]
        if one["first"] in CAM_METHOD_NAMES
    }
    why = (
        "; ".join(f"{name_of(one)} {value:+.3f} (p Holm {p:.3g})" for one, (value, p) in parts.items()) + "."
    )
    if all(value > 0 and p < family["alpha"] for value, p in parts.values()):
        return Claim(claim, "held", why)
    if all(value < 0 and p < family["alpha"] for value, p in parts.values()):
        return Claim(claim, "not_held", why)
    return Claim(claim, "undecided", why)


def _trusted(network: str, methods: Mapping[str, Any]) -> Claim:
    claim = f"The saliency maps show what the network uses ({network})"
    badges = {method: its["badge"] for method, its in methods.items()}
    n = next(iter(methods.values()))["n"]
    failed = {
        method: [one["check"] for one in its["checks"] if one["passed"] is False]
        for method, its in methods.items()
    }
    if all(one == "trusted" for one in badges.values()):
        return Claim(claim, "held", f"Every method passes every check on {n} slices.")
    why = "; ".join(
        f"{name_of(method)}: {'trusted' if badge == 'trusted' else 'fails: ' + ', '.join(failed[method])}"
        for method, badge in badges.items()
        if badge != "not_assessed"
    )
    some = "trusted" in badges.values() or "not_assessed" in badges.values()
    return Claim(claim, "undecided" if some else "not_held", f"{why} ({n} slices).")


def _interval(figure: Mapping[str, Any]) -> str:
    if figure["low"] is None:
        return number(figure["value"])
    return f"{number(figure['value'])} ({number(figure['low'])} to {number(figure['high'])})"
