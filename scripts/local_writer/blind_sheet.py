"""Sentences of the first drafts beside their facts, without any verdict: to be labelled by reading.

    python scripts/local_writer/blind_sheet.py FINDINGS drafts.jsonl --order order.txt --n 60 > sheet.txt

A sentence that a draft says twice is listed once. Labels are written down as ``draft,sentence,label,reason``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from write_drafts import kept

from saliscribe.core.language.split_text import split_text
from saliscribe.pipeline.read_findings import read_findings
from saliscribe.reporting.payload import payload


def sentences(reply: str) -> list[str]:
    """The distinct sentences of a draft in order, without its headings."""
    return list(dict.fromkeys(piece.text for piece in split_text(reply) if not piece.is_heading))


def main() -> None:
    """Print the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("findings", type=Path)
    parser.add_argument("drafts", type=Path)
    parser.add_argument("--order", type=Path, required=True)
    parser.add_argument("--n", type=int, default=60)
    options = parser.parse_args()
    drafts = kept(options.drafts)
    for name in options.order.read_text().split()[: options.n]:
        print(f"\n##### {name}")
        for fact in payload(read_findings(options.findings / name)).facts:
            if fact.state != "not assessed" and fact.id not in ("F1", "F3", "F10"):
                print(
                    f"  {fact.about} [{fact.state}]: {'; '.join(f'{k}={v}' for k, v in fact.values.items())}"
                )
        for number, sentence in enumerate(sentences(drafts[name]["reply"] or ""), start=1):
            print(f"{number:3d} {sentence}")


if __name__ == "__main__":
    main()
