"""Grad-CAM and Grad-CAM++ from one forward and one backward pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from saliscribe.saliency.hooks import record_layer
from saliscribe.saliency.targets import Target, checked_scores

#: Keeps the division in Grad-CAM++ defined; the value of pytorch-grad-cam, so that maps agree with it.
PLUS_PLUS_EPSILON = 1e-6


@dataclass(frozen=True)
class LayerGradients:
    """One forward and backward pass: ``activation`` and ``gradient`` (N, C, h, w), ``scores`` (N,),
    detached.
    """

    layer: str
    activation: Tensor
    gradient: Tensor
    scores: Tensor


def layer_gradients(
    model: nn.Module, layer: nn.Module | str, target: Target, inputs: Tensor, *, method: str = "forward"
) -> LayerGradients:
    """Activation of ``layer`` and the gradient of ``target`` on it, for a batch of inputs (N, ...).

    ``method`` names the model's method to run, where it has a cheaper one than ``forward``. ``model`` comes
    back untouched, also when something fails.
    """
    with record_layer(model, layer) as record:
        scores = checked_scores(target, _run(model, method, inputs.detach()), len(inputs))
        gradient = record.gradient(scores)
        return LayerGradients(record.layer, record.activation.detach(), gradient.detach(), scores.detach())


def _run(model: nn.Module, method: str, inputs: Tensor) -> Any:
    return model(inputs) if method == "forward" else getattr(model, method)(inputs)


def gradcam(activation: Tensor, gradient: Tensor) -> Tensor:
    """Grad-CAM (Selvaraju 2017): ``ReLU(sum_k mean_ij(g_kij) A_k)``; (N, C, h, w) twice -> (N, h, w)."""
    weights = gradient.mean(dim=(2, 3), keepdim=True)
    return (weights * activation).sum(dim=1).relu()


def gradcam_plus_plus(activation: Tensor, gradient: Tensor, epsilon: float = PLUS_PLUS_EPSILON) -> Tensor:
    """Grad-CAM++ (Chattopadhyay 2018, equation 19): (N, C, h, w) twice -> (N, h, w).

    ``alpha = g^2 / (2 g^2 + sum_ab(A_ab) g^3 + epsilon)`` (0 where g = 0), weight
    ``w_k = sum_ij alpha ReLU(g)``, map ``ReLU(sum_k w_k A_k)``. The third-order form assumes that the score
    passes through an exponential.
    """
    squared = gradient.square()
    denominator = 2 * squared + activation.sum(dim=(2, 3), keepdim=True) * squared * gradient + epsilon
    alpha = (squared / denominator).masked_fill(gradient == 0, 0.0)
    weights = (alpha * gradient.relu()).sum(dim=(2, 3), keepdim=True)
    return (weights * activation).sum(dim=1).relu()
