"""The contract that every entry of BACKBONES keeps; a new line in the table is tested without touching this file."""

from __future__ import annotations

import pytest
import torch

from saliscribe.core.names import CAM_METHOD_NAMES, CLASSES, CamMethod
from saliscribe.models.backbones import BACKBONES
from saliscribe.models.dual_head import DualHeadNet
from saliscribe.models.network import load_network, save_network

SIDE = 96
#: SiLU, EfficientNet-B0's activation, dips to -0.2785.
LEAST_OF_SILU = -0.279


@pytest.fixture(scope="module", params=list(BACKBONES))
def net(request: pytest.FixtureRequest) -> DualHeadNet:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    return DualHeadNet(request.param).eval()


def test_both_heads_have_the_promised_shapes(net: DualHeadNet) -> None:
    with torch.inference_mode():
        output = net(torch.rand(2, 1, SIDE, SIDE))
    assert output.class_logits.shape == (2, len(CLASSES))
    assert output.mask_logits is not None
    assert output.mask_logits.shape == (2, 1, SIDE, SIDE)
    assert torch.isfinite(output.class_logits).all()
    assert torch.isfinite(output.mask_logits).all()


def test_classify_is_the_classification_head_of_forward(net: DualHeadNet) -> None:
    x = torch.rand(1, 1, SIDE, SIDE)
    with torch.inference_mode():
        torch.testing.assert_close(net.classify(x), net(x).class_logits)


def test_cam_point_sees_a_spatial_map_that_the_class_depends_on(net: DualHeadNet) -> None:
    seen: list[torch.Tensor] = []
    handle = net.cam_point.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    try:
        logits = net.classify(torch.rand(1, 1, SIDE, SIDE))
        (gradient,) = torch.autograd.grad(logits[0, 0], seen[0])
    finally:
        handle.remove()
    assert seen[0].ndim == 4
    assert min(seen[0].shape[2:]) >= 1
    assert seen[0].shape[1] == net.encoder.channels[-1]
    assert gradient.abs().sum() > 0


@pytest.mark.parametrize("method", CAM_METHOD_NAMES)
def test_explained_layer_is_coarse_never_negative_and_on_the_way_to_the_class(
    net: DualHeadNet, method: CamMethod
) -> None:
    """A weighted sum of channels is evidence only where the channels themselves are not negative."""
    layer = net.get_submodule(net.cam_layers[method])
    seen: list[torch.Tensor] = []
    handle = layer.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
    try:
        (gradient,) = torch.autograd.grad(net.classify(torch.rand(1, 1, SIDE, SIDE))[0, 0], seen[0])
    finally:
        handle.remove()
    assert seen[0].ndim == 4
    assert max(seen[0].shape[2:]) <= SIDE / 16
    assert seen[0].min() >= LEAST_OF_SILU
    assert gradient.abs().sum() > 0


def test_saved_and_loaded_networks_agree(net: DualHeadNet, tmp_path) -> None:
    card = {"name": "test", "input_size": SIDE, "temperature": 1.5, "mirror_average": False}
    save_network(net, tmp_path, card)
    loaded = load_network(tmp_path, device="cpu")
    x = torch.rand(1, 1, SIDE, SIDE)
    with torch.inference_mode():
        torch.testing.assert_close(loaded.net(x).class_logits, net(x).class_logits, rtol=1e-3, atol=1e-5)
    assert loaded.temperature == 1.5
    assert not any(parameter.requires_grad for parameter in loaded.net.parameters())
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["metadata.json", "weights.safetensors"]


def test_one_training_step_moves_both_heads_and_the_encoder(net: DualHeadNet) -> None:
    from saliscribe.training.loss import combined_loss
    from saliscribe.training.settings import LossWeights

    before = {key: value.detach().clone() for key, value in net.named_parameters()}
    net.train()
    try:
        optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
        masks = (torch.rand(2, 1, SIDE, SIDE) > 0.8).float()
        terms = combined_loss(
            *net(torch.rand(2, 1, SIDE, SIDE)),
            torch.tensor([0, 2]),
            masks,
            torch.tensor([True, True]),
            LossWeights(),
        )
        terms.total.backward()
        optimiser.step()
        assert torch.isfinite(terms.total)
        for part in ("classifier", "decoder.score", "encoder"):
            moved = [
                key
                for key, value in net.named_parameters()
                if key.startswith(part) and not torch.equal(value, before[key])
            ]
            assert moved, f"{part} did not move"
    finally:
        optimiser.zero_grad(set_to_none=True)
        net.load_state_dict({**net.state_dict(), **before})
        net.eval()


def test_single_head_baseline_has_no_mask() -> None:
    net = DualHeadNet("efficientnet_lite0", mask_head=False).eval()
    with torch.inference_mode():
        assert net(torch.rand(1, 1, 64, 64)).mask_logits is None
