"""Our maps against those of pytorch-grad-cam, TorchCAM and captum on real backbones, to 1e-4 of the map's
range.
"""

from __future__ import annotations

import numpy as np
import pytest
import timm
import torch
from torch import nn

from saliscribe.saliency.gradients import gradcam, gradcam_plus_plus, layer_gradients
from saliscribe.saliency.scorecam import ScoreCamSettings, scorecam
from saliscribe.saliency.targets import ClassTarget

from .conftest import lively

pytest.importorskip("pytorch_grad_cam")
pytest.importorskip("torchcam")
pytest.importorskip("captum")

BACKBONES = {
    "resnet18": "layer4",
    "resnet50": "layer4",
    "tf_efficientnet_lite0": "bn2",
    "densenet121": "features.norm5",
}


def network(name: str) -> nn.Module:
    """Random weights; the head leans towards positive ones, so that the maps are not empty."""
    torch.manual_seed(0)
    net = lively(timm.create_model(name, num_classes=3)).eval()
    weight = net.get_classifier().weight.data
    weight.add_(0.5 * weight.std())
    return net


def pictures() -> torch.Tensor:
    return torch.rand(2, 3, 96, 96, generator=torch.Generator().manual_seed(5))


def agree(ours: torch.Tensor, theirs: np.ndarray | torch.Tensor) -> None:
    theirs = np.asarray(theirs)
    assert float(theirs.max()) > 0
    assert np.abs(ours.numpy() - theirs).max() <= 1e-4 * np.abs(theirs).max()


def grad_cam_package(
    kind: str, net: nn.Module, layer: str, inputs: torch.Tensor, index: int, monkeypatch
) -> np.ndarray:
    """The map of pytorch-grad-cam at the layer's resolution, before it scales each one."""
    import pytorch_grad_cam
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    raw: list[np.ndarray] = []
    original = pytorch_grad_cam.base_cam.scale_cam_image

    def spy(cam, target_size=None):
        if target_size is not None:
            raw.append(np.array(cam))
        return original(cam, target_size)

    monkeypatch.setattr(pytorch_grad_cam.base_cam, "scale_cam_image", spy)
    with getattr(pytorch_grad_cam, kind)(model=net, target_layers=[net.get_submodule(layer)]) as cam:
        cam(inputs, [ClassifierOutputTarget(index)] * len(inputs))
    return raw[0]


@pytest.mark.parametrize("name", BACKBONES)
def test_gradient_methods_agree(name, monkeypatch):
    net, inputs, layer = network(name), pictures(), BACKBONES[name]
    seen = layer_gradients(net, layer, ClassTarget(2), inputs)
    ours, ours_plus = (
        gradcam(seen.activation, seen.gradient),
        gradcam_plus_plus(seen.activation, seen.gradient),
    )
    agree(ours, grad_cam_package("GradCAM", net, layer, inputs, 2, monkeypatch))
    agree(ours_plus, grad_cam_package("GradCAMPlusPlus", net, layer, inputs, 2, monkeypatch))


def test_gradcam_agrees_with_torchcam_and_captum():
    from captum.attr import LayerGradCam
    from torchcam.methods import GradCAM

    net, inputs = network("resnet50"), pictures()
    seen = layer_gradients(net, "layer4", ClassTarget(0), inputs)
    ours = gradcam(seen.activation, seen.gradient)
    agree(ours, LayerGradCam(net, net.layer4).attribute(inputs, 0, relu_attributions=True)[:, 0].detach())
    with GradCAM(net, "layer4") as extractor:
        theirs = extractor(0, net(inputs), normalized=False)[0]
    agree(ours, theirs.detach().clamp_min(0))


def test_exact_scorecam_agrees(monkeypatch):
    net, inputs = network("resnet18"), pictures()[:1, :, :64, :]
    theirs = grad_cam_package("ScoreCAM", net, "layer4", inputs, 1, monkeypatch)
    seen = layer_gradients(net, "layer4", ClassTarget(1), inputs)
    ours = scorecam(net, ClassTarget(1), inputs, seen.activation[0])
    assert ours.engine == "folded-frozen-float32"
    agree(ours.heat[None], theirs)
    assert ours.weights.std() > 1e-5


def test_a_network_in_bfloat16_and_an_anytime_run_stay_close():
    net, inputs = network("resnet18"), pictures()[:1]
    seen = layer_gradients(net, "layer4", ClassTarget(1), inputs)
    exact = scorecam(net, ClassTarget(1), inputs, seen.activation[0])
    half = scorecam(net, ClassTarget(1), inputs, seen.activation[0], ScoreCamSettings(precision="bfloat16"))
    assert half.engine == "folded-frozen-bfloat16"
    assert np.corrcoef(exact.heat.flatten(), half.heat.flatten())[0, 1] >= 0.999
    quick = scorecam(net, ClassTarget(1), inputs, seen.activation[0], ScoreCamSettings(correlation=0.99))
    assert quick.run < quick.distinct / 2
    assert quick.correlation >= 0.99
    assert np.corrcoef(exact.heat.flatten(), quick.heat.flatten())[0, 1] >= 0.99
