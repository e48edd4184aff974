"""The tidy tables of a study: everything that its statistics need, and no pixel."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from saliscribe.errors import InputError
from saliscribe.study.cell_store import read_cell

#: Table -> what one row is.
TABLES = {
    "networks": "a network of the plan: trained or not, and from how many folds",
    "predictions": "a network and a slice: logits and the segmentation head's overlap",
    "masks": "a network, a slice, a mask source and a threshold rule: Dice, IoU, Hausdorff 95 in mm",
    "maps": "a network, a slice and a saliency method: pointing game and energy inside",
    "trust": "a network, a slice, a method and a map (its own or a null): insertion, deletion, pointing",
    "sanity": "a network, a slice, a method and a change of weights or input: likeness of the two maps",
    "costs": "a network: parameters, operations, time and memory",
    "reports": "a written report: wording, faithfulness and cost",
    "controls": "a control: near-duplicates across patients, or an accuracy with shuffled labels",
}
Tables = Mapping[str, pd.DataFrame]


def write_tables(tables: Tables, folder: Path) -> None:
    """CSV files, and Parquet beside them where pyarrow is installed."""
    folder.mkdir(parents=True, exist_ok=True)
    parquet = importlib.util.find_spec("pyarrow") is not None
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(_csv(table), encoding="utf-8")
        if parquet:
            table.to_parquet(folder / f"{name}.parquet", index=False)


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Every table of ``TABLES``; an empty one where a study has no such part.

    Raises:
        InputError: there is no table at all.
    """
    paths = {name: folder / f"{name}.csv" for name in TABLES}
    if not any(path.is_file() for path in paths.values()):
        raise InputError(
            "no tables of a study",
            where=str(folder),
            expected=", ".join(f"{name}.csv" for name in TABLES),
            do="give the folder that 'saliscribe study -o' wrote",
        )
    return {name: read_cell(path) if path.is_file() else pd.DataFrame() for name, path in paths.items()}


def _csv(table: pd.DataFrame) -> str:
    text = io.StringIO()
    table.to_csv(text, index=False, float_format="%.6g", lineterminator="\n")
    return text.getvalue()
