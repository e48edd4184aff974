"""What a network costs: parameters, operations, time and memory of its weights."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

import torch
from torch.utils.flop_counter import FlopCounterMode

from saliscribe.models.network import Network


@dataclass(frozen=True)
class NetworkCost:
    """``gmac`` of one forward pass of both heads at ``size`` pixels, ``gmac_class`` of the class alone.

    ``ms`` is the median wall-clock time of one picture with both heads on ``device``, without reading or preparing it.
    """

    parameters: int
    weights_mib: float
    size: int
    gmac: float
    gmac_class: float
    ms: float
    device: str


@torch.inference_mode()
def network_cost(network: Network, repeats: int = 5) -> NetworkCost:
    """Count and time one picture of the network's own size; operations are those of convolutions and products."""
    net = network.net
    picture = torch.rand(1, 1, network.input_size, network.input_size, device=network.device)
    both, alone = FlopCounterMode(display=False), FlopCounterMode(display=False)
    with both:
        net(picture)
    with alone:
        net.classify(picture)
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        net(picture)[0].cpu()
        times.append(time.perf_counter() - start)
    values = [*net.parameters(), *net.buffers()]
    return NetworkCost(
        parameters=sum(one.numel() for one in net.parameters()),
        weights_mib=sum(one.numel() * one.element_size() for one in values) / 2**20,
        size=network.input_size,
        gmac=both.get_total_flops() / 2e9,
        gmac_class=alone.get_total_flops() / 2e9,
        ms=1000.0 * statistics.median(times),
        device=network.device,
    )
