"""The model comes back exactly as it was, also when explaining it fails."""

from __future__ import annotations

import pytest
import torch

from saliscribe.errors import UsageError
from saliscribe.saliency.gradients import layer_gradients
from saliscribe.saliency.hooks import record_layer
from saliscribe.saliency.scorecam import ScoreCamSettings, scorecam
from saliscribe.saliency.targets import ClassTarget


def state(net: torch.nn.Module) -> list[object]:
    return [
        [module.training for module in net.modules()],
        [parameter.requires_grad for parameter in net.parameters()],
        [id(parameter.grad) for parameter in net.parameters()],
        [len(module._forward_hooks) + len(module._backward_hooks) for module in net.modules()],
        [id(parameter) for parameter in net.parameters()],
        [tensor.clone() for tensor in net.state_dict().values()],
        torch.is_grad_enabled(),
    ]


def same(before: list[object], after: list[object]) -> bool:
    weights = zip(before[5], after[5], strict=True)
    return before[:5] == after[:5] and before[6] == after[6] and all(torch.equal(a, b) for a, b in weights)


@pytest.fixture
def odd(tiny):
    """A model in an unusual state: partly in training mode, partly frozen, with gradients lying about."""
    tiny.train()
    tiny.deep.eval()
    tiny.stem[0].weight.requires_grad_(False)
    tiny.head.weight.grad = torch.ones_like(tiny.head.weight)
    return tiny


def fails(_outputs):
    raise ValueError("a target that fails")


def test_after_success(odd, picture):
    before = state(odd)
    seen = layer_gradients(odd, odd.cam_point, ClassTarget(1), picture)
    for settings in (
        ScoreCamSettings(),
        ScoreCamSettings(correlation=0.9),
        ScoreCamSettings(precision="bfloat16"),
    ):
        scorecam(odd, ClassTarget(1), picture[:1], seen.activation[0], settings)
    assert same(before, state(odd))


def test_after_failure(odd, picture):
    before = state(odd)
    with pytest.raises(ValueError, match="a target that fails"):
        layer_gradients(odd, "cam_point", fails, picture)
    with pytest.raises(ValueError, match="a target that fails"):
        scorecam(odd, fails, picture[:1], torch.rand(4, 3, 3))
    with pytest.raises(KeyboardInterrupt), record_layer(odd, "cam_point"):
        raise KeyboardInterrupt
    assert same(before, state(odd))


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_callers_may_have_gradients_off(tiny, picture, mode):
    with mode():
        seen = layer_gradients(tiny, "cam_point", ClassTarget(0), picture * 1)
    assert float(seen.gradient.abs().sum()) > 0


def test_in_place_operations_after_the_layer_do_not_spoil_the_record(tiny, picture):
    seen = layer_gradients(tiny, "deep.1", ClassTarget(0), picture)
    assert float(seen.activation.min()) < 0


def test_wrong_use_is_explained(tiny, picture):
    with pytest.raises(UsageError, match="no such layer"):
        layer_gradients(tiny, "layer4", ClassTarget(0), picture)
    with pytest.raises(UsageError, match="one scalar per sample"):
        layer_gradients(tiny, "cam_point", lambda outputs: outputs.class_logits, picture)
    with pytest.raises(UsageError, match="has no feature map"):
        layer_gradients(tiny, "head", ClassTarget(0), picture)
    with pytest.raises(UsageError, match="classification output"):
        layer_gradients(tiny, "cam_point", ClassTarget(0, output="logits"), picture)
    with pytest.raises(UsageError, match="batch size"):
        ScoreCamSettings(batch_size=0)
