"""From a prepared slice to class probabilities and a tumour probability per pixel."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from saliscribe.core.names import CLASSES
from saliscribe.core.records.prediction import Prediction
from saliscribe.core.records.prepared import Prepared
from saliscribe.core.windows import paste_window
from saliscribe.models.network import Network


def predict(network: Network, prepared: Prepared) -> Prediction:
    """Prediction for one slice; see ``predict_batch``."""
    return predict_batch(network, [prepared])[0]


def predict_batch(network: Network, batch: list[Prepared]) -> list[Prediction]:
    """Predictions for prepared slices of any sizes in one forward pass.

    Where the card says ``mirror_average``, the slice and its mirror image are both seen: logits and pixel
    logits are averaged (class and tumour extent do not depend on left and right).
    Probabilities are ``softmax(logits / temperature)``.
    """
    inputs = np.stack([one.network_input for one in batch])[:, None]
    class_logits, mask_logits = _forward(network, torch.from_numpy(inputs).to(network.device))
    predictions = []
    for row, one in enumerate(batch):
        logits = class_logits[row]
        chances = torch.softmax(logits / network.temperature, dim=0).tolist()
        tumour = None
        if mask_logits is not None:
            window = torch.sigmoid(mask_logits[row, 0]).numpy()
            tumour = np.clip(paste_window(window, one.crop, one.grey.shape), 0.0, 1.0)
        predictions.append(
            Prediction(
                label=CLASSES[int(logits.argmax())],
                probabilities=dict(zip(CLASSES, chances, strict=True)),
                logits=tuple(logits.tolist()),
                temperature=network.temperature,
                tumour_probability=tumour,
                model=network.name,
                weights_sha256=network.weights_sha256,
            )
        )
    return predictions


@torch.inference_mode()
def _forward(network: Network, x: Tensor) -> tuple[Tensor, Tensor | None]:
    """Logits (N, 3) and pixel logits (N, 1, S, S) or ``None``, float32 on the CPU."""
    mirrored = bool(network.card.get("mirror_average", False))
    seen = torch.cat([x, x.flip(3)]) if mirrored else x
    with torch.autocast(network.device, torch.bfloat16, enabled=network.precision == "bfloat16"):
        output = network.net(seen.contiguous(memory_format=torch.channels_last))
    class_logits, mask_logits = output.class_logits.float(), output.mask_logits
    if mask_logits is not None:
        mask_logits = mask_logits.float()
    if mirrored:
        count = len(x)
        class_logits = (class_logits[:count] + class_logits[count:]) / 2
        if mask_logits is not None:
            mask_logits = (mask_logits[:count] + mask_logits[count:].flip(3)) / 2
    return class_logits.cpu(), None if mask_logits is None else mask_logits.cpu()
