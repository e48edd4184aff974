"""Copy the badges that a study measured for a network into the card of a model.

    python scripts/ship_badges.py STUDY NETWORK MODEL

STUDY is the folder of a study, NETWORK its name there, MODEL the folder with ``metadata.json``. The card must have the
accuracy that the study found: then its figures and the badges are of the same networks. A network that is shipped anew
has no badges until a study of it is copied.
"""

from __future__ import annotations

import json
import sys
from math import isclose
from pathlib import Path

from saliscribe.models.places import CARD, METADATA
from saliscribe.study.from_tables import BADGES
from saliscribe.training.card import write_card_page


def main(study: Path, network: str, model: Path) -> None:
    """Write card and page; prints the badges."""
    measured = json.loads((study / BADGES).read_text(encoding="utf-8"))
    entry, path = measured["networks"][network], model / METADATA
    card = json.loads(path.read_text(encoding="utf-8"))
    own = (card["metrics"] or {}).get("accuracy", {}).get("value")
    if measured["synthetic"] or own is None or not isclose(own, entry["accuracy"], abs_tol=1e-6):
        sys.exit(f"not of the same networks: the card's accuracy is {own}, the study's {entry['accuracy']}")
    card["saliency_trust"] = entry["saliency_trust"]
    path.write_text(json.dumps(card, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    write_card_page(card, model / CARD)
    print(json.dumps(entry["saliency_trust"], indent=2))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
