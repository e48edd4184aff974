"""Pictures of the worst cases: the slice, the true outline and the segmentation head's."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.io.encode import png_bytes
from saliscribe.masking.make_mask import mask_from_probability
from saliscribe.metrics.surface_distance import outline
from saliscribe.models.network import load_network
from saliscribe.models.predict import predict
from saliscribe.preprocess.prepare_labelled import prepare_labelled
from saliscribe.study.cell_store import CellStore
from saliscribe.study.choose_slices import StudyData
from saliscribe.study.find_networks import FoldNetwork, StudyNetwork
from saliscribe.study.score_cells import cell_key, fold_word

#: Colours of the outlines: truth green, head red.
TRUTH, HEAD = (26, 200, 90), (235, 64, 52)


def write_pictures(
    cases: Sequence[dict[str, Any]],
    data: StudyData,
    networks: Sequence[StudyNetwork],
    store: CellStore,
    folder: Path,
) -> None:
    """One PNG a case, named like its slice; where only a table of the network is here, none can be drawn."""
    items = {one.path.name: one for one in data.slices}
    chosen = tuple(items[case["file"]] for case in cases)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for network in networks:
        if cases and network.name == cases[0]["network"]:
            for one in network.folds:
                _write_fold(network.name, one, one.slices_of(chosen), store, folder)


def _write_fold(
    name: str, one: FoldNetwork, slices: Sequence[LabelledSlice], store: CellStore, folder: Path
) -> None:
    cell = store.rows(
        f"pictures/{name}/{fold_word(one)}", cell_key("pictures", one, slices), lambda: _drawn(one, slices)
    )
    for row in cell.to_dict("records"):
        path = folder / Path(str(row["file"])).with_suffix(".png").name
        path.write_bytes(base64.b64decode(str(row["png"])))


def _drawn(one: FoldNetwork, slices: Sequence[LabelledSlice]) -> list[dict[str, Any]]:
    network = load_network(one.folder, "auto", "float32")
    rows = []
    for item in slices:
        ready, truth = prepare_labelled(item, network.input_size)
        said = predict(network, ready)
        head = None
        if said.tumour_probability is not None:
            head = mask_from_probability(said.tumour_probability, ready.brain).pixels
        png = png_bytes(draw(ready.grey, truth, head))
        rows.append({"file": item.path.name, "png": base64.b64encode(png).decode()})
    return rows


def draw(
    grey: NDArray[np.float32], truth: NDArray[np.bool_] | None, head: NDArray[np.bool_] | None
) -> NDArray[np.uint8]:
    """Grey in [0, 1] with the two outlines, (rows, columns, 3)."""
    pixels = np.repeat((np.clip(grey, 0.0, 1.0) * 255.0).astype(np.uint8)[:, :, None], 3, axis=2)
    for mask, colour in ((truth, TRUTH), (head, HEAD)):
        if mask is not None:
            pixels[outline(mask)] = colour
    return pixels
