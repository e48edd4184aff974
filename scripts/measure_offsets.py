"""Measure where the fields of trained networks look, and write it into their cards.

    python scripts/measure_offsets.py DATA MODEL...

``saliscribe train`` does this at its end; this is for networks of before. DATA is a labelled folder; slices of the fold
that a network left out are not looked at.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from saliscribe.io.labelled import read_labelled
from saliscribe.models.network import load_network
from saliscribe.models.places import CARD, METADATA
from saliscribe.training.card import write_card_page
from saliscribe.training.measured_offsets import measured_offsets


def main(data: Path, folders: list[Path]) -> None:
    """Adds ``field_offsets`` to every card; prints them."""
    slices = read_labelled(data)
    for folder in folders:
        network = load_network(folder, device="cpu")
        left_out = network.card["settings"]["test_fold"]
        seen = [one for one in slices if left_out is None or one.fold != left_out]
        found = measured_offsets(network.net, seen, network.input_size)
        card = {**network.card, "field_offsets": {layer: list(offset) for layer, offset in found.items()}}
        (folder / METADATA).write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        write_card_page(card, folder / CARD)
        print(folder, found)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), [Path(one) for one in sys.argv[2:]])
