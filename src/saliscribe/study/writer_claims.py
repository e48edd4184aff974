"""Claims about writers: what their reports differ in, whether drafts are faithful, and whose reports are not here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saliscribe.study.claim import Claim, Verdict
from saliscribe.study.page_words import number, short

_WORDING = {
    "The writers' reports differ in diversity": ("MTLD",),
    "The writers' reports differ in readability": ("Flesch reading ease",),
    "The writers' reports differ in coherence": ("coherence (MiniLM)",),
    "The writers' reports differ in faithfulness": ("share unsupported", "share contradicted", "omissions"),
}
#: Language models whose reports were printed, by the names that writers have here, and what was claimed of them.
_PRINTED = {"grok": "Grok", "mistral": "Mistral", "llama": "LLaMA"}
_PRAISED = ("the most diverse", "the most readable")
#: The share of drafts that must pass the audit before drafts count as fit to be shown.
FIT = 0.95
DRAFTED = ", as drafted"
GRAMMAR = "template (structured)"
_BEYOND = {"more diverse": "MTLD", "more readable": "Flesch reading ease"}


def writer_claims(reports: Mapping[str, Any]) -> list[Claim]:
    """Every claim about writers, from the statistics of the reports."""
    differ = [_differ(reports, words, names) for words, names in _WORDING.items()]
    drafted = [writer for writer in reports.get("writers", {}) if writer.endswith(DRAFTED)]
    fit = [_fit(writer, reports["writers"][writer]["figures"]["passes the audit"]) for writer in drafted]
    beyond = [
        _beyond_grammar(reports, writer, words, name) for writer in drafted for words, name in _BEYOND.items()
    ]
    return [*differ, *beyond, *fit, *(_printed(reports, praise) for praise in _PRAISED)]


def _differ(reports: Mapping[str, Any], claim: str, measures: tuple[str, ...]) -> Claim:
    families = {one["name"]: one for one in reports.get("families", ())}
    compared = [families[f"writers: {name}"] for name in measures if f"writers: {name}" in families]
    if not compared:
        count = len(reports.get("writers", {}))
        return Claim(
            claim,
            "undecided",
            f"{count or 'No'} writer{'' if count == 1 else 's'} in this study: nothing to compare.",
        )
    differing = [one for one in compared if len(one["ties"]) > 1]
    whole = "; ".join(
        f"{one['name'].removeprefix('writers: ')}: "
        + ", ".join(f"{writer} {short(f['value'])}" for writer, f in one["means"].items())
        + f" ({len(one['ties'])} tie group{'' if len(one['ties']) == 1 else 's'})"
        for one in compared
    )
    first = next(iter(compared[0]["means"].values()))
    why = f"{whole}; {first['n']} pictures of {first['n_patients']} patients."
    return Claim(claim, "held" if differing else "undecided", why)


def _beyond_grammar(reports: Mapping[str, Any], writer: str, praise: str, measure: str) -> Claim:
    """Whether a model's own words beat those of the grammar on the same findings, whatever they say."""
    claim = f"A language model's own words are {praise} than the grammar's ({writer.removesuffix(DRAFTED)})"
    family = next((one for one in reports.get("families", ()) if one["name"] == f"writers: {measure}"), None)
    pair = next(
        (
            one
            for one in (family or {}).get("comparisons", ())
            if {one["first"], one["second"]} == {writer, GRAMMAR}
        ),
        None,
    )
    if family is None or pair is None:
        return Claim(claim, "undecided", "Not compared.")
    own, grammar = (family["means"][name]["value"] for name in (writer, GRAMMAR))
    differ = pair["p_holm"] < family["alpha"]
    verdict: Verdict = "undecided" if not differ else "held" if own > grammar else "not_held"
    return Claim(
        claim,
        verdict,
        f"{measure} {number(own, 1)} against {number(grammar, 1)} (p Holm {pair['p_holm']:.3g}).",
    )


def _fit(writer: str, passes: Mapping[str, Any]) -> Claim:
    """Whether drafts could be shown as they come: by the share that the audit passes, on patients drawn anew."""
    claim = f"Reports can be shown as a language model drafts them ({writer.removesuffix(DRAFTED)})"
    low, high = (passes["value"] if passes[end] is None else passes[end] for end in ("low", "high"))
    verdict: Verdict = "held" if low >= FIT else "not_held" if high < FIT else "undecided"
    return Claim(
        claim,
        verdict,
        f"{passes['value']:.1%} of {passes['n']} drafts pass the audit whole ({low:.1%} to {high:.1%}; "
        f"{passes['n_patients']} patients), where {FIT:.0%} are asked for.",
    )


def _printed(reports: Mapping[str, Any], praise: str) -> Claim:
    """Undecided: where the printed models did write, the tie groups of the page say which of them differ."""
    here = [name for name in _PRINTED if any(one.startswith(name) for one in reports.get("writers", {}))]
    missing = [words for name, words in _PRINTED.items() if name not in here]
    why = (
        f"No report by {', '.join(missing)} is in this study."
        if missing
        else "The tie groups say who differs."
    )
    return Claim(f"One of {', '.join(_PRINTED.values())} writes {praise} reports", "undecided", why)
