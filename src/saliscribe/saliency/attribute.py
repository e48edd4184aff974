"""Where the network looked, for one picture or a batch, by any of the methods of ``CAM_METHODS``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from saliscribe.core.names import CLASSES, CamMethod, TumourClass
from saliscribe.core.records.prepared import Crop
from saliscribe.core.records.saliency_map import SaliencyMap
from saliscribe.core.windows import paste_window
from saliscribe.errors import UsageError
from saliscribe.saliency.gradients import layer_gradients
from saliscribe.saliency.method_maps import CoarseMap, Explained
from saliscribe.saliency.methods import CAM_METHODS
from saliscribe.saliency.normalise import min_max
from saliscribe.saliency.scorecam import ScoreCamSettings
from saliscribe.saliency.targets import ClassTarget


@dataclass(frozen=True)
class AttributeSettings:
    """``layer`` (dotted name) is explained by every method, ``None`` for the network's own ``cam_layers``; ``output``
    names the classification output; ``scorecam`` as named.
    """

    layer: str | None = None
    output: str = "class_logits"
    scorecam: ScoreCamSettings = field(default_factory=ScoreCamSettings)


@dataclass(frozen=True)
class Picture:
    """One input: ``network_input`` (S, S) in [0, 1], where its window lies (``crop``) in a picture of
    ``shape``.
    """

    network_input: NDArray[np.float32]
    crop: Crop
    shape: tuple[int, int]
    target: TumourClass


def attribute(
    net: nn.Module,
    network_input: NDArray[np.float32],
    crop: Crop,
    shape: tuple[int, int],
    target: TumourClass,
    methods: Iterable[CamMethod],
    *,
    settings: AttributeSettings | None = None,
) -> dict[CamMethod, SaliencyMap]:
    """Maps of one picture on its input grid, one per method; the network comes back untouched.

    ``network_input`` (S, S) float32 in [0, 1]. Methods that explain the same layer share one forward and backward
    pass. A network with a method ``classify`` is run through it, which leaves out its segmentation head. Raises
    UsageError for an unknown method, class or layer.
    """
    return attribute_batch(net, [Picture(network_input, crop, shape, target)], methods, settings=settings)[0]


def attribute_batch(
    net: nn.Module,
    pictures: Sequence[Picture],
    methods: Iterable[CamMethod],
    *,
    settings: AttributeSettings | None = None,
) -> list[dict[CamMethod, SaliencyMap]]:
    """``attribute`` for many pictures of one network size, with one forward and backward pass a layer for all."""
    settings = settings or AttributeSettings()
    wanted = list(dict.fromkeys(methods))
    makers = {method: CAM_METHODS.load(method) for method in wanted}
    if not pictures:
        return []
    layers = {method: settings.layer or cam_layer(net, method) for method in wanted}
    explained = {layer: _explain(net, pictures, layer, settings) for layer in dict.fromkeys(layers.values())}
    shifts = {method: _shift(net, layers[method], pictures[0].network_input.shape[0]) for method in wanted}
    coarse: dict[CamMethod, list[CoarseMap]] = {
        method: makers[method](explained[layers[method]]) for method in wanted
    }
    return [
        {
            method: _on_input_grid(method, coarse[method][index], picture, layers[method], shifts[method])
            for method in wanted
        }
        for index, picture in enumerate(pictures)
    ]


def cam_layer(net: nn.Module, method: CamMethod) -> str:
    """The dotted name of the layer of ``net`` that ``method`` explains; ``cam_point`` where the network names none."""
    return str(getattr(net, "cam_layers", {}).get(method, "cam_point"))


def _shift(net: nn.Module, layer: str, size: int) -> tuple[float, float]:
    """How far the layer's fields look from the middles of their cells, where the network knows it."""
    rows, columns = getattr(net, "cam_offsets", {}).get(layer, (0.0, 0.0))
    return rows / size, columns / size


def _explain(
    net: nn.Module, pictures: Sequence[Picture], layer: str, settings: AttributeSettings
) -> Explained:
    targets = tuple(ClassTarget(_class_index(picture.target), settings.output) for picture in pictures)
    stacked = np.stack([np.asarray(picture.network_input, dtype=np.float32) for picture in pictures])
    inputs = torch.from_numpy(stacked)[:, None].to(_device(net))
    name = "classify" if callable(getattr(net, "classify", None)) else "forward"
    passes = layer_gradients(net, layer, _each_its_own(targets), inputs, method=name)
    return Explained(net, name, inputs, targets, passes, settings.scorecam)


def _each_its_own(targets: tuple[ClassTarget, ...]) -> Any:
    """One target for a batch: sample ``i`` is scored by ``targets[i]``."""

    def scores(outputs: Any) -> Tensor:
        logits = targets[0].logits(outputs)
        index = torch.tensor([target.index for target in targets], device=logits.device)
        return logits.gather(1, index[:, None])[:, 0]

    return scores


def _on_input_grid(
    method: CamMethod, coarse: CoarseMap, picture: Picture, layer: str, shift: tuple[float, float]
) -> SaliencyMap:
    raw = coarse.values
    heat = paste_window(min_max(raw), picture.crop, picture.shape, shift=shift)
    return SaliencyMap(
        method=method,
        heat=np.clip(heat, 0.0, 1.0),
        coarse=raw,
        raw_min=float(raw.min()),
        raw_max=float(raw.max()),
        target=picture.target,
        layer=layer,
        evaluated_fraction=coarse.evaluated_fraction,
        shift=shift,
    )


def _class_index(name: TumourClass) -> int:
    if name not in CLASSES:
        raise UsageError("unknown class to explain", expected=", ".join(CLASSES), got=repr(name))
    return CLASSES.index(name)


def _device(net: nn.Module) -> torch.device:
    first = next(net.parameters(), None)
    return torch.device("cpu") if first is None else first.device
