"""H: what a report may not leave out."""

from __future__ import annotations

from random import Random

from saliscribe.faithfulness.draft import Draft, Mutant, without


def class_omitted(draft: Draft, draw: Random) -> Mutant | None:
    """No sentence names the class."""
    return without(draft, {"F5.value"}, "F5", "the class is left out")


def size_omitted(draft: Draft, draw: Random) -> Mutant | None:
    """No sentence gives the size, or says that it is unknown."""
    if draft.findings.extent.state != "present":
        return None
    about = {
        f"F7.{name}" for name in ("longest_mm", "perpendicular_mm", "longest_px", "perpendicular_px", "unit")
    }
    return without(draft, about, "F7", "the size is left out")


def uncertainty_omitted(draft: Draft, draw: Random) -> Mutant | None:
    """No sentence says that figures are averages and that the report can be wrong."""
    return without(draft, {"F14.averages_only"}, "F14", "the uncertainty is left out")


def list_omitted(draft: Draft, draw: Random) -> Mutant | None:
    """No sentence says what was not assessed."""
    return without(draft, {"F12.topics"}, "F12", "what was not assessed is left out")


def notice_omitted(draft: Draft, draw: Random) -> Mutant | None:
    """No sentence says that this is for research use only."""
    return without(draft, {"F14.research_use_only"}, "F14", "the research-use notice is left out")
