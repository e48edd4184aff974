"""A network that has forgotten what it learnt, layer by layer (Adebayo 2018, cascading randomisation)."""

from __future__ import annotations

import copy

import torch
from torch import nn


def randomised(net: nn.Module, share: float, seed: int = 0) -> nn.Module:
    """A copy whose last ``share`` of encoder and classifier layers hold their own weights in random order.

    Shuffling inside each tensor keeps its size and spread, so that signals neither die nor explode: a map that does not
    change does not depend on what was learnt. ``share`` 1 is the whole network; a segmentation head is left alone.
    """
    forgotten = copy.deepcopy(net)
    layers = [
        module
        for name, module in forgotten.named_modules()
        if list(module.parameters(recurse=False)) and not name.startswith("decoder")
    ]
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in layers[len(layers) - round(share * len(layers)) :]:
            for values in [*layer.parameters(recurse=False), *layer.buffers(recurse=False)]:
                if values.numel() > 1:
                    order = torch.randperm(values.numel(), generator=generator)
                    values.copy_(values.flatten()[order.to(values.device)].view_as(values))
    return forgotten
