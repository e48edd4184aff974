"""Labelled slices as network windows, held in memory as bytes: about 130 kB a slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import Dataset

from saliscribe.core.names import CLASSES
from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.core.records.prepared import Crop
from saliscribe.core.windows import cut_window
from saliscribe.io.labelled_pixels import read_pixels
from saliscribe.preprocess.grey import head_window, scale_grey
from saliscribe.training.augment import Draw, draw
from saliscribe.training.settings import AugmentRanges

#: Side length in pixels at which windows are kept; augmentation resamples from it once.
STORED_SIZE = 256


@dataclass(frozen=True)
class Window:
    """One slice: ``image`` and ``mask`` (STORED_SIZE, STORED_SIZE) uint8, and the way back to its pixels."""

    slice: LabelledSlice
    image: NDArray[np.uint8]
    mask: NDArray[np.uint8] | None
    crop: Crop
    shape: tuple[int, int]

    @property
    def label(self) -> int:
        """Index of the class in ``CLASSES``."""
        return CLASSES.index(self.slice.label)


def load_window(item: LabelledSlice) -> Window:
    """Read one labelled slice and cut its window, as ``preprocess.prepare`` does for explaining."""
    picture, mask = read_pixels(item)
    grey = scale_grey(picture)
    crop = head_window(grey)
    image = np.round(cut_window(grey, crop, STORED_SIZE) * 255).astype(np.uint8)
    cut = (
        None
        if mask is None
        else np.round(cut_window(mask.astype(np.float32), crop, STORED_SIZE) * 255).astype(np.uint8)
    )
    return Window(item, image, cut, crop, picture.shape)


class Batch(NamedTuple):
    """Arrays of one batch and the draws that will augment it: images and masks (N, 1, W, W) uint8."""

    images: Tensor
    masks: Tensor
    labels: Tensor
    has_mask: Tensor
    draws: list[Draw]


class WindowDataset(Dataset[tuple[Window, Draw]]):
    """Windows with one draw each; the draw depends on (seed, epoch, index) alone, so that a resumed run repeats it."""

    def __init__(self, windows: Sequence[Window], ranges: AugmentRanges, seed: int) -> None:
        self.windows = windows
        self.ranges = ranges
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.windows)

    def __getitem__(self, index: int) -> tuple[Window, Draw]:
        return self.windows[index], draw(np.random.default_rng((self.seed, self.epoch, index)), self.ranges)


def collate(items: list[tuple[Window, Draw]]) -> Batch:
    """Stack windows into a batch; a slice without a mask gets an empty one and ``has_mask`` False."""
    windows = [window for window, _ in items]
    masks = [np.zeros_like(window.image) if window.mask is None else window.mask for window in windows]
    return Batch(
        images=torch.from_numpy(np.stack([window.image for window in windows]))[:, None],
        masks=torch.from_numpy(np.stack(masks))[:, None],
        labels=torch.tensor([window.label for window in windows]),
        has_mask=torch.tensor([window.mask is not None for window in windows]),
        draws=[one for _, one in items],
    )
