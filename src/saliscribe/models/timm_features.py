"""Feature pyramids of timm networks; apart from ``lite0`` because importing timm takes longer than importing torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from saliscribe.torchvision_shim import mend_torchvision

STRIDES = (2, 4, 8, 16, 32)


def timm_pyramid(facts: Mapping[str, Any]) -> tuple[nn.Module, tuple[int, ...]]:
    """The timm network ``facts["timm"]`` with one input channel: (module giving five maps, their channel counts)."""
    mend_torchvision()
    import timm

    # VGG lists one more map, at full resolution: choose by stride, not by position.
    with torch.device("meta"):
        reductions = _info(timm.create_model(facts["timm"], features_only=True)).reduction()
    indices = tuple(reductions.index(stride) for stride in STRIDES)
    features = timm.create_model(facts["timm"], features_only=True, out_indices=indices, in_chans=1)
    return features, tuple(_info(features).channels())


def _info(features: nn.Module) -> Any:
    """timm's description of the maps, which its types do not tell."""
    return features.feature_info
