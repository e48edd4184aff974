"""What a layout of labelled data is: two functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from saliscribe.core.records.labelled import LabelledSlice


class Layout(NamedTuple):
    """``detect(root)`` says whether a folder (or table) is of this layout, ``read(root)`` gives its slices."""

    detect: Callable[[Path], bool]
    read: Callable[[Path], list[LabelledSlice]]
