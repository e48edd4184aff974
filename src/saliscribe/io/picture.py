"""A decoded grey slice as a Volume: a mask where a scan is wanted is refused, burned-in text is flagged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.volume import Volume
from saliscribe.io.burned_text import burned_text
from saliscribe.io.file_bytes import FileBytes
from saliscribe.io.pixels import as_data

#: Fewer grey values than this is a mask or a line drawing.
_MIN_GREYS = 8


def picture_volume(file: FileBytes, grey: NDArray, notes: tuple[str, ...]) -> Volume:
    """The (rows, columns) picture ``grey`` as (1, rows, columns, 1), without geometry.

    Raises:
        InputError: of an impossible size, constant, or with so few grey values that it is a mask.
    """
    data, mended = as_data(grey, file)
    if file.role == "mask":
        return Volume(data, file.source, warnings=(*notes, *mended))
    if np.unique(data[0, ::4, ::4, 0]).size < _MIN_GREYS:  # the sample is quick and settles all but masks
        values = np.unique(data).size
        if values < _MIN_GREYS:
            expected = f"at least {_MIN_GREYS} grey values"
            raise file.damaged("a mask or a drawing, not a scan", expected=expected, got=str(values))
    text = burned_text(data[0, :, :, 0])
    return Volume(data, file.source, warnings=(*notes, *mended, *((text,) if text else ())))
