"""The fast copy gives the model's own scores, notices changed weights, and gives way when it cannot be
made.
"""

from __future__ import annotations

import gc
import weakref

import pytest
import timm
import torch

from saliscribe.saliency.fast_forward import fast_scores
from saliscribe.saliency.fold_batchnorm import fold_batchnorm
from saliscribe.saliency.targets import ClassTarget

from .conftest import TinyDual, lively


@pytest.mark.parametrize("name", ["resnet18", "resnetv2_50", "tf_efficientnet_lite0", "inception_v3"])
def test_folding_keeps_the_outputs_and_removes_norms(name):
    torch.manual_seed(0)
    net = lively(timm.create_model(name, num_classes=3)).eval()
    x = torch.rand(1, 3, 96, 96)
    kinds = torch.nn.BatchNorm2d
    with torch.no_grad():
        folded = fold_batchnorm(net)
        torch.testing.assert_close(folded(x), net(x), rtol=1e-3, atol=1e-4)
    left = sum(isinstance(module, kinds) for module in folded.modules())
    assert left < sum(isinstance(module, kinds) for module in net.modules())


def test_two_outputs_and_a_target_of_ones_own(tiny, picture):
    batch = picture.repeat(4, 1, 1, 1)
    tiny.eval()
    with torch.no_grad():
        wanted = tiny(batch)
    scores, engine = fast_scores(tiny, ClassTarget(2), batch)
    assert engine == "folded-frozen-float32"
    torch.testing.assert_close(scores(batch), wanted.class_logits[:, 2], rtol=1e-4, atol=1e-4)
    mask_scores, _ = fast_scores(tiny, lambda outputs: outputs.mask_logits.mean((1, 2, 3)), batch)
    torch.testing.assert_close(mask_scores(batch), wanted.mask_logits.mean((1, 2, 3)), rtol=1e-4, atol=1e-4)


def test_changed_weights_are_noticed(tiny, picture):
    tiny.eval()
    before = fast_scores(tiny, ClassTarget(0), picture)[0](picture)
    with torch.no_grad():
        tiny.head.bias.add_(5.0)
    after = fast_scores(tiny, ClassTarget(0), picture)[0](picture)
    torch.testing.assert_close(after, before + 5.0, rtol=1e-4, atol=1e-4)


class Unfriendly(TinyDual):
    """Cannot be traced by fx nor run with another number type."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.dtype != torch.float32 or torch.jit.is_tracing():
            raise RuntimeError("no")
        return self.classify(x) if float(x.sum()) > -1 else x


def test_models_that_cannot_be_copied_faster_run_as_they_are(picture):
    net = lively(Unfriendly()).eval()
    scores, engine = fast_scores(net, ClassTarget(1), picture, precision="bfloat16")
    assert engine == "eager-float32"
    with torch.no_grad():
        torch.testing.assert_close(scores(picture), net(picture)[:, 1])


def test_the_copy_does_not_keep_the_model_alive(picture):
    net = lively(TinyDual()).eval()
    fast_scores(net, ClassTarget(1), picture)[0](picture)
    ghost = weakref.ref(net)
    del net
    gc.collect()
    assert ghost() is None
