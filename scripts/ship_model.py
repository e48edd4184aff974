"""Make a cross-validated network the one that ships: half-size weights, its card, and the out-of-fold table.

    python scripts/ship_model.py DATA FINAL FOLD...

FINAL is the network of all patients, each FOLD one that left a fold out: folders that ``saliscribe train`` wrote.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from saliscribe.core.records.labelled import LabelledSlice
from saliscribe.io.labelled import read_labelled
from saliscribe.models.network import load_network, save_network
from saliscribe.models.places import CARD
from saliscribe.training.card import FIGSHARE, data_facts, make_card, write_card_page
from saliscribe.training.curves import draw_curves
from saliscribe.training.out_of_fold import Row, calibrate_rows, score_slices, temperature_of, write_rows
from saliscribe.training.settings import TrainSettings
from saliscribe.training.splits import split_by_patient
from saliscribe.training.train import split_in_words

HERE = Path(__file__).resolve().parent.parent
SHIPPED = HERE / "src" / "saliscribe" / "assets" / "default"
TABLE = HERE / "results" / "default" / "out_of_fold.csv"


def main(data: Path, final: Path, folds: list[Path]) -> None:
    """Write the shipped files; prints the figures of the card."""
    slices = read_labelled(data)
    rows = calibrate_rows([row for fold in folds for row in score_fold(slices, fold)])
    write_rows(rows, TABLE)
    settings = settings_of(final)
    words = split_in_words(split_by_patient(slices, None, 0.0, 0), settings, scored=True)
    facts = data_facts(slices, FIGSHARE)
    card = make_card("default", settings, facts, temperature_of(rows), rows, words, folds=len(folds))
    full = save_network(load_network(final, device="cpu").net, SHIPPED, card, half=True)
    write_card_page(full, SHIPPED / CARD)
    draw_curves(final, SHIPPED / "curves.png")
    print(json.dumps(full["metrics"], indent=2))


def score_fold(slices: Sequence[LabelledSlice], fold: Path) -> list[Row]:
    """The slices of the fold that this network left out, as today's code scores them."""
    split = split_by_patient(slices, settings_of(fold).test_fold, 0.0, 0)
    return score_slices(load_network(fold, device="cpu"), split.test)


def settings_of(folder: Path) -> TrainSettings:
    """The settings that a network was trained with."""
    return TrainSettings.model_validate_json((folder / "settings.json").read_text(encoding="utf-8"))


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(one) for one in sys.argv[3:]])
