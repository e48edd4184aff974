"""The figshare brain tumour ``.mat`` files: one slice with its label, patient and tumour mask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.names import TumourClass
from saliscribe.core.volume import Volume
from saliscribe.io.file_bytes import FileBytes, load_file
from saliscribe.io.isolation import decode_isolated
from saliscribe.io.picture import picture_volume

_DECODER = "saliscribe.io.decode_mat:decode_mat"
#: The numbers of ``cjdata.label``.
LABELS: dict[int, TumourClass] = {1: "meningioma", 2: "glioma", 3: "pituitary"}


@dataclass(frozen=True)
class CjData:
    """One figshare slice: (rows, columns) ``image`` and ``mask`` as MATLAB shows them; ``None`` if missing.

    ``border`` is the drawn outline as (n, 2) pairs in the file's own order and 1-based pixels.
    """

    image: NDArray
    mask: NDArray[np.bool_] | None
    label: TumourClass | None
    patient: str | None
    border: NDArray[np.float64] | None


def read_cjdata(path: str | Path) -> CjData:
    """Read the ``cjdata`` struct of a MATLAB v5 or v7.3 file, in a separate process.

    Raises:
        InputError: unreadable, damaged, or without a two-dimensional image.
    """
    return _cjdata(load_file(Path(path)).path)


def read_mat(file: FileBytes) -> Volume:
    """The image of a ``cjdata`` file as (1, rows, columns, 1); such files state no geometry."""
    return picture_volume(file, _cjdata(file.path).image, ())


def _cjdata(path: Path) -> CjData:
    decoded = decode_isolated(_DECODER, path)
    border = decoded.arrays.get("border")
    mask = decoded.arrays.get("mask")
    number = decoded.facts["label"]
    return CjData(
        image=decoded.arrays["image"],
        mask=None if mask is None else mask.astype(bool),
        label=None if number is None else LABELS[number],
        patient=decoded.facts["pid"],
        border=border.reshape(-1, 2) if border is not None and border.size % 2 == 0 else None,
    )
