"""One sentence against the findings."""

from __future__ import annotations

import re
from typing import Any

from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.parse import readings
from saliscribe.core.language.render import fact_ids
from saliscribe.core.language.reported import Claims, Key
from saliscribe.core.language.styles import PLAIN_TITLES, TITLES
from saliscribe.core.records.audit import SentenceAudit
from saliscribe.core.records.findings import Findings

_HARMLESS = {
    normalise(text)
    for text in (
        *TITLES.values(),
        *PLAIN_TITLES.values(),
        "Report on one brain MRI slice",
        "Your picture in plain words",
        "Report",
        "End of report",
        "Research use notice",
    )
}


def judge(
    text: str, findings: Findings, known: Claims, exact: dict[Key, float]
) -> tuple[SentenceAudit, Claims]:
    """The verdict on one sentence, and the claims it makes truly (empty unless it is entailed).

    ``known`` is ``reported(findings)``. A sentence with several readings is entailed if one of them is.
    """
    bare = normalise(text).strip(" .:;!-_*#=|")
    if bare in _HARMLESS or not re.search(r"\w", bare):
        return SentenceAudit(text=text, verdict="harmless"), {}
    ways = readings(text)
    if not ways:
        return SentenceAudit(
            text=text, verdict="unsupported", reason="not a sentence that the findings support"
        ), {}
    wrong, claims = min(((_wrong(way, known, exact), way) for way in ways), key=lambda pair: len(pair[0]))
    ids = fact_ids(wrong or claims, findings, known)
    if not wrong:
        return SentenceAudit(text=text, verdict="entailed", fact_ids=ids), claims
    stated = [key for key in wrong if key in known]
    verdict = "contradicted" if stated else "unsupported"
    reason = "; ".join(_reason(key, claims[key], known) for key in (stated or wrong))
    return SentenceAudit(text=text, verdict=verdict, fact_ids=ids, reason=reason), {}


def _wrong(claims: Claims, known: Claims, exact: dict[Key, float]) -> list[Key]:
    return [key for key, value in claims.items() if not _agrees(key, value, known, exact)]


def _agrees(key: Key, value: Any, known: Claims, exact: dict[Key, float]) -> bool:
    """Equal at reporting precision; a number with one decimal must round the exact value correctly."""
    if key not in known:
        return False
    if isinstance(value, float) and key in exact:
        return abs(value - exact[key]) <= 0.05 + 1e-9
    return bool(value == known[key]) and isinstance(value, bool) == isinstance(known[key], bool)


def _reason(key: Key, value: Any, known: Claims) -> str:
    name = f"{key[0]} {key[1].replace('_', ' ')}"
    if key not in known:
        return f"{name}: the findings do not say this"
    return f"{name}: the text says {_shown(value)}, the findings say {_shown(known[key])}"


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(part) for part in value if part is not None)
    return str(value).replace("_", " ")
