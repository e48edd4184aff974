"""BRISC 2025: class, plane and split stand in the name, ``brisc2025_train_00001_gl_ax_t1.jpg``; patients
are not published.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.io.layouts.protocol import Layout
from saliscribe.io.layouts.words import class_of, is_mask_name, pictures_under, plane_of_word

_NAME = re.compile(r"brisc2025_(train|test)_(\d+)_([a-z]{2})_([a-z]{2})_t1", re.IGNORECASE)


def detect(root: Path) -> bool:
    """True where a picture under ``root`` has a BRISC name."""
    return root.is_dir() and any(_NAME.fullmatch(path.stem) for path in pictures_under(root))


def read(root: Path) -> list[LabelledSlice]:
    """One slice per image name; a mask is the file of the same stem in a ``masks`` folder, or ``<stem>_mask``.

    The classification and segmentation tasks repeat the same images: each name is taken once.
    """
    named = [(path, match) for path in pictures_under(root) if (match := _NAME.fullmatch(_stem(path)))]
    masks = {_stem(path): path for path, _ in named if is_mask_name(path, root)}
    images = {_stem(path): (path, match) for path, match in reversed(named) if not is_mask_name(path, root)}
    found: list[LabelledSlice] = []
    for stem, (path, match) in sorted(images.items()):
        label = class_of(match[3])
        if label is None:
            continue
        found.append(
            LabelledSlice(
                path=path,
                label=label,
                patient=f"file:{stem}",
                plane=plane_of_word(match[4]),
                mask_path=masks.get(stem),
                patient_known=False,
                split=match[1].lower(),
            )
        )
    if len(found) < len(images):
        warnings.warn(f"{root}: {len(images) - len(found)} slices of other classes left out", stacklevel=2)
    return found


def _stem(path: Path) -> str:
    return re.sub(r"_mask$", "", path.stem, flags=re.IGNORECASE)


LAYOUT = Layout(detect, read)
