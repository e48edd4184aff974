"""The interval of a share that was counted."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054


@dataclass(frozen=True)
class Counted:
    """``hits`` of ``n`` with the 95 % interval of Wilson (1927); without any case nothing is known."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """hits / n, or ``None`` for n = 0."""
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """(low, high) in [0, 1], or ``None`` for n = 0."""
        if not self.n:
            return None
        p, z2 = self.hits / self.n, _Z**2
        middle = (p + z2 / (2 * self.n)) / (1 + z2 / self.n)
        half = _Z / (1 + z2 / self.n) * sqrt(p * (1 - p) / self.n + z2 / (4 * self.n**2))
        return max(0.0, middle - half), min(1.0, middle + half)

    def as_dict(self) -> dict[str, float | int | None]:
        """Plain data for JSON."""
        low, high = self.interval or (None, None)
        return {"hits": self.hits, "n": self.n, "share": self.share, "low": low, "high": high}

    def __str__(self) -> str:
        if self.interval is None:
            return "no case"
        low, high = (100 * end for end in self.interval)
        return f"{self.hits}/{self.n} ({low:.1f} to {high:.1f} %)"
