"""What a user states of a picture and the picture plainly contradicts."""

from __future__ import annotations

from saliscribe.anatomy.candidates import Known
from saliscribe.anatomy.level_network import LevelDistribution
from saliscribe.anatomy.level_prior import TAIL
from saliscribe.anatomy.turns import QUARTER_TURNS, Turn
from saliscribe.core.names import Orientation, Plane

#: Another plane with more than this probability contradicts the stated one; a level this far (mm) outside the 99 %
#: interval of the level network contradicts that.
PLAINLY, BEYOND_MM = 0.99, 15.0


def contradiction(known: Known, guess: LevelDistribution, found: Plane) -> str | None:
    """One line that tells what contradicts the stated plane or level, ``None`` where nothing does so plainly.

    Args:
        known: what is stated; a plane with ``mirror_known`` is a header's and not doubted.
        guess: the level network's opinion of the picture, which knows nothing of what is stated.
        found: the plane in which the picture was placed.
    """
    seen = max(guess.planes, key=lambda plane: guess.planes[plane])
    if known.plane not in (None, seen) and not known.mirror_known and guess.planes[seen] > PLAINLY:
        return (
            f"the picture contradicts the stated plane {known.plane}: it shows a slice that is {seen} "
            f"({_percent(guess.planes[seen])}); nothing is placed, check the plane or leave it out"
        )
    if known.level_mm is None:
        return None
    level = abs(known.level_mm) if found == "sagittal" else known.level_mm
    low, high = guess.quantile(found, TAIL), guess.quantile(found, 1 - TAIL)
    if low - BEYOND_MM <= level <= high + BEYOND_MM:
        return None
    return (
        f"the picture contradicts the stated level {known.level_mm:g} mm: it lies between {low:.0f} and "
        f"{high:.0f} mm (99 %); nothing is placed, check the level or leave it out"
    )


def lying(turn: Turn, orientation: Orientation) -> str | None:
    """One line for a picture that had to be turned (``turn``) to be placed, ``None`` for an upright one."""
    if turn not in QUARTER_TURNS:
        return None
    how, turned = ("on its side", "quarter") if turn.swap else ("upside down", "half")
    if orientation == "unknown":
        return f"orientation: the head lies {how} in the picture and was placed after a {turned} turn"
    return (
        f"orientation: stated as {orientation}, but the head lies {how} in the picture, so that its "
        "sides are not known; nothing is placed, turn the picture upright"
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share < 0.995 else "over 99 %"
