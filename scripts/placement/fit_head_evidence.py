"""Fit the factors of ``anatomy/head_evidence.py``: real slices of folds 1 to 4 against pictures made up without a head.

    python scripts/placement/fit_head_evidence.py --data ../shared/data/figshare

A logistic regression, both sides of equal weight; fold 4, which trained no network, counts as much as folds 1 to 3. The
constant is moved so that a hundredth of the slices lies below 0. Pictures whose brain would be flat are left out:
they are refused anyway.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from made_no_heads import cut_out, made
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression

from saliscribe.anatomy.candidates import Known
from saliscribe.anatomy.head_evidence import LARGEST_FLAT, evidence_parts
from saliscribe.anatomy.sighting import sighting
from saliscribe.anatomy.template_planes import warm_up

#: Every so many slices of a fold; shapes with textures; part of the slices below 0.
EVERY = {"1": 4, "2": 4, "3": 4, "4": 2}
MADE, REFUSED = 150, 0.01
Picture = tuple[NDArray[np.float32], NDArray[np.bool_]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data/figshare"))
    folder = parser.parse_args().data
    warm_up()
    early, late = _parts(_slices(folder, "123")), _parts(_slices(folder, "4"))
    none = _parts(
        (p, np.zeros(p.shape, dtype=bool)) for source in (made(11, MADE), cut_out(77)) for p in source
    )
    heads, table = np.vstack([early, late]), np.vstack([early, late, none])
    truth = np.arange(len(table)) < len(heads)
    weight = np.concatenate([np.full(len(part), 1 / len(part)) for part in (early, late, none)])
    weight[~truth] *= 2
    middle, spread = table.mean(axis=0), table.std(axis=0)
    fitted = LogisticRegression(C=10).fit((table - middle) / spread, truth, weight / weight.mean())
    factors = fitted.coef_[0] / spread
    constant = -float(np.quantile(heads @ factors, REFUSED))
    print("factors", np.round(factors, 2), "constant", round(constant, 2))
    for name, part in (("folds 1 to 3", early), ("fold 4", late), ("none", none)):
        print(name, len(part), "above 0:", int((part @ factors + constant >= 0).sum()))


def _parts(pictures: Iterable[Picture]) -> NDArray[np.float64]:
    settled = [seen.fits[0] for one in pictures if (seen := sighting(*one, Known(), may_turn=True))]
    return np.array([evidence_parts(fit) for fit in settled if fit.flat <= LARGEST_FLAT])


def _slices(folder: Path, folds: str) -> Iterator[Picture]:
    with (folder / "index.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    for fold in folds:
        for row in [row for row in rows if row["fold"] == fold][:: EVERY[fold]]:
            picture, mask = (
                Image.open(folder / part / row["file"]).convert("L") for part in ("images", "masks")
            )
            yield np.asarray(picture, dtype=np.float32), np.asarray(mask) > 0


if __name__ == "__main__":
    main()
