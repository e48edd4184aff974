"""How much of a reference text's wording a text shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def rouge_n(reference: Sequence[str], candidate: Sequence[str], n: int) -> float:
    """F1 of shared runs of ``n`` words (Lin 2004), each counted as often as both have it."""
    wanted, found = _runs(reference, n), _runs(candidate, n)
    shared = sum((wanted & found).values())
    return _f1(shared, wanted.total(), found.total())


def rouge_l(reference: Sequence[str], candidate: Sequence[str]) -> float:
    """F1 of the longest common subsequence of words (Lin 2004)."""
    return _f1(_common_subsequence(reference, candidate), len(reference), len(candidate))


def coverage(reference: Sequence[str], candidate: Sequence[str]) -> float:
    """Share of the reference's words (with repeats) that the candidate has; 0 for an empty reference."""
    wanted = Counter(reference)
    return (wanted & Counter(candidate)).total() / wanted.total() if wanted else 0.0


def _runs(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[at : at + n]) for at in range(len(words) - n + 1))


def _f1(shared: int, wanted: int, found: int) -> float:
    return 2.0 * shared / (wanted + found) if shared else 0.0


def _common_subsequence(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest common subsequence, bit-parallel (Allison & Dix 1986): one integer per row."""
    places: dict[str, int] = {}
    for at, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << at
    full = (1 << len(first)) - 1
    row = full
    for word in second:
        matches = row & places.get(word, 0)
        row = ((row + matches) | (row - matches)) & full
    return len(first) - row.bit_count()
