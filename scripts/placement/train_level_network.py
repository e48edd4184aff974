"""Train the level network on synthetic and real slices, and write it as the package reads it.

    python scripts/placement/train_level_network.py --data ../shared/data/figshare --truth truth.csv \\
        --synthetic synthetic.npz --folds 123 --steps 5000 -o level_network.safetensors

Real slices of the training folds: the plane of every one, the level of those whose two other planes agree within 10 mm
(scripts/placement/triangulate.py). Half of each batch is real, half synthetic. Batch norms are folded into the kernels.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn import functional

from saliscribe.anatomy.level_network import ADDED, STRIDES, level_bins
from saliscribe.anatomy.slice_window import BRIGHTEST, WINDOW_PX, slice_window
from saliscribe.core.names import PLANES

WIDTHS, HIDDEN, DROP = (16, 32, 32, 64, 64, 96, 96, 32), 128, 0.3
BATCH, RATE, DECAY = 64, 2e-3, 0.02
#: Spread (mm) of the target around the level: what a real, or a synthetic, level may be off.
REAL_MM, SYNTHETIC_MM = 3.5, 3.0
#: Largest disagreement (mm) of the other planes at which a real level is believed.
GAP_MM = 10.0
PLANE_OF_BIN = np.repeat(np.arange(len(PLANES)), [len(level_bins(plane)) for plane in PLANES])
LEVEL_OF_BIN = np.concatenate([level_bins(plane) for plane in PLANES])


class LevelNetwork(nn.Module):
    """(N, 1, 96, 96) windows to logits of plane and level together, (N, bins)."""

    def __init__(self) -> None:
        super().__init__()
        layers, before = [], 1
        for width, stride in zip(WIDTHS, STRIDES, strict=True):
            kernel = 1 if len(layers) == len(WIDTHS) - 1 else 3
            convolution = nn.Conv2d(before, width, kernel, stride, kernel // 2, bias=False)
            layers.append(nn.Sequential(convolution, nn.BatchNorm2d(width)))
            before = width
        self.c = nn.ModuleList(layers)
        self.f1 = nn.Linear(WIDTHS[-1] * (WINDOW_PX // 16) ** 2, HIDDEN)
        self.f2 = nn.Linear(HIDDEN, len(LEVEL_OF_BIN))
        self.drop = nn.Dropout(DROP)

    def forward(self, x: Tensor) -> Tensor:
        for number, layer in enumerate(self.c):
            y = layer(x)
            x = torch.relu(y + x if number in ADDED else y)
        return self.f2(self.drop(torch.relu(self.f1(self.drop(x.flatten(1))))))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/figshare"))
    parser.add_argument("--truth", type=Path, default=Path("truth.csv"))
    parser.add_argument("--synthetic", type=Path, default=Path("synthetic.npz"))
    parser.add_argument("--folds", default="123")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("-o", "--out", type=Path, default=Path("level_network.safetensors"))
    arguments = parser.parse_args()
    torch.manual_seed(0)
    windows, planes, levels = real_slices(arguments.data, arguments.truth, arguments.folds)
    with np.load(arguments.synthetic) as parts:
        made = (parts["window"], parts["plane"], parts["level"])
    network = LevelNetwork().to(memory_format=torch.channels_last)
    train(network, (windows, planes, levels), made, arguments.steps)
    save_file(folded(network), arguments.out)


def real_slices(data: Path, truth: Path, folds: str) -> tuple[NDArray, NDArray, NDArray]:
    """Windows, plane numbers and levels (nan where not known) of the slices of ``folds``."""
    with truth.open(newline="", encoding="utf-8") as stream:
        told = {
            row["file"]: float(row["level_mm"])
            for row in csv.DictReader(stream)
            if float(row["gap_mm"]) <= GAP_MM
        }
    with (data / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["fold"] in folds]
    windows = [_window(data / "images" / row["file"]) for row in rows]
    planes = [PLANES.index(row["plane"]) for row in rows]  # type: ignore[arg-type]
    return np.array(windows), np.array(planes), np.array([told.get(row["file"], np.nan) for row in rows])


def _window(path: Path) -> NDArray[np.uint8]:
    picture = np.asarray(Image.open(path).convert("L"), dtype=np.float32)
    return (slice_window(picture) / BRIGHTEST * 255).round().astype(np.uint8)


def targets(planes: NDArray, levels: NDArray, spread: float) -> Tensor:
    """(N, bins) probabilities around each level."""
    near = np.exp(-0.5 * ((LEVEL_OF_BIN - np.nan_to_num(levels)[:, None]) / spread) ** 2)
    near *= planes[:, None] == PLANE_OF_BIN
    return torch.from_numpy((near / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)).astype(np.float32))


def train(
    network: LevelNetwork,
    real: tuple[NDArray, NDArray, NDArray],
    made: tuple[NDArray, NDArray, NDArray],
    steps: int,
) -> None:
    """Cross-entropy of plane and level; of the plane alone where no level is known. AdamW, one cosine."""
    own, other = (torch.from_numpy(part[0]) for part in (real, made))
    own_target, other_target = targets(*real[1:], REAL_MM), targets(*made[1:], SYNTHETIC_MM)
    own_plane = torch.from_numpy((real[1][:, None] == PLANE_OF_BIN).astype(np.float32))
    levelled = torch.from_numpy(np.isfinite(real[2]))
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.03)
    network.train()
    for step in range(steps):
        a, b = (torch.randint(len(part), (BATCH // 2,)) for part in (own, other))
        x = augmented(torch.cat([own[a], other[b]])).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(x)
        chance = logits.float().log_softmax(1)
        whole = -(torch.cat([own_target[a], other_target[b]]) * chance).sum(1)
        plane = -torch.logsumexp(chance[: BATCH // 2] + torch.log(own_plane[a] + 1e-9), 1)
        mine = torch.where(levelled[a], whole[: BATCH // 2], plane)
        loss = torch.cat([mine, whole[BATCH // 2 :]]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 250 == 0:
            print(f"step {step}: loss {loss.item():.3f}", flush=True)


def augmented(windows: Tensor) -> Tensor:
    """Turned, scaled, stretched, mirrored, shaded, noisy, with a hole: (N, 96, 96) bytes to (N, 1, 96, 96)."""
    n = len(windows)
    x = _moved(windows.float()[:, None] / 255 * BRIGHTEST)

    def spread(amount: float) -> Tensor:
        return torch.randn(n, 1, 1, 1) * amount

    ramp = torch.linspace(-1, 1, WINDOW_PX)
    x = x.clamp_min(1e-4) ** torch.exp(spread(0.2)) * torch.exp(spread(0.15))
    x = x * torch.exp(spread(0.15) * ramp[:, None] + spread(0.15) * ramp)
    if torch.rand(()) < 0.5:
        x = x + torch.randn(x.shape) * 0.04 * torch.rand(n, 1, 1, 1)
    row, column, height, width = (torch.rand(n, 1, 1, 1) * WINDOW_PX for _ in range(4))
    at = torch.arange(float(WINDOW_PX))
    hole = ((at[:, None] - row).abs() < 0.12 * height) & ((at - column).abs() < 0.12 * width)
    return torch.where(hole & (torch.rand(n, 1, 1, 1) < 0.4), torch.rand(n, 1, 1, 1) * 1.4, x)


def _moved(x: Tensor) -> Tensor:
    n = len(x)
    turn, scale, stretch = (
        torch.randn(n) * 0.1,
        torch.exp(torch.randn(n) * 0.06),
        torch.exp(torch.randn(n) * 0.04),
    )
    mirror = torch.where(torch.rand(n) < 0.5, 1.0, -1.0)
    rows = [
        torch.stack([turn.cos() * scale * stretch * mirror, -turn.sin() * scale, torch.randn(n) * 0.05], 1),
        torch.stack([turn.sin() * scale * mirror, turn.cos() * scale / stretch, torch.randn(n) * 0.05], 1),
    ]
    grid = functional.affine_grid(torch.stack(rows, 1), list(x.shape), align_corners=False)
    return functional.grid_sample(x, grid, align_corners=False)


def folded(network: LevelNetwork) -> dict[str, NDArray[np.float16]]:
    """Weights under the names that ``anatomy.level_network`` reads, batch norms inside the kernels."""
    out: dict[str, Tensor] = {}
    for number, (convolution, norm) in enumerate(network.c):  # type: ignore[misc]
        gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        out[f"c{number}.weight"] = convolution.weight * gain[:, None, None, None]
        out[f"c{number}.bias"] = norm.bias - norm.running_mean * gain
    for name in ("f1", "f2"):
        out[f"{name}.weight"], out[f"{name}.bias"] = (
            getattr(network, name).weight,
            getattr(network, name).bias,
        )
    return {name: np.ascontiguousarray(part.detach().half().numpy()) for name, part in out.items()}


if __name__ == "__main__":
    main()
