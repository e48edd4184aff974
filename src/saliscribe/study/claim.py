"""One claim and what the data of a study say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["held", "not_held", "undecided"]


@dataclass(frozen=True)
class Claim:
    """A claim, the verdict of these data, and why."""

    claim: str
    verdict: Verdict
    why: str
