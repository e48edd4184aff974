"""What ``bench`` compares: our methods and those of the installed peers, on one network and one input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from saliscribe.saliency.gradients import gradcam, gradcam_plus_plus, layer_gradients
from saliscribe.saliency.scorecam import ScoreCamSettings, scorecam
from saliscribe.saliency.targets import ClassTarget
from saliscribe.torchvision_shim import mend_torchvision

#: What the anytime contenders ask for: asked for 0.99, one map in ten or so stays just below it.
ANYTIME = 0.995


@dataclass(frozen=True)
class Subject:
    """A single-output network in evaluation mode, its explained layer, one input (1, C, S, S) and a class."""

    net: nn.Module
    layer: str
    inputs: Tensor
    index: int
    batch_size: int = 8


@dataclass(frozen=True)
class Made:
    """A raw map (h, w) at the layer's resolution, and facts worth printing."""

    heat: NDArray[np.float32]
    facts: dict[str, Any]


def ours_exact(subject: Subject) -> Made:
    """ScoreCAM over every distinct mask, float32."""
    return _ours(subject, ScoreCamSettings(batch_size=subject.batch_size))


def ours_bfloat16(subject: Subject) -> Made:
    """ScoreCAM over every distinct mask, bfloat16 passes."""
    return _ours(subject, ScoreCamSettings(batch_size=subject.batch_size, precision="bfloat16"))


def ours_anytime(subject: Subject) -> Made:
    """ScoreCAM stopped at an expected correlation of 0.995 (so that 0.99 is reached), float32 passes."""
    return _ours(subject, ScoreCamSettings(batch_size=subject.batch_size, correlation=ANYTIME))


def ours_anytime_bfloat16(subject: Subject) -> Made:
    """The same with bfloat16 passes."""
    settings = ScoreCamSettings(batch_size=subject.batch_size, correlation=ANYTIME, precision="bfloat16")
    return _ours(subject, settings)


def ours_gradcam(subject: Subject) -> Made:
    """Grad-CAM."""
    seen = layer_gradients(subject.net, subject.layer, ClassTarget(subject.index), subject.inputs)
    return Made(gradcam(seen.activation, seen.gradient)[0].numpy(), {})


def ours_gradcam_plus_plus(subject: Subject) -> Made:
    """Grad-CAM++."""
    seen = layer_gradients(subject.net, subject.layer, ClassTarget(subject.index), subject.inputs)
    return Made(gradcam_plus_plus(seen.activation, seen.gradient)[0].numpy(), {})


def peer_scorecam(subject: Subject) -> Made:
    """pytorch-grad-cam's ScoreCAM with its own batch size of 16."""
    return _pytorch_grad_cam(subject, "ScoreCAM")


def peer_gradcam(subject: Subject) -> Made:
    """pytorch-grad-cam's Grad-CAM."""
    return _pytorch_grad_cam(subject, "GradCAM")


def peer_gradcam_plus_plus(subject: Subject) -> Made:
    """pytorch-grad-cam's Grad-CAM++."""
    return _pytorch_grad_cam(subject, "GradCAMPlusPlus")


def torchcam_scorecam(subject: Subject) -> Made:
    """TorchCAM's ScoreCAM with its own batch size of 32."""
    return _torchcam(subject, "ScoreCAM")


def torchcam_gradcam(subject: Subject) -> Made:
    """TorchCAM's Grad-CAM."""
    return _torchcam(subject, "GradCAM")


def captum_gradcam(subject: Subject) -> Made:
    """captum's layer Grad-CAM."""
    from captum.attr import LayerGradCam

    explainer = LayerGradCam(subject.net, subject.net.get_submodule(subject.layer))
    heat = explainer.attribute(subject.inputs, subject.index, relu_attributions=True)
    return Made(heat[0, 0].detach().numpy(), {})


def forward_seconds(subject: Subject, clock: Callable[[], float], repeats: int = 3) -> float:
    """Least time of one input's forward pass in a batch of the model as it is, without gradients."""
    batch = subject.inputs.repeat(subject.batch_size, 1, 1, 1)
    times = []
    with torch.inference_mode():
        for _ in range(repeats + 1):
            start = clock()
            subject.net(batch)
            times.append(clock() - start)
    return min(times[1:]) / subject.batch_size


def set_threads(count: int) -> None:
    """Threads that every contender of this process may use."""
    mend_torchvision()
    torch.set_num_threads(count)


def _ours(subject: Subject, settings: ScoreCamSettings) -> Made:
    target = ClassTarget(subject.index)
    seen = layer_gradients(subject.net, subject.layer, target, subject.inputs)
    found = scorecam(subject.net, target, subject.inputs, seen.activation[0], settings)
    facts = {
        "channels": found.channels,
        "distinct": found.distinct,
        "run": found.run,
        "stated_correlation": round(found.correlation, 4),
        "engine": found.engine,
    }
    return Made(found.heat.numpy(), facts)


def _pytorch_grad_cam(subject: Subject, kind: str) -> Made:
    import pytorch_grad_cam
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    maps: list[NDArray[np.float32]] = []
    base = getattr(pytorch_grad_cam, kind)

    def keep_raw(cam: Any, *args: Any, **kwargs: Any) -> Any:
        maps.append(base.get_cam_image(cam, *args, **kwargs))
        return maps[-1]

    raw_kind = type("Raw" + kind, (base,), {"get_cam_image": keep_raw})
    with raw_kind(model=subject.net, target_layers=[subject.net.get_submodule(subject.layer)]) as cam:
        cam(subject.inputs, [ClassifierOutputTarget(subject.index)])
    return Made(np.maximum(maps[0][0], 0).astype(np.float32), {})


def _torchcam(subject: Subject, kind: str) -> Made:
    import torchcam.methods

    with getattr(torchcam.methods, kind)(subject.net, subject.layer) as extractor:
        heat = extractor(subject.index, subject.net(subject.inputs), normalized=False)[0]
    return Made(heat[0].detach().clamp_min(0).numpy(), {})
