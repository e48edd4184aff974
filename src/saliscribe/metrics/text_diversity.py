"""How varied the words of a text are. None of these looks at what the text says."""

from __future__ import annotations

import math
from collections.abc import Sequence

WINDOW, FACTOR_TTR = 50, 0.72


def ttr(words: Sequence[str]) -> float:
    """Type-token ratio V / N in (0, 1]; NaN without words."""
    return len(set(words)) / len(words) if words else math.nan


def mattr(words: Sequence[str], window: int = WINDOW) -> float:
    """Mean type-token ratio over all runs of ``window`` words (Covington & McFall 2010).

    A text shorter than the window has its plain ratio.
    """
    if len(words) <= window:
        return ttr(words)
    runs = len(words) - window + 1
    return sum(ttr(words[at : at + window]) for at in range(runs)) / runs


def mtld(words: Sequence[str], threshold: float = FACTOR_TTR) -> float:
    """Mean length in words of a run whose type-token ratio stays above ``threshold``, forwards and backwards.

    McCarthy & Jarvis 2010, with their partial last factor; NaN where no ratio ever falls below 1.
    """
    ends = [_factor_length(words, threshold), _factor_length(words[::-1], threshold)]
    return sum(ends) / 2


def maas(words: Sequence[str]) -> float:
    """Maas's a² = (ln N - ln V) / (ln N)²: lower is more varied; NaN below two words."""
    if len(words) < 2:
        return math.nan
    n = math.log(len(words))
    return (n - math.log(len(set(words)))) / n**2


def _factor_length(words: Sequence[str], threshold: float) -> float:
    factors, seen, count = 0.0, set[str](), 0
    ratio = 1.0
    for word in words:
        seen.add(word)
        count += 1
        ratio = len(seen) / count
        if ratio <= threshold:
            factors, seen, count, ratio = factors + 1, set(), 0, 1.0
    if count:
        factors += (1.0 - ratio) / (1.0 - threshold)
    return len(words) / factors if factors else math.nan
