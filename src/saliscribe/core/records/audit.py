"""The audit of a report: one verdict per sentence, what is missing, and whether it may be shown."""

from __future__ import annotations

from typing import Literal

from saliscribe.core.records.fact import Count, Record

SentenceVerdict = Literal["entailed", "contradicted", "unsupported", "harmless"]
Outcome = Literal["pass", "repaired", "blocked"]


class ClaimAudit(Record):
    """One claim of a sentence. ``about``: fact and field, "F5.probability"; ``said``: the claim in words."""

    about: str
    said: str
    verdict: SentenceVerdict
    reason: str | None = None


class SentenceAudit(Record):
    """``fact_ids``: the facts that carry the sentence, or that it contradicts. ``reason`` is for people.

    ``read_by``: the grammar (word for word), the free reader, or nothing that could read it.
    """

    text: str
    verdict: SentenceVerdict
    fact_ids: tuple[str, ...] = ()
    reason: str | None = None
    claims: tuple[ClaimAudit, ...] = ()
    read_by: Literal["grammar", "prose"] | None = None


class Omission(Record):
    """A mandatory fact that no sentence states."""

    fact_id: str
    what: str


class Audit(Record):
    """``outcome`` is ``pass`` when every sentence is entailed or harmless and nothing mandatory is missing.

    ``repaired``: the draft failed and template sentences replaced what failed; ``sentences`` then describe
    the
    report that is shown and ``rejected`` what was taken out. ``blocked``: it failed and was not replaced.
    """

    schema_version: Literal["1.0"] = "1.0"
    outcome: Outcome
    sentences: tuple[SentenceAudit, ...]
    omissions: tuple[Omission, ...] = ()
    rejected: tuple[SentenceAudit, ...] = ()
    attempts: Count = 1

    @property
    def passed(self) -> bool:
        """True when the shown text is faithful to the findings (as written or after repair)."""
        return self.outcome != "blocked"
