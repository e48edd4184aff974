"""The bench compares ours with the peers in processes of their own, and its numbers are of one run."""

from __future__ import annotations

import pytest

from saliscribe.batch.bench import bench
from saliscribe.batch.bench_table import bench_table
from saliscribe.errors import UsageError


def test_bench_measures_and_compares():
    pytest.importorskip("pytorch_grad_cam")
    names = ["gradcam", "pytorch-grad-cam GradCAM"]
    result = bench(backbone="resnet18", size=64, contenders=names)
    ours, theirs = result.records
    assert (ours.contender, theirs.contender) == tuple(names)
    assert ours.oracle == theirs.oracle == names[1]
    assert ours.error is not None
    assert ours.error <= 1e-4
    assert theirs.speedup is None
    assert ours.speedup == pytest.approx(theirs.cpu_seconds / ours.cpu_seconds)
    assert ours.peak_mib > 50
    assert result.forward_cpu_seconds > 0
    table = bench_table(result)
    assert all(name in table for name in names)
    assert "random weights" in table


def test_unknown_contender_is_refused():
    with pytest.raises(UsageError, match="contender"):
        bench(contenders=["gradcamm"])
