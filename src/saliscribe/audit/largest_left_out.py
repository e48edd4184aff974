"""A list of shares that leaves out the largest: each share is true, and the list misleads."""

from __future__ import annotations

import re

from saliscribe.core.records.audit import SentenceAudit
from saliscribe.core.records.findings import Findings

_SHARE = re.compile(r"[\d.]+% (?P<place>.+)")


def largest_left_out(sentences: list[SentenceAudit], findings: Findings) -> list[SentenceAudit]:
    """The sentences, with those that give shares of structures unsupported if nothing gives the largest share.

    A sentence of the grammar always lists all. A structure whose share only rounds to the same is no stand-in.
    """
    shares = {fact.name: fact.share_of_lesion for fact in findings.location.structures}
    listed = [_listed(sentence) & set(shares) for sentence in sentences]
    told = set().union(*listed)
    if not told or any(
        s.read_by == "grammar" and any(c.about == "F9.main" for c in s.claims) for s in sentences
    ):
        return sentences
    largest = max(shares, key=lambda name: shares[name])
    if any(shares[name] == shares[largest] for name in told):
        return sentences
    update = {
        "verdict": "unsupported",
        "reason": f"the list leaves out the structure with the largest share, {largest}",
    }
    return [
        s.model_copy(update=update) if own and s.verdict == "entailed" else s
        for s, own in zip(sentences, listed, strict=True)
    ]


def _listed(sentence: SentenceAudit) -> set[str]:
    """The structures that a sentence gives a share of."""
    found = (_SHARE.fullmatch(claim.said) for claim in sentence.claims if claim.about == "F9.main")
    return {match["place"] for match in found if match}
