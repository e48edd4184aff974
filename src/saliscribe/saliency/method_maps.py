"""The methods of the table ``CAM_METHODS``: each turns what one shared pass saw into coarse maps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from saliscribe.saliency.gradients import LayerGradients, gradcam, gradcam_plus_plus
from saliscribe.saliency.scorecam import ScoreCamSettings, scorecam
from saliscribe.saliency.targets import ClassTarget


@dataclass(frozen=True)
class Explained:
    """A batch of inputs (N, ...), the class explained in each, and the one forward and backward pass over
    them.

    ``forward_name`` is the model's method that was (and for ScoreCAM will be) run.
    """

    model: nn.Module
    forward_name: str
    inputs: Tensor
    targets: tuple[ClassTarget, ...]
    passes: LayerGradients
    scorecam: ScoreCamSettings


@dataclass(frozen=True)
class CoarseMap:
    """A map (h, w) float32 at the layer's resolution, not normalised, and the share of masks that were run
    for it.
    """

    values: NDArray[np.float32]
    evaluated_fraction: float = 1.0


def gradcam_map(explained: Explained) -> list[CoarseMap]:
    """Grad-CAM of every sample."""
    return _coarse(gradcam(explained.passes.activation, explained.passes.gradient))


def gradcam_plus_plus_map(explained: Explained) -> list[CoarseMap]:
    """Grad-CAM++ of every sample."""
    return _coarse(gradcam_plus_plus(explained.passes.activation, explained.passes.gradient))


def scorecam_map(explained: Explained) -> list[CoarseMap]:
    """ScoreCAM of every sample, one after another; the activations are those of the shared pass."""
    maps = []
    for index, target in enumerate(explained.targets):
        found = scorecam(
            explained.model,
            target,
            explained.inputs[index : index + 1],
            explained.passes.activation[index],
            explained.scorecam,
            method=explained.forward_name,
        )
        maps.append(CoarseMap(found.heat.numpy(), found.run / found.distinct))
    return maps


def _coarse(maps: Tensor) -> list[CoarseMap]:
    return [CoarseMap(values) for values in maps.float().cpu().numpy()]
