"""The network and the input that ``bench`` explains."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from saliscribe.errors import UsageError
from saliscribe.saliency.attribute import cam_layer
from saliscribe.saliency.contenders import Subject
from saliscribe.torchvision_shim import mend_torchvision

#: The method of a two-output network that gives its class logits alone.
_CLASSIFY = "classify"


class ClassifyOnly(nn.Module):
    """A two-output network as the peers need it: one tensor of class logits."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, x: Tensor) -> Any:
        return getattr(self.net, _CLASSIFY)(x)


def trained_subject(net: nn.Module, windows: list[NDArray[np.float32]], batch_size: int) -> Subject:
    """A trained two-output network and the first of ``windows`` (S, S); its likeliest class is explained."""
    # Peers that hook gradients need parameters that have them; loaded networks are frozen.
    wrapped = ClassifyOnly(net).eval().requires_grad_(True)
    inputs = torch.from_numpy(windows[0])[None, None]
    layer = f"net.{cam_layer(net, 'scorecam')}"
    return Subject(wrapped, layer, inputs, _likeliest(wrapped, inputs), batch_size)


def random_subject(
    backbone: str, windows: list[NDArray[np.float32]], batch_size: int, seed: int = 0
) -> Subject:
    """A timm classifier with random weights, made fit for a comparison, and the first of ``windows``.

    Random weights give every masked input the same score, which would make any shortcut look perfect. So the
    normalisation statistics are set from all ``windows`` (S, S), and the head is scaled until the
    logits of the windows spread by one standard deviation of 3. Raises UsageError for an unknown backbone.
    """
    mend_torchvision()
    import timm

    if backbone not in timm.list_models():
        raise UsageError("timm has no such network", got=repr(backbone), do="see timm.list_models()")
    torch.manual_seed(seed)
    net = timm.create_model(backbone, pretrained=False, num_classes=3)
    batch = torch.stack([torch.from_numpy(window) for window in windows])[:, None].repeat(1, 3, 1, 1)
    batch = (batch - 0.449) / 0.226
    _calibrate(net, batch)
    layer = _last_feature_layer(net, batch[:1])
    return Subject(net, layer, batch[:1], _likeliest(net, batch[:1]), batch_size)


def _calibrate(net: nn.Module, batch: Tensor) -> None:
    for module in net.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.momentum = None
    with torch.no_grad():
        net.train()
        if len(batch) > 1:
            net(batch)
        net.eval()
        logits = net(batch)
        head = [module for module in net.modules() if isinstance(module, nn.Linear)][-1]
        spread = float(logits.std(dim=0).mean()) if len(batch) > 1 else float(logits.std())
        factor = 3.0 / max(spread, 1e-6)
        head.weight.mul_(factor)
        if head.bias is not None:
            head.bias.add_(-logits.mean(dim=0) * factor)


def _last_feature_layer(net: nn.Module, one: Tensor) -> str:
    """The last module, in order of running, whose output is a feature map with more than one cell."""
    seen: list[str] = []
    handles = [
        module.register_forward_hook(
            lambda _m, _i, out, name=name: (
                seen.append(name) if isinstance(out, Tensor) and out.ndim == 4 and out.shape[-1] > 1 else None
            )
        )
        for name, module in net.named_modules()
        if name
    ]
    with torch.no_grad():
        net(one)
    for handle in handles:
        handle.remove()
    return seen[-1]


def _likeliest(net: nn.Module, inputs: Tensor) -> int:
    with torch.no_grad():
        return int(net(inputs)[0].argmax())
