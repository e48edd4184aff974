"""EfficientNet-lite0 as a feature pyramid, without timm.

The default network must start fast, and importing timm with torchvision takes longer than importing torch.
Names of parameters are timm's (``tf_efficientnet_lite0``), which is also the oracle of this file's test, so
weights go either way. ReLU stands where the ImageNet network clips at 6: the backward pass of
the clipping took a quarter of a training step on a CPU, and training starts from the same filters.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor, nn


class Stage(NamedTuple):
    """Blocks of one resolution: how many, depthwise kernel, first stride, expansion, output channels."""

    repeats: int
    kernel: int
    stride: int
    expand: int
    channels: int


STEM_CHANNELS = 32
STAGES = (
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)

#: The stages whose outputs are the pyramid: strides 2, 4, 8, 16 and 32.
TAPS = (0, 1, 2, 4, 6)


class SameConv2d(nn.Conv2d):
    """Convolution with TensorFlow's "SAME" padding: output side = ceil(input side / stride)."""

    def forward(self, x: Tensor) -> Tensor:
        kernel, stride = self.kernel_size[0], self.stride[0]
        high, wide = (max((-(-side // stride) - 1) * stride + kernel - side, 0) for side in x.shape[2:])
        if stride > 1 and (high % 2 or wide % 2):
            x = F.pad(x, (wide // 2, wide - wide // 2, high // 2, high - high // 2))
            return F.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)
        return F.conv2d(x, self.weight, self.bias, self.stride, (high // 2, wide // 2), 1, self.groups)


class Block(nn.Module):
    """Inverted residual (Sandler 2018), or its depthwise-separable form where there is nothing to expand."""

    def __init__(self, inputs: int, stage: Stage, stride: int) -> None:
        super().__init__()
        inner = inputs * stage.expand
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        if stage.expand > 1:
            layers.update(conv_pw=nn.Conv2d(inputs, inner, 1, bias=False), bn1=_norm(inner), act1=_relu())
            names = ("conv_dw", "bn2", "act2", "conv_pwl", "bn3")
        else:
            names = ("conv_dw", "bn1", "act1", "conv_pw", "bn2")
        depthwise = SameConv2d(inner, inner, stage.kernel, stride, groups=inner, bias=False)
        project = nn.Conv2d(inner, stage.channels, 1, bias=False)
        # No activation after the last norm: the projection stays linear.
        steps = (depthwise, _norm(inner), _relu(), project, _norm(stage.channels))
        layers.update(zip(names, steps, strict=True))
        for name, layer in layers.items():
            self.add_module(name, layer)
        self.order = tuple(layers)
        self.residual = stride == 1 and inputs == stage.channels

    def forward(self, x: Tensor) -> Tensor:
        out = x
        for name in self.order:
            out = getattr(self, name)(out)
        return out + x if self.residual else out


class Lite0(nn.Module):
    """``forward(x)`` takes (N, 1, S, S) and gives five maps at strides 2, 4, 8, 16, 32."""

    channels = tuple(STAGES[tap].channels for tap in TAPS)

    def __init__(self) -> None:
        super().__init__()
        self.conv_stem = SameConv2d(1, STEM_CHANNELS, 3, 2, bias=False)
        self.bn1 = _norm(STEM_CHANNELS)
        inputs, stages = STEM_CHANNELS, []
        for stage in STAGES:
            blocks = []
            for repeat in range(stage.repeats):
                blocks.append(Block(inputs, stage, stage.stride if repeat == 0 else 1))
                inputs = stage.channels
            stages.append(nn.Sequential(*blocks))
        self.blocks = nn.Sequential(*stages)
        _initialise(self)

    def forward(self, x: Tensor) -> list[Tensor]:
        x = F.relu(self.bn1(self.conv_stem(x)), inplace=True)
        maps = []
        for number, stage in enumerate(self.blocks):
            x = stage(x)
            if number in TAPS:
                maps.append(x)
        return maps


def _relu() -> nn.ReLU:
    return nn.ReLU(inplace=True)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3)


def _initialise(net: nn.Module) -> None:
    """He initialisation by fan-out, as the reference does."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            fan_out = module.kernel_size[0] ** 2 * module.out_channels // module.groups
            nn.init.normal_(module.weight, 0.0, (2.0 / fan_out) ** 0.5)


def lite0_pyramid(_facts: object = None) -> tuple[Lite0, tuple[int, ...]]:
    """An untrained pyramid and its channel counts, as every entry of ``BACKBONES`` gives them."""
    return Lite0(), Lite0.channels
