"""From warning lines, which may quote a file, to codes, which cannot."""

from __future__ import annotations

import re
from collections.abc import Iterable

from saliscribe.core.records.facts import WarningCode

#: First match wins; the order goes from the particular to the general.
_RULES: tuple[tuple[str, WarningCode], ...] = (
    (r"^gaps between the slices", "missing_slices"),
    (r"less firmly", "unsure_region"),
    (r"few gr[ea]y levels", "low_contrast"),
    (r"burn|text|annotation|marks? in|screenshot", "text_in_picture"),
    (r"panel|montage|mosaic|several (pictures|images|heads)", "several_panels"),
    (r"blank|empty|uniform|constant", "nearly_blank"),
    (r"invert|negative|bright background", "inverted_grey"),
    (r"colou?r|rgb|alpha|palette|tinted", "colour_picture"),
    (r"pixels? (is|are)? ?not square|anisotrop|uneven pixel|non-square", "uneven_pixels"),
    (r"spacing|voxel size|pixel size|header geometry", "spacing_doubtful"),
    (r"orient|oblique|rotat|mirror|flip|left.{0,12}right|sides not known", "orientation_doubtful"),
    (r"cut off|cropped|touches the border|reaches the border|border of the picture", "head_cut_off"),
    (r"brain.{0,30}(not found|no outline|could not)|no brain (region|outline|mask)", "brain_not_found"),
    (
        r"(does|do|may|might) not.{0,25}(look|show|be|seem).{0,30}(brain|head)|not a brain|not brain|photograph",
        "not_brain_like",
    ),
    (
        r"t2|flair|diffusion|not.{0,20}t1|without contrast|not contrast|no enhancement|enhanc|not mr\b",
        "not_t1_post_contrast",
    ),
    (r"resolution|too small|few pixels|\bsmall\b", "low_resolution"),
    (r"blur|noise|noisy|unsharp", "blurred_or_noisy"),
    (r"contrast|grey levels|gray levels|bit depth|saturat|clipp", "low_contrast"),
)


def warning_codes(lines: Iterable[str]) -> tuple[WarningCode, ...]:
    """The codes of warning lines, each once,
    in the order in which they first appear; unknown ones are "other"."""
    found: dict[WarningCode, None] = {}
    for line in lines:
        found.setdefault(_code(line), None)
    return tuple(found)


def _code(line: str) -> WarningCode:
    text = line.casefold()
    return next((code for pattern, code in _RULES if re.search(pattern, text)), "other")
