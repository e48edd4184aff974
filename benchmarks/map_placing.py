"""Maps drawn in the middles of their cells, as packages do, beside maps drawn where their fields look.

    python benchmarks/map_placing.py DATA MODEL... [--slices 60]

Each MODEL is a folder whose card names the fold that it left out and its ``field_offsets``; slices are of that fold,
drawn with seed 0. Per model and gradient method: how often the highest point lies in the tumour, the share of the map's
sum inside it, and the Dice of as many of the highest pixels as the tumour has; in cells, in fields, and the interval of
the difference (10,000 resamples of patients).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from saliscribe.core.names import CLASSES, CamMethod
from saliscribe.core.records.prepared import Crop
from saliscribe.core.windows import cut_window, paste_window
from saliscribe.io.labelled import read_labelled
from saliscribe.metrics.bootstrap import bootstrap_mean
from saliscribe.models.network import Network, load_network
from saliscribe.models.predict import predict
from saliscribe.preprocess.prepare_labelled import prepare_labelled
from saliscribe.saliency.attribute import Picture, attribute_batch
from saliscribe.saliency.normalise import min_max

METHODS: tuple[CamMethod, ...] = ("gradcam", "gradcam++")
NAMES = ("pointing", "energy inside", "Dice at true size")


def scores(heat: NDArray[np.float32], truth: NDArray[np.bool_]) -> dict[str, float]:
    """Pointing, energy inside and Dice at the tumour's size of one map (S, S)."""
    peak = np.unravel_index(heat.argmax(), heat.shape)
    highest = heat >= np.quantile(heat, 1.0 - truth.mean())
    return {
        NAMES[0]: float(truth[peak]),
        NAMES[1]: float((heat * truth).sum() / heat.sum()),
        NAMES[2]: float(2 * (highest & truth).sum() / (highest.sum() + truth.sum())),
    }


def rows_of(network: Network, data: Path, count: int) -> pd.DataFrame:
    """One row a slice, method and way of placing."""
    fold = network.card["settings"]["test_fold"]
    items = [one for one in read_labelled(data) if one.fold == fold]
    drawn = np.random.default_rng(0).permutation(len(items))[:count]
    size, rows = network.input_size, []
    for item in (items[at] for at in drawn):
        one, mask = prepare_labelled(item, size)
        truth = cut_window(np.asarray(mask, dtype=np.float32), one.crop, size) > 0.5
        target = CLASSES[int(np.argmax(predict(network, one).logits))]
        picture = Picture(one.network_input, one.crop, (one.grey.shape[0], one.grey.shape[1]), target)
        for method, found in attribute_batch(network.net, [picture], METHODS)[0].items():
            if not truth.any() or np.ptp(found.coarse) == 0:
                continue
            for placed, shift in {"cells": (0.0, 0.0), "fields": found.shift}.items():
                heat = paste_window(min_max(found.coarse), Crop(0, 0, size), (size, size), shift=shift)
                rows.append(
                    {"method": method, "placed": placed, "patient": item.patient, **scores(heat, truth)}
                )
    return pd.DataFrame(rows)


def told(before: pd.Series, after: pd.Series, patients: pd.Series) -> str:
    """Both means, and the interval of the mean difference."""
    gain = bootstrap_mean((after - before).to_list(), patients.to_list())
    return f"{before.mean():.3f}, {after.mean():.3f} ({gain.low:+.3f} to {gain.high:+.3f})"


def main() -> None:
    """Print a Markdown table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("data", type=Path)
    options.add_argument("models", type=Path, nargs="+")
    options.add_argument("--slices", type=int, default=60)
    given = options.parse_args()
    print(f"| network | method | offset, px | n | {' | '.join(NAMES)} |")
    print("|---|---|---|---|---|---|---|")
    for folder in given.models:
        network = load_network(folder, "cpu", "float32")
        for method, part in rows_of(network, given.data, given.slices).groupby("method"):
            offset = network.net.cam_offsets.get(network.net.cam_layers[method], (0.0, 0.0))
            cells, fields = (
                part[part["placed"] == how].reset_index(drop=True) for how in ("cells", "fields")
            )
            figures = [told(cells[name], fields[name], cells["patient"]) for name in NAMES]
            where = f"{offset[0]:+.1f}, {offset[1]:+.1f}"
            print(
                f"| {network.card['backbone']} | {method} | {where} | {len(cells)} | {' | '.join(figures)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
