"""Fold batch normalisation into the convolution before it, on a copy."""

from __future__ import annotations

import copy

import torch.fx as fx
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
_CONVS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)


class _Tracer(fx.Tracer):
    """Keeps whole every module without parts, and batch normalisation that carries an activation (timm's).

    So a convolution that works out its padding from the shape it sees (Conv2dSame) cannot stop the trace.
    """

    def is_leaf_module(self, m: nn.Module, module_qualified_name: str) -> bool:
        whole = isinstance(m, _NORMS) or next(m.children(), None) is None
        return whole or super().is_leaf_module(m, module_qualified_name)


def fold_batchnorm(model: nn.Module) -> nn.Module:
    """A copy of ``model`` for evaluation with ``W' = W gamma / sqrt(var + eps)`` in place of each conv-norm
    pair.

    The original is not touched. Raises whatever ``torch.fx`` raises when the model cannot be traced.
    """
    inner = copy.deepcopy(model).eval()
    graph = _Tracer().trace(inner)
    folded = fx.GraphModule(inner, graph)
    modules = dict(folded.named_modules())
    for node in list(graph.nodes):
        if node.op != "call_module" or not isinstance(modules[node.target], _NORMS):
            continue
        before = node.args[0]
        if not isinstance(before, fx.Node) or before.op != "call_module" or len(before.users) != 1:
            continue
        conv, norm = modules[str(before.target)], modules[node.target]
        uses = sum(
            other.target in (before.target, node.target) for other in graph.nodes if other.op == "call_module"
        )
        if not isinstance(conv, _CONVS) or norm.running_var is None or uses != 2:
            continue
        _replace(folded, str(before.target), fuse_conv_bn_eval(conv, norm))
        _replace(folded, str(node.target), _after(norm))
    folded.recompile()
    return folded


def _after(norm: nn.Module) -> nn.Module:
    """What remains of a folded norm: the dropout and activation that timm's subclasses carry, or nothing."""
    parts = [part for name in ("drop", "act") if isinstance(part := getattr(norm, name, None), nn.Module)]
    return nn.Sequential(*parts) if parts else nn.Identity()


def _replace(root: nn.Module, dotted: str, new: nn.Module) -> None:
    parent, _, leaf = dotted.rpartition(".")
    setattr(root.get_submodule(parent), leaf, new)
