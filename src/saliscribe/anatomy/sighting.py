"""A picture seen as it lies and, where that does not convince, turned: what fits best, and whether it is a head."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from saliscribe.anatomy.candidates import Candidates, Known, candidates, rank
from saliscribe.anatomy.head_evidence import head_evidence
from saliscribe.anatomy.refine import Fit
from saliscribe.anatomy.turns import QUARTER_TURNS, UPRIGHT, Turn

#: Evidence for a head below which other turns are tried, too, and what a turn costs in rank.
CONVINCING, ASIDE = 5.0, 0.05


@dataclass(frozen=True)
class Sighting:
    """What a picture shows in one turn.

    ``fits`` are in pixels of the turned picture, best first, the first one settled on the brain; ``evidence`` is the
    logarithm of the odds that it shows a head.
    """

    turn: Turn
    fits: tuple[Fit, ...]
    evidence: float


def sighting(
    picture: NDArray, tumour: NDArray[np.bool_], known: Known, turn: Turn = UPRIGHT, *, may_turn: bool = False
) -> Sighting | None:
    """As the picture lies, or in the turn that fits better and has more evidence; ``None`` where it shows nothing.

    Args:
        picture, tumour: (rows, columns).
        known: what is known before looking.
        turn: how the picture is turned first.
        may_turn: whether quarter turns are tried as well, if this one does not convince.
    """
    first = candidates(picture, tumour, known, turn)
    upright = None if first is None else _settled(first, known)
    if not may_turn or (upright is not None and upright.evidence >= CONVINCING):
        return upright
    turned = [candidates(picture, tumour, known, other) for other in QUARTER_TURNS]
    best = max((one for one in (first, *turned) if one), key=lambda one: _rank(one, turn), default=None)
    if best is None or best is first:
        return upright
    other = _settled(best, known)
    return other if upright is None or other.evidence > upright.evidence else upright


def _rank(found: Candidates, usual: Turn) -> float:
    return rank(found.fits[0]) - ASIDE * (found.turn != usual)


def _settled(found: Candidates, known: Known) -> Sighting:
    best = found.settled(known)
    return Sighting(found.turn, (best, *found.in_pixels()[1:]), head_evidence(best))
