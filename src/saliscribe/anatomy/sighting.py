"""A picture seen in the turns in which it may lie: what fits best, and whether it is a head."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.candidates import Candidates, Known, candidates, rank
from saliscribe.anatomy.head_evidence import head_evidence
from saliscribe.anatomy.level_network import LevelDistribution
from saliscribe.anatomy.refine import Fit
from saliscribe.anatomy.turn_odds import turn_odds
from saliscribe.anatomy.turns import UPRIGHT, Turn

#: Evidence for a head below which unlikely turns are tried, too.
CONVINCING = 5.0
#: Turns are fitted whose log-odds are at most this far below those of the likeliest. In the ranking of their fits one
#: unit counts ``ODDS_WEIGHT``, up to ``CLOSE_ODDS``.
CLOSE_ODDS, ODDS_WEIGHT = 4.0, 0.04


@dataclass(frozen=True)
class Sighting:
    """What a picture shows in one turn.

    ``fits`` are in pixels of the turned picture, best first, the first one settled on the brain; ``evidence`` is the
    logarithm of the odds that it shows a head; ``guess`` is what the level network thinks of the picture in its
    likeliest turn, whatever is stated.
    """

    turn: Turn
    fits: tuple[Fit, ...]
    evidence: float
    guess: LevelDistribution


def sighting(
    picture: NDArray, tumour: NDArray[np.bool_], known: Known, turn: Turn = UPRIGHT, *, may_turn: bool = False
) -> Sighting | None:
    """The turn that fits best, ``None`` where the picture shows nothing.

    Args:
        picture, tumour: (rows, columns).
        known: what is known before looking.
        turn: how the picture is turned first.
        may_turn: whether other turns are tried: those that are likely and, if none of these convinces, all; one of
            the rest must have more evidence, too.
    """
    odds = {turn: 0.0} if not may_turn else _from(turn, turn_odds(picture))
    most = max(odds.values())
    likely = [other for other, value in odds.items() if value >= most - CLOSE_ODDS]
    found = _found(picture, tumour, known, likely)
    best = _best(found, odds, known)
    if len(likely) == len(odds) or (best is not None and best.evidence >= CONVINCING):
        return best
    rest = _found(picture, tumour, known, [other for other in odds if other not in likely])
    other = _best(found | rest, odds, known)
    return best if best is not None and other is not None and other.evidence <= best.evidence else other


def _from(turn: Turn, odds: Mapping[Turn, float]) -> dict[Turn, float]:
    """Odds in which ``turn``, which may mirror the picture, stands for ``UPRIGHT``."""
    return {turn if other == UPRIGHT else other: value for other, value in odds.items()}


def _found(
    picture: NDArray, tumour: NDArray[np.bool_], known: Known, turns: list[Turn]
) -> dict[Turn, Candidates]:
    found = {turn: candidates(picture, tumour, known, turn) for turn in turns}
    return {turn: one for turn, one in found.items() if one is not None}


def _best(found: Mapping[Turn, Candidates], odds: Mapping[Turn, float], known: Known) -> Sighting | None:
    if not found:
        return None
    most = max(odds[turn] for turn in found)

    def worth(turn: Turn) -> float:
        return rank(found[turn].fits[0]) + ODDS_WEIGHT * max(odds[turn] - most, -CLOSE_ODDS)

    best = found[max(found, key=worth)]
    fit = best.settled(known)
    guess = found[max(found, key=lambda turn: odds[turn])].guess
    return Sighting(best.turn, (fit, *best.in_pixels()[1:]), head_evidence(fit), guess)
