"""One sentence against the findings: by the grammar if it reads it, by the reader of free prose if not."""

from __future__ import annotations

import re
from typing import Any

from saliscribe.audit.claim_words import claim_name, claim_value
from saliscribe.audit.clause import Claim, Context
from saliscribe.audit.ground import Ground
from saliscribe.audit.judge_prose import Reading, read_prose
from saliscribe.audit.mend import mend
from saliscribe.core.language.normalise import normalise
from saliscribe.core.language.parse import readings
from saliscribe.core.language.render import fact_ids
from saliscribe.core.language.reported import Claims, Key
from saliscribe.core.language.styles import PLAIN_TITLES, TITLES
from saliscribe.core.records.audit import ClaimAudit, SentenceAudit

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


def judge(text: str, ground: Ground, context: Context) -> tuple[SentenceAudit, Claims]:
    """The verdict on one sentence, and the claims it makes truly (empty unless it is entailed).

    A sentence of the grammar with several readings is entailed if one of them is.
    """
    bare = normalise(text).strip(" .:;!-_*#=|")
    if bare in _HARMLESS or not re.search(r"\w", bare):
        return SentenceAudit(text=text, verdict="harmless"), {}
    ways = readings(text) or readings(mend(text)) or readings(mend(text, real=True))
    if not ways:
        return _free(text, ground, context)
    return _exact(text, ways, ground)


def _exact(text: str, ways: list[Claims], ground: Ground) -> tuple[SentenceAudit, Claims]:
    wrong, claims = min(((_wrong(way, ground), way) for way in ways), key=lambda pair: len(pair[0]))
    ids = fact_ids(wrong or claims, ground.findings, ground.known)
    said = tuple(_claim_audit(key, claims[key], key in wrong, ground) for key in claims)
    if not wrong:
        return SentenceAudit(
            text=text, verdict="entailed", fact_ids=ids, claims=said, read_by="grammar"
        ), claims
    stated = [key for key in wrong if key in ground.known]
    reason = "; ".join(_reason(key, claims[key], ground.known) for key in (stated or wrong))
    verdict = "contradicted" if stated else "unsupported"
    return (
        SentenceAudit.model_validate(
            {
                "text": text,
                "verdict": verdict,
                "fact_ids": ids,
                "reason": reason,
                "claims": said,
                "read_by": "grammar",
            }
        ),
        {},
    )


def _claim_audit(key: Key, value: Any, wrong: bool, ground: Ground) -> ClaimAudit:
    said = f"{claim_name(key)} {claim_value(key, value)}"
    if not wrong:
        return ClaimAudit(about=".".join(key), said=said, verdict="entailed")
    verdict = "contradicted" if key in ground.known else "unsupported"
    reason = _reason(key, value, ground.known)
    return ClaimAudit.model_validate(
        {"about": ".".join(key), "said": said, "verdict": verdict, "reason": reason}
    )


def _wrong(claims: Claims, ground: Ground) -> list[Key]:
    return [key for key, value in claims.items() if not _agrees(key, value, ground.known, ground.exact)]


def _agrees(key: Key, value: Any, known: Claims, exact: dict[Key, float]) -> bool:
    """Equal at reporting precision; a number with one decimal must round the exact value correctly."""
    if key not in known:
        return False
    if isinstance(value, float) and key in exact:
        return abs(value - exact[key]) <= 0.05 + 1e-9
    return bool(value == known[key]) and isinstance(value, bool) == isinstance(known[key], bool)


def _reason(key: Key, value: Any, known: Claims) -> str:
    name = claim_name(key)
    if key not in known:
        return f"{name}: the findings do not say this"
    return f"{name}: the text says {claim_value(key, value)}, the findings say {claim_value(key, known[key])}"


def _free(text: str, ground: Ground, context: Context) -> tuple[SentenceAudit, Claims]:
    reading = read_prose(text, ground, context)
    verdict, reason = _verdict(reading)
    said = tuple(
        ClaimAudit(about=".".join(c.about), said=c.said, verdict=c.verdict, reason=c.reason)
        for c in reading.claims
    )
    told = [c for c in reading.claims if verdict == "entailed" or c.verdict != "entailed"]
    audit = {
        "text": text,
        "verdict": verdict,
        "fact_ids": _ids(told, ground),
        "reason": reason,
        "claims": said,
    }
    claims = {c.about: c.value for c in reading.claims} if verdict == "entailed" else {}
    return SentenceAudit.model_validate(audit | {"read_by": "prose"}), claims


def _verdict(reading: Reading) -> tuple[str, str | None]:
    """Contradicted before unsupported before entailed; no claim and nothing left over is harmless."""
    for verdict in ("contradicted", "unsupported"):
        reasons = [c.reason for c in reading.claims if c.verdict == verdict and c.reason]
        if reasons:
            return verdict, "; ".join(dict.fromkeys(reasons))
    if reading.left_over:
        words = ", ".join(dict.fromkeys(f'"{span.text}"' for span in reading.left_over))
        return "unsupported", f"no fact accounts for {words}"
    return ("entailed" if reading.claims else "harmless"), None


def _ids(claims: list[Claim], ground: Ground) -> tuple[str, ...]:
    """The ids of the facts that the claims are about."""
    found: set[str] = set()
    topics = {topic.topic: topic.id for topic in ground.findings.not_assessed}
    for claim in claims:
        fact, field = claim.about
        if fact == "F12":
            found |= {topics[field]} if field in topics else {t.id for t in ground.findings.not_assessed}
        elif fact == "F9" and isinstance(claim.value, tuple | str) and field in ("main", "region"):
            found |= {"F9", *((claim.value,) if isinstance(claim.value, str) else claim.value)}
        else:
            found |= set(fact_ids((claim.about,), ground.findings, ground.known))
    known = ground.findings.by_id()
    return tuple(
        sorted((i for i in found if i in known), key=lambda name: [int(part) for part in name[1:].split(".")])
    )
