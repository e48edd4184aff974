"""A trained network on disk: a folder with weights.safetensors, metadata.json and a model card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from saliscribe.errors import InputError, UsageError
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.places import METADATA, WEIGHTS, find_model

#: What ``load_network`` reads from a card.
NEEDED = ("name", "backbone", "mask_head", "input_size", "temperature", "weights_sha256")


@dataclass(frozen=True)
class Network:
    """A network ready to explain with: ``net`` in evaluation mode on ``device``, and its model card.

    ``precision`` is "float32" or "bfloat16": what ``predict`` computes in.
    ``input_size`` is the window's side in pixels.
    """

    net: DualHeadNet
    name: str
    card: Mapping[str, Any]
    input_size: int
    temperature: float
    weights_sha256: str
    folder: Path
    device: str
    precision: str


def load_network(
    name_or_folder: str | Path = "default", device: str = "auto", precision: str = "auto"
) -> Network:
    """Load a network by name (a folder in the package's assets) or from a folder that ``save_network`` wrote.

    Raises MissingError when there is none, InputError when its files are damaged or do not fit, UsageError
    for a device that is not here.
    """
    folder = find_model(name_or_folder)
    card = _read_card(folder / METADATA)
    data = (folder / WEIGHTS).read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != card["weights_sha256"]:
        raise InputError(
            "weights do not match their card",
            where=str(folder / WEIGHTS),
            expected=f"sha256 {card['weights_sha256'][:12]}",
            got=sha256[:12],
            do="fetch or train the model again",
        )
    where = _device(device)
    net = DualHeadNet(card["backbone"], mask_head=card["mask_head"])
    _fill(net, load_file(folder / WEIGHTS), folder)
    net.cam_offsets = {
        layer: (down, across) for layer, (down, across) in card.get("field_offsets", {}).items()
    }
    net = net.to(where).channels_last().eval().requires_grad_(False)
    return Network(
        net,
        card["name"],
        card,
        int(card["input_size"]),
        float(card["temperature"]),
        sha256,
        folder,
        where,
        _precision(precision, where),
    )


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "the model card cannot be read", where=str(path), expected="JSON", got=str(error)
        ) from None
    missing = [key for key in NEEDED if not isinstance(card, dict) or key not in card]
    if missing:
        raise InputError(
            "not a model card",
            where=str(path),
            expected=", ".join(NEEDED),
            got=f"no {', '.join(missing)}",
            do="give a folder that 'saliscribe train' wrote",
        )
    return dict(card)


def save_network(
    net: DualHeadNet, folder: Path, card: Mapping[str, Any], *, half: bool = False
) -> dict[str, Any]:
    """Write ``net`` and its ``card`` into ``folder``; returns the card with the sha256 of the weights.

    ``half`` stores the weights as float16, half the size; they compute in float32 all the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        key: _stored(value, half)
        for key, value in net.state_dict().items()
        if not key.endswith("num_batches_tracked")
    }
    save_file(state, folder / WEIGHTS)
    full = {
        **card,
        "backbone": net.backbone,
        "mask_head": net.decoder is not None,
        "field_offsets": {layer: list(offset) for layer, offset in net.cam_offsets.items()},
        "parameters": sum(parameter.numel() for parameter in net.parameters()),
        "weights_sha256": hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest(),
    }
    # The writer of safetensors leaves the file readable by its owner alone.
    (folder / WEIGHTS).chmod(0o644)
    (folder / METADATA).write_text(json.dumps(full, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return full


def _stored(value: Tensor, half: bool) -> Tensor:
    value = value.detach().cpu().contiguous()
    return value.half() if half and value.is_floating_point() else value


def _fill(net: DualHeadNet, stored: dict[str, Tensor], folder: Path) -> None:
    own = net.state_dict()
    wanted = {key for key in own if not key.endswith("num_batches_tracked")}
    wrong = sorted(wanted ^ stored.keys()) or [key for key in wanted if own[key].shape != stored[key].shape]
    if wrong:
        raise InputError(
            "weights do not fit the network",
            where=str(folder / WEIGHTS),
            expected=f"the tensors of {net.backbone}",
            got=f"a difference at {wrong[0]}",
            do="check that metadata.json belongs to these weights",
        )
    net.load_state_dict({key: value.float() for key, value in stored.items()}, strict=False)


def _device(device: str) -> str:
    if device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda" and not torch.cuda.is_available():
        raise UsageError(
            "no CUDA device is available", got="--device cuda", do="use --device cpu, or install CUDA torch"
        )
    if device not in ("cpu", "cuda"):
        raise UsageError("unknown device", expected="auto, cpu or cuda", got=device)
    return device


def _precision(precision: str, device: str) -> str:
    if precision == "auto":
        return "bfloat16" if device == "cuda" else "float32"
    if precision not in ("float32", "bfloat16"):
        raise UsageError("unknown precision", expected="auto, float32 or bfloat16", got=precision)
    return precision
