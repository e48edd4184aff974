"""From a picture to what the network sees."""

from __future__ import annotations

from saliscribe.core.records.prepared import Prepared
from saliscribe.core.volume import Volume
from saliscribe.core.windows import cut_window
from saliscribe.preprocess.brain import brain_mask
from saliscribe.preprocess.gate import gate_warnings
from saliscribe.preprocess.grey import head_window, scale_grey


def prepare(image: Volume, size: int) -> Prepared:
    """Scale a one-channel slice to [0, 1], find head and brain, and cut the network's (size, size) window.

    Raises ValueError if ``image`` is not a single one-channel slice.
    """
    grey = scale_grey(image.picture)
    crop = head_window(grey)
    brain = brain_mask(grey)
    return Prepared(
        grey=grey,
        network_input=cut_window(grey, crop, size),
        brain=brain,
        crop=crop,
        warnings=gate_warnings(grey, brain),
    )
